"""The hot path of time-record.md: a sign of presence that only grows the learner's open interval.

One statement (`growing_rule`), no lock but the row's own.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, bindparam

from domain.time_record import MAX_GAP, Evidence, whole_second
from models import StudyInterval
from services import growing_together, plain_rows
from services.accounts import session_parameters
from services.growing_rule import growing


@dataclass(frozen=True)
class Sent:
    """A sign of presence as a page sent it. `final` and `stops` as in `domain.time_record.Sign`."""

    page_view_id: int
    evidence: Evidence
    seq: int
    final: bool = False
    stops: bool = False

    @property
    def is_last(self) -> bool:
        return self.final or self.stops


@dataclass(frozen=True)
class Growing:
    """The interval that a sign has grown."""

    interval_id: int
    started_at: datetime
    ended_at: datetime

    @property
    def seconds(self) -> int:
        return int((self.ended_at - self.started_at).total_seconds())


_GROW = growing(bindparam).returning(
    StudyInterval.id, StudyInterval.started_at, StudyInterval.ended_at
)


def grow(person_id: int, sent: Sent, now: datetime) -> Growing | None:
    """The open interval, grown to `now` (a whole second); None where it does not simply grow.

    Then it is not locked either.
    """
    rows = plain_rows.change(_GROW, _parameters(person_id, sent, now))
    return Growing(*rows[0]) if rows else None


def grow_in_session(
    engine: Engine, session_token: str, person_id: int, sent: Sent, now: datetime
) -> Growing | None:
    """As `grow`, for somebody whose login is not known yet: both in the one statement.

    Committed when it returns, with the signs that come at the same time. None, and nothing
    written, where the interval does not simply grow, where another process is changing it, or
    where the session token is not this person's, live and of an active account.
    """
    parameters = _parameters(person_id, sent, whole_second(now))
    row = growing_together.grow(engine, {**parameters, **session_parameters(session_token)})
    return Growing(*row) if row else None


def _parameters(person_id: int, sent: Sent, now: datetime) -> dict[str, object]:
    return {
        "person": person_id,
        "view": sent.page_view_id,
        "kind": sent.evidence.value,
        "seq": sent.seq,
        "earliest": now - MAX_GAP[sent.evidence],
        "now": now,
        "final": sent.final,
    }
