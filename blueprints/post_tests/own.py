"""A learner's own attempt as a request finds it: closed where its time is up."""

from dataclasses import dataclass
from datetime import datetime

import clock
from blueprints.http import identity, write_meanwhile
from services import attempts, deadlines
from services.attempts import AttemptInCourse


@dataclass(frozen=True)
class Deadline:
    """Context of the region `_deadline.html`. `seconds_left` is whole, for the countdown."""

    closes_at: datetime
    seconds_left: int


def get_own(attempt_id: int) -> AttemptInCourse:
    """The attempt of whoever asks; one whose time is up is closed first. Raises NotFound."""
    person_id, now = identity().person_id, clock.now()
    own = attempts.get_attempt_for(person_id, attempt_id)
    if not deadlines.is_overdue(own, now):
        return own
    write_meanwhile(lambda: _close(person_id, attempt_id, now))
    return attempts.get_attempt_for(person_id, attempt_id)


def find_deadline(own: AttemptInCourse) -> Deadline | None:
    """When the attempt closes; None where it is untimed or over."""
    now = clock.now()
    if own.is_submitted:
        return None
    return as_deadline(deadlines.find_deadline_of(own.attempt, own.study, now), now)


def as_deadline(closes_at: datetime | None, now: datetime) -> Deadline | None:
    if closes_at is None:
        return None
    return Deadline(closes_at, max(0, int((closes_at - now).total_seconds())))


def _close(person_id: int, attempt_id: int, now: datetime) -> bool:
    return deadlines.close_if_overdue(attempts.get_attempt_for(person_id, attempt_id), now)
