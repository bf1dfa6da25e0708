"""Rosters for boards: who is to be reported under an approval, and who has been.

A learner is in one roster of a body for one enrollment, and never in a second one while the first
counts: a unique index holds that, whoever asks twice. A roster that was not accepted is withdrawn,
and its learners wait again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from domain.refusals import Conflict, Invalid, NotFound
from extensions import db
from models import (
    AuditEvent,
    BoardRoster,
    BoardRosterEntry,
    Certificate,
    CertificateEvent,
    Enrollment,
    Person,
)
from services import audit
from services.audit import Actor
from services.certificate_documents import whole_facts
from services.provider import list_all_approvals

HEADS = (
    "external_course_id", "title", "email", "first_name", "last_name", "profession",
    "license_state", "license_number", "enrollment_start", "enrollment_end", "credits",
    "credit_type", "complete", "date_completed", "certificate_no",
)  # fmt: skip
"""The generic columns that boards and their services read (ce-rules.md §6)."""
MOST_LINES = 5_000
LATEST = 200
"""So many of the newest certificates are looked at to say how many wait; so many rosters listed."""
AT_ONCE = 500
M = TypeVar("M", Person, Enrollment)


@dataclass(frozen=True)
class Waiting:
    """A line of approvals with how many enrollments are still to be reported under it."""

    line: str
    body: str
    learners: int


def list_waiting() -> list[Waiting]:
    """Every line of approvals with those of the LATEST certificates in no roster of it, by body.

    Not counted in all, so that the page never slows; a roster is made of all who wait.
    """
    counts: dict[str, int] = {}
    newest = db.session.scalars(select(Certificate).order_by(Certificate.id.desc()).limit(LATEST))
    for _, credit in _unreported(newest.all()):
        counts[credit["line"]] = counts.get(credit["line"], 0) + 1
    return [Waiting(one.line, one.body, counts.get(one.line, 0)) for one in list_lines()]


def list_lines() -> list[Waiting]:
    """Every line of approvals with its body, nobody counted."""
    bodies = {row.line: row.body for row in list_all_approvals()}
    return [Waiting(line, bodies[line], 0) for line in sorted(bodies)]


def make_roster(line: str, since: date, intent: str, actor: Actor, now: datetime) -> BoardRoster:
    """Make a roster of all who completed since a day and wait under a line, MOST_LINES at most.

    The earliest come first, so that a second roster goes on where this one ends. A repeated intent
    finds the roster made before.

    Raises Invalid (field `line`) where there is no such line or nobody waits.
    """
    own = f"{actor.person_id}-{intent}"[:64]
    made = db.session.scalar(select(BoardRoster).where(BoardRoster.intent == own))
    if made is not None:
        return made
    found = list(islice(_waiting_for(line, since), MOST_LINES))
    if not found:
        raise Invalid("line", "Nobody waits to be reported to this body.")
    roster = BoardRoster(
        approval_line=line,
        body=found[-1][1]["body"],
        heads=list(HEADS),
        lines=0,
        intent=own,
        made_by_id=actor.person_id,
        made_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(roster)
            db.session.flush()
            roster.lines = _add_entries(roster, found)
    except IntegrityError as error:
        raise Conflict("Somebody else has just made this roster. Look at the list.") from error
    _record("roster.made", roster, actor, {"lines": roster.lines})
    return roster


def list_rosters() -> list[BoardRoster]:
    """The latest LATEST rosters."""
    query = select(BoardRoster).order_by(BoardRoster.id.desc()).limit(LATEST)
    return list(db.session.scalars(query))


def get_roster(roster_id: int) -> BoardRoster:
    """Raises NotFound."""
    found = db.session.get(BoardRoster, roster_id)
    if found is None:
        raise NotFound("There is no such roster.")
    return found


def list_rows(roster_id: int, most: int | None = None) -> list[list[Any]]:
    """The cells of a roster as they were when it was made, for good; the first `most`, or all."""
    query = (
        select(BoardRosterEntry.cells)
        .where(BoardRosterEntry.roster_id == roster_id)
        .order_by(BoardRosterEntry.position, BoardRosterEntry.id)
    )
    return list(db.session.scalars(query.limit(most)))


def mark_sent(roster_id: int, receipt: str, actor: Actor, now: datetime) -> BoardRoster:
    """Note that a roster was sent, with the board's receipt. Raises Conflict if withdrawn."""
    roster = _lock(roster_id)
    if roster.withdrawn_at is not None:
        raise Conflict("This roster was withdrawn. Make a new one.")
    if roster.sent_at is None:
        roster.sent_at, roster.receipt = now, receipt or None
        db.session.flush()
        _record("roster.sent", roster, actor, {"receipt": receipt})
    return roster


def withdraw(roster_id: int, reason: str, actor: Actor, now: datetime) -> BoardRoster:
    """Take back a roster that was not accepted: its learners wait again. Once."""
    roster = _lock(roster_id)
    if roster.withdrawn_at is None:
        roster.withdrawn_at = now
        for entry in db.session.scalars(
            select(BoardRosterEntry).where(BoardRosterEntry.roster_id == roster.id)
        ):
            entry.is_counted = False
        db.session.flush()
        facts = {"lines": roster.lines, "reason": reason}
        _record("roster.withdrawn", roster, actor, facts)
    return roster


