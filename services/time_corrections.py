"""Time that was not measured: declared by learners, corrected by administrators, never mixed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from domain.outline import ItemOutline
from domain.refusals import Conflict, Invalid, NotFound
from domain.time_record import Evidence
from extensions import db
from models import Enrollment, Person, TimeAdjustment, TimeCorrection
from services import accommodations, audit, editions, mail, mail_texts, recorded_time
from services.audit import Actor
from services.enrollments import Study
from services.time_record import lock_timeline

PAGE = 50
T = TypeVar("T", TimeCorrection, TimeAdjustment)
LONGEST = timedelta(hours=12)
OTHER_STUDY = "At this time other study is recorded already. Choose the time when you read."


@dataclass(frozen=True)
class Stated:
    """What a learner says about study that is not in the record. `item_slug` may be empty.

    `intent` is the form's own mark: sent twice, it is kept once.
    """

    item_slug: str
    began_at: datetime
    length: timedelta
    reason: str
    intent: str


@dataclass(frozen=True)
class Case:
    """A request for a correction, with whose it is and the course it concerns."""

    correction: TimeCorrection
    learner: Person
    study: Study

    @property
    def item(self) -> ItemOutline | None:
        items = self.study.outline.items()
        return next((item for item in items if item.id == self.correction.item_id), None)


def request_correction(study: Study, stated: Stated, actor: Actor, now: datetime) -> TimeCorrection:
    """Ask for a correction, which an administrator decides. Raises Invalid by the form's field."""
    made = _find_made(TimeCorrection, stated, actor)
    if made is not None:
        return made
    item = _find_item(study, stated.item_slug)
    _refuse_impossible(study, stated, now)
    correction = TimeCorrection(
        enrollment_id=study.enrollment.id,
        unit_number=item.unit_number if item else None,
        item_id=item.id if item else None,
        began_at=stated.began_at,
        seconds=_seconds(stated.length),
        reason=stated.reason,
        requested_at=now,
        intent=_own_intent(stated, actor),
        decision_reason="",
    )
    return _add_once(correction, stated, actor, "time.correction-requested")


def declare(study: Study, stated: Stated, actor: Actor, now: datetime) -> TimeAdjustment:
    """Note time studied away from the screen, as the learner states it.

    It is bound to an item, at most the item's minutes times the learner's time factor in all, and
    lies beside whatever else is recorded. Raises Invalid by the form's field, Conflict once the
    course is complete or ended.
    """
    made = _find_made(TimeAdjustment, stated, actor)
    if made is not None:
        return made
    if not study.can_record(now):
        raise Conflict("This course is complete or ended: time is no longer recorded.")
    item = _find_item(study, stated.item_slug)
    if item is None:
        raise Invalid("item", "Choose what you read away from the screen.")
    _refuse_impossible(study, stated, now)
    lock_timeline(study.enrollment.person_id)
    _refuse_more_than_minutes(study, item, stated, now)
    _refuse_overlap(study, stated)
    adjustment = TimeAdjustment(
        enrollment_id=study.enrollment.id,
        evidence=Evidence.DECLARED.value,
        unit_number=item.unit_number,
        item_id=item.id,
        began_at=stated.began_at,
        seconds=_seconds(stated.length),
        reason=stated.reason,
        by_id=actor.person_id,
        recorded_at=now,
        intent=_own_intent(stated, actor),
    )
    return _add_once(adjustment, stated, actor, "time.declared")


