"""Credit worksheets: the figures behind an edition's hours, approved, kept, compared with today."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from domain import credit_worksheet
from domain.credit_worksheet import DEFAULT_RATE, METHODS, Inputs, Results
from domain.outline import Outline
from domain.refusals import Conflict, Invalid
from extensions import db
from models import CreditWorksheet, Edition, Person
from services import audit
from services.audit import Actor
from services.time_reports import measured_minutes

LEAST_LEARNERS = 5


@dataclass(frozen=True)
class Worksheet:
    """An edition's figures as they are today, beside the latest that somebody approved.

    `changed` says what the approval was calculated with and is no longer so.
    """

    outline: Outline
    inputs: Inputs
    results: Results
    warnings: list[str]
    approved: CreditWorksheet | None
    approver: str
    changed: list[str]


def get_worksheet(outline: Outline, typed: Inputs | None = None) -> Worksheet:
    """The worksheet with what staff typed, or with what was approved last."""
    approved = find_approved(outline.edition_id)
    previous = credit_worksheet.read_inputs(approved.inputs) if approved else None
    inputs = typed or gather(outline, previous)
    results = credit_worksheet.calculate(inputs)
    approver = db.session.get(Person, approved.approver_id) if approved else None
    return Worksheet(
        outline=outline,
        inputs=inputs,
        results=results,
        warnings=credit_worksheet.list_warnings(inputs, results),
        approved=approved,
        approver=approver.name_on_license if approver else "",
        changed=_list_changes(outline, approved, previous),
    )


def gather(outline: Outline, previous: Inputs | None = None) -> Inputs:
    """The figures of the edition itself; rate, difficulty and pilot as approved before."""
    required = [item for item in outline.items() if item.required]
    seconds = sum(
        item.details["media"]["duration"] for item in required if item.details.get("media")
    )
    measured, learners = _measured(outline.edition_id)
    return Inputs(
        declared=outline.minutes,
        media=round(seconds / 60, 1),
        words=sum(item.words for item in required if not item.is_recording),
        questions=sum(unit.draw for unit in outline.units),
        rate=previous.rate if previous else DEFAULT_RATE,
        difficulty=previous.difficulty if previous else 3,
        pilot=previous.pilot if previous else (),
        measured=measured,
        measured_learners=learners,
    )


def _measured(edition_id: int) -> tuple[float | None, int]:
    """The median measured minutes of those who completed the edition last, and how many they are.

    Fewer than LEAST_LEARNERS tell about persons, not about a course: then there is no median.
    """
    minutes, learners = measured_minutes(edition_id)
    if minutes is None or learners < LEAST_LEARNERS:
        return None, learners
    return float(minutes), learners


def approve(
    outline: Outline, inputs: Inputs, method: str, reason: str, actor: Actor, now: datetime
) -> CreditWorksheet:
    """Keep a calculation as approved. Raises Invalid (field `method`) for one without a figure."""
    results = credit_worksheet.calculate(inputs)
    if method not in METHODS or results.by_method()[method] is None:
        raise Invalid("method", "This method has no figure. Choose one that has.")
    latest = db.session.scalar(
        select(func.max(CreditWorksheet.number)).where(
            CreditWorksheet.edition_id == outline.edition_id
        )
    )
    row = CreditWorksheet(
        edition_id=outline.edition_id,
        number=(latest or 0) + 1,
        content_hash=outline.content_hash,
        method=method,
        inputs={**asdict(inputs), "pilot": list(inputs.pilot)},
        results={
            **asdict(results),
            "warnings": credit_worksheet.list_warnings(inputs, results),
        },
        reason=reason,
        approver_id=actor.person_id,
        approved_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise Conflict("Somebody else has just approved a worksheet of this edition.") from error
    audit.record(
        "credit_worksheet.approved",
        actor_id=actor.person_id,
        subject=f"edition:{outline.edition_id}",
        request_id=actor.request_id,
        facts={"number": row.number, "method": method},
    )
    return row


def find_approved(edition_id: int) -> CreditWorksheet | None:
    """The worksheet of an edition that was approved last."""
    return db.session.scalar(
        select(CreditWorksheet)
        .where(CreditWorksheet.edition_id == edition_id)
        .order_by(CreditWorksheet.number.desc())
        .limit(1)
    )


def find_approved_earlier(outline: Outline) -> CreditWorksheet | None:
    """The latest worksheet of an earlier edition of the same course."""
    return db.session.scalar(
        select(CreditWorksheet)
        .join(Edition, Edition.id == CreditWorksheet.edition_id)
        .where(Edition.course_id == outline.course_id, Edition.id != outline.edition_id)
        .order_by(CreditWorksheet.id.desc())
        .limit(1)
    )


def list_approved(edition_id: int) -> list[tuple[CreditWorksheet, str]]:
    """Every worksheet of an edition with who approved it, the latest first."""
    rows = db.session.execute(
        select(CreditWorksheet, Person.name_on_license)
        .join(Person, Person.id == CreditWorksheet.approver_id)
        .where(CreditWorksheet.edition_id == edition_id)
        .order_by(CreditWorksheet.number.desc())
    )
    return [(row, name) for row, name in rows]


def _list_changes(
    outline: Outline, approved: CreditWorksheet | None, previous: Inputs | None
) -> list[str]:
    if approved is None or previous is None:
        earlier = find_approved_earlier(outline)
        if earlier is None:
            return []
        return ["The content has changed since the last worksheet, which is of an earlier edition."]
    now = gather(outline, previous)
    found = []
    if now.measured is not None and credit_worksheet.is_apart(
        now.measured, previous.measured or float(previous.declared)
    ):
        minutes = credit_worksheet.shown(now.measured)
        found.append(f"The median measured time is now {minutes} minutes.")
    if approved.content_hash != outline.content_hash:
        found.append("The content has changed since it was approved.")
    return found