def get_withdrawal_reason(roster_id: int) -> str:
    """Why a roster was withdrawn, as the audit log has it; nothing if it was not."""
    withdrawn = select(AuditEvent.facts).where(
        AuditEvent.subject == f"roster:{roster_id}", AuditEvent.kind == "roster.withdrawn"
    )
    return str((db.session.scalar(withdrawn) or {}).get("reason", ""))


def _lock(roster_id: int) -> BoardRoster:
    found = db.session.get(BoardRoster, roster_id, with_for_update=True)
    if found is None:
        raise NotFound("There is no such roster.")
    return found


Credited = tuple[Certificate, dict[str, Any]]
"""A valid certificate and one of its credits."""


def _waiting_for(line: str, since: date) -> Iterator[Credited]:
    """Who completed since a day and is not reported under a line, read AT_ONCE at a time."""
    after: tuple[date, int] = (since, 0)
    while True:
        query = (
            select(Certificate)
            .where(
                Certificate.completed_on >= after[0],
                or_(Certificate.completed_on > after[0], Certificate.id > after[1]),
            )
            .order_by(Certificate.completed_on, Certificate.id)
        )
        read = db.session.scalars(query.limit(AT_ONCE)).all()
        yield from (one for one in _unreported(read) if one[1]["line"] == line)
        if len(read) < AT_ONCE:
            return
        after = (read[-1].completed_on, read[-1].id)


def _unreported(certificates: Sequence[Certificate]) -> list[Credited]:
    """Of some certificates the valid ones, with each credit not reported under its line."""
    ended = set(
        db.session.scalars(
            select(CertificateEvent.certificate_id).where(
                CertificateEvent.certificate_id.in_([one.id for one in certificates]),
                CertificateEvent.kind.in_(("superseded", "revoked")),
            )
        )
    )
    counted = select(BoardRosterEntry.enrollment_id, BoardRosterEntry.approval_line).where(
        BoardRosterEntry.enrollment_id.in_([one.enrollment_id for one in certificates]),
        BoardRosterEntry.is_counted,
    )
    reported = {(enrollment_id, line) for enrollment_id, line in db.session.execute(counted)}
    return [
        (certificate, credit)
        for certificate in certificates
        if certificate.id not in ended
        for credit in whole_facts(certificate)["credits"]
        if credit["line"] and (certificate.enrollment_id, credit["line"]) not in reported
    ]


def _add_entries(roster: BoardRoster, found: list[tuple[Certificate, dict[str, Any]]]) -> int:
    """One row for each license that the body is for; one without a license where there is none."""
    professions = {
        name for row in list_all_approvals() if row.line == roster.approval_line
        for name in row.professions
    }  # fmt: skip
    people = _by_id(Person, [certificate.person_id for certificate, _ in found])
    enrollments = _by_id(Enrollment, [certificate.enrollment_id for certificate, _ in found])
    position = 0
    for certificate, credit in found:
        person, enrollment = people[certificate.person_id], enrollments[certificate.enrollment_id]
        for number, license in enumerate(_licenses(certificate, professions)):
            position += 1
            db.session.add(
                BoardRosterEntry(
                    roster_id=roster.id,
                    enrollment_id=certificate.enrollment_id,
                    certificate_id=certificate.id,
                    approval_line=roster.approval_line,
                    position=position,
                    cells=_cells(certificate, credit, license, person, enrollment),
                    is_counted=number == 0,
                )
            )
    db.session.flush()
    return position


def _by_id(model: type[M], ids: list[int]) -> dict[int, M]:
    """Rows by their id, read AT_ONCE at a time instead of one by one."""
    found: dict[int, M] = {}
    for start in range(0, len(ids), AT_ONCE):
        query = select(model).where(model.id.in_(ids[start : start + AT_ONCE]))
        found |= {row.id: row for row in db.session.scalars(query)}
    return found


def _licenses(certificate: Certificate, professions: set[str]) -> list[dict[str, str]]:
    printed: list[dict[str, str]] = certificate.facts["licenses"]
    fitting = [one for one in printed if one["profession"] in professions]
    return fitting or printed[:1] or [{"profession": "", "jurisdiction": "", "number": ""}]


def _cells(
    certificate: Certificate,
    credit: dict[str, Any],
    license: dict[str, str],
    person: Person,
    enrollment: Enrollment,
) -> list[Any]:
    facts = certificate.facts
    first, last = split_name(facts["name"])
    return [
        credit.get("course_number") or facts["course"]["code"],
        facts["course"]["title"],
        person.email,
        first,
        last,
        license["profession"],
        license["jurisdiction"],
        license["number"],
        enrollment.enrolled_at.isoformat(timespec="seconds"),
        certificate.completed_at.isoformat(timespec="seconds"),
        credit["hours"],
        credit["unit_word"],
        "1",
        certificate.completed_on.isoformat(),
        certificate.number,
    ]


def split_name(name: str) -> tuple[str, str]:
    """First and last name of a name as on a license, degrees behind a comma left out."""
    plain = name.split(",")[0]
    first, _, last = plain.rpartition(" ")
    return (first, last) if first else (plain, "")


def _record(kind: str, roster: BoardRoster, actor: Actor, facts: dict[str, Any]) -> None:
    audit.record(
        kind,
        actor_id=actor.person_id,
        subject=f"roster:{roster.id}",
        request_id=actor.request_id,
        facts={"line": roster.approval_line, **facts},
    )