def decide(
    case: Case, minutes: int | None, reason: str, actor: Actor, base_url: str, now: datetime
) -> None:
    """Grant a signed number of minutes, or refuse (None), with a reason; once.

    The measured intervals stay untouched. Raises Conflict where it has been decided already, and
    Invalid where the record would fall below nothing or exceed the time since enrollment.
    """
    lock_timeline(case.learner.id)
    correction = db.session.scalars(
        select(TimeCorrection)
        .where(TimeCorrection.id == case.correction.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if correction.decided_at is not None:
        raise Conflict("This request has been decided already.")
    if minutes is not None:
        _adjust(case, minutes * 60, reason, actor, now)
    correction.decision = "refused" if minutes is None else "granted"
    correction.decision_reason = reason
    correction.decided_at, correction.decided_by_id = now, actor.person_id
    db.session.flush()
    audit.record_act(
        actor,
        "time.correction-decided",
        f"time-correction:{correction.id}",
        decision=correction.decision,
        seconds=(minutes or 0) * 60,
    )
    _tell_learner(case, base_url)


def list_corrections(enrollment_id: int) -> list[TimeCorrection]:
    """An enrollment's requests, the newest first."""
    return list(
        db.session.scalars(
            select(TimeCorrection)
            .where(TimeCorrection.enrollment_id == enrollment_id)
            .order_by(TimeCorrection.id.desc())
        )
    )


def list_waiting() -> list[Case]:
    """Every request without a decision, the oldest first."""
    query = _CASES.where(TimeCorrection.decided_at.is_(None)).order_by(TimeCorrection.id)
    return _read_cases(query)


def list_decided() -> list[Case]:
    """The latest decisions, the newest first."""
    query = _CASES.where(TimeCorrection.decided_at.is_not(None))
    return _read_cases(query.order_by(TimeCorrection.decided_at.desc()).limit(PAGE))


def get_case(correction_id: int) -> Case:
    """One request. Raises NotFound."""
    found = _read_cases(_CASES.where(TimeCorrection.id == correction_id))
    if not found:
        raise NotFound("There is no such request.")
    return found[0]


_CASES = (
    select(TimeCorrection, Person, Enrollment)
    .join(Enrollment, Enrollment.id == TimeCorrection.enrollment_id)
    .join(Person, Person.id == Enrollment.person_id)
)


def _read_cases(query: Select[TimeCorrection, Person, Enrollment]) -> list[Case]:
    return [
        Case(correction, person, Study(enrollment, editions.get_outline(enrollment.edition_id)))
        for correction, person, enrollment in db.session.execute(query)
    ]


def _adjust(case: Case, seconds: int, reason: str, actor: Actor, now: datetime) -> None:
    correction = case.correction
    if seconds == 0:
        raise Invalid("minutes", "Enter how many minutes to add, or to take away with a minus.")
    _refuse_false_total(case, seconds, now)
    db.session.add(
        TimeAdjustment(
            enrollment_id=correction.enrollment_id,
            evidence=Evidence.ADJUSTED.value,
            unit_number=correction.unit_number,
            item_id=correction.item_id,
            began_at=correction.began_at,
            seconds=seconds,
            reason=reason,
            by_id=actor.person_id,
            recorded_at=now,
            correction_id=correction.id,
        )
    )
    db.session.flush()


def _refuse_false_total(case: Case, seconds: int, now: datetime) -> None:
    """A place never falls below nothing; all together never exceeds the time that passed."""
    enrollment = case.study.enrollment
    by_place = recorded_time.seconds_by_place(enrollment.id, with_declared=True)
    place = (case.correction.unit_number, case.correction.item_id)
    if by_place.get(place, 0) + seconds < 0:
        raise Invalid("minutes", "There is less time recorded there than you take away.")
    if sum(by_place.values()) + seconds > (now - enrollment.enrolled_at).total_seconds():
        raise Invalid("minutes", "This is more than the time since the learner enrolled.")


def _refuse_impossible(study: Study, stated: Stated, now: datetime) -> None:
    if stated.began_at < study.enrollment.enrolled_at:
        raise Invalid("day", "This is before you enrolled in the course.")
    if not timedelta(0) < stated.length <= LONGEST:
        raise Invalid(
            "minutes", "Enter from 1 to 720 minutes. For more, ask again for another day."
        )
    if stated.began_at + stated.length > now:
        raise Invalid("minutes", "This would end later than now.")


def _refuse_more_than_minutes(
    study: Study, item: ItemOutline, stated: Stated, now: datetime
) -> None:
    enrollment = study.enrollment
    effect = accommodations.get_effect(enrollment.person_id, enrollment.course_id, now)
    allowed = effect.lengthen(timedelta(minutes=item.minutes))
    declared = db.session.scalar(
        select(func.coalesce(func.sum(TimeAdjustment.seconds), 0)).where(
            TimeAdjustment.enrollment_id == enrollment.id,
            TimeAdjustment.item_id == item.id,
            TimeAdjustment.evidence == Evidence.DECLARED.value,
        )
    )
    left = allowed - timedelta(seconds=int(declared or 0))
    if stated.length > left:
        minutes = int(left.total_seconds() // 60)
        raise Invalid("minutes", f"Of this item, {minutes} more minutes can be declared.")


def _refuse_overlap(study: Study, stated: Stated) -> None:
    end = stated.began_at + stated.length
    for line in recorded_time.list_lines(study.enrollment.id):
        if line.evidence == Evidence.ADJUSTED.value:
            continue
        line_end = line.ended_at or line.started_at + timedelta(seconds=line.seconds)
        if line.started_at < end and stated.began_at < line_end:
            raise Invalid("clock", OTHER_STUDY)


def _find_item(study: Study, slug: str) -> ItemOutline | None:
    item = next((item for item in study.outline.items() if item.slug == slug), None)
    if slug and item is None:
        raise Invalid("item", "Choose an item of this course.")
    return item


def _add_once(row: T, stated: Stated, actor: Actor, kind: str) -> T:
    """Add a row unless its intent has been kept meanwhile; audited once."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        made = _find_made(type(row), stated, actor)
        if made is None:
            raise Conflict("This could not be saved. Please try again.") from error
        return made
    subject = f"{row.__tablename__.replace('_', '-')}:{row.id}"
    audit.record_act(actor, kind, subject, seconds=row.seconds, item_id=row.item_id)
    return row


def _find_made(kind: type[T], stated: Stated, actor: Actor) -> T | None:
    intent = _own_intent(stated, actor)
    return db.session.scalar(select(kind).where(kind.intent == intent)) if intent else None


def _own_intent(stated: Stated, actor: Actor) -> str | None:
    return f"{actor.person_id}-{stated.intent}"[:80] if stated.intent else None


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())


def _tell_learner(case: Case, base_url: str) -> None:
    outline = case.study.outline
    link = f"{base_url}/learn/{outline.slug}/time#corrections"
    text = mail_texts.correction_decided(case.learner.name_on_license, outline.title, link)
    mail.queue(case.learner.email, text.subject, text.body)
