"""Approvals as staff see and edit them: lines of renewals, what ends soon, every edit kept."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from domain.refusals import Invalid, NotFound
from extensions import db
from models import Approval, ApprovalChange, ApprovingBody, Person
from services import audit, editions
from services.audit import Actor

SOON = timedelta(days=180)
FIELDS = (
    "body", "body_id", "number", "unit_word", "statement", "hour_minutes", "increment", "minimum",
    "maximum", "daily_maximum", "valid_from", "valid_until", "professions", "course_id",
    "course_number", "wordings", "source", "checked_on", "unconfirmed",
)  # fmt: skip
"""What is edited, and what the history compares."""


@dataclass(frozen=True)
class ApprovalLine:
    """An approval with how it stands on a day, and the courses on offer that it is for."""

    approval: Approval
    standing: str
    days_left: int
    is_renewed: bool
    courses: tuple[str, ...]

    @property
    def ends_soon(self) -> bool:
        """Whether it ends within 180 days and nothing follows it."""
        in_force = self.standing == "in force" and self.days_left <= SOON.days
        return in_force and not self.is_renewed


def list_approvals(today: date) -> list[ApprovalLine]:
    """Every approval, those that end soonest first, then the ended ones, latest first."""
    rows = list(db.session.scalars(select(Approval).order_by(Approval.valid_until, Approval.id)))
    offered = editions.list_current_outlines()
    lines = [_line(row, rows, offered, today) for row in rows]
    ended = [line for line in lines if line.standing == "ended"]
    return [line for line in lines if line.standing != "ended"] + ended[::-1]


def get_approval(approval_id: str) -> Approval:
    """Raises NotFound."""
    found = db.session.get(Approval, approval_id)
    if found is None:
        raise NotFound("There is no such approval.")
    return found


def list_bodies() -> list[ApprovingBody]:
    """The profiles of bodies: national ones first, then boards, by name."""
    query = select(ApprovingBody).order_by(ApprovingBody.kind, ApprovingBody.name)
    return list(db.session.scalars(query))


def get_body(body_id: str) -> ApprovingBody:
    """Raises NotFound."""
    found = db.session.get(ApprovingBody, body_id)
    if found is None:
        raise NotFound("There is no such profile of a body.")
    return found


def list_changes(kind: str, subject_id: str) -> list[tuple[ApprovalChange, str | None]]:
    """The history of an approval or body, newest first, each edit with who made it."""
    rows = db.session.execute(
        select(ApprovalChange, Person.name_on_license)
        .outerjoin(Person, Person.id == ApprovalChange.actor_id)
        .where(ApprovalChange.subject_kind == kind, ApprovalChange.subject_id == subject_id)
        .order_by(ApprovalChange.id.desc())
    )
    return [(change, name) for change, name in rows]


def add_approval(
    values: dict[str, Any], reason: str, actor: Actor, now: datetime, renews: str = ""
) -> Approval:
    """Record a new approval, or the renewal of another. `values` has the keys of FIELDS.

    Raises Invalid (field `valid_until`) for a period that runs backward, (field `valid_from`) for
    a renewal that begins before the one it renews.
    """
    _check_period(values)
    line = get_approval(renews).line if renews else None
    latest = _latest_start(line) if line else None
    if latest is not None and values["valid_from"] <= latest:
        raise Invalid("valid_from", "A renewal begins later than the approval that it renews.")
    added = Approval(id=_new_id(line or _as_id(values["body"])), series=line, edited_at=now)
    _set(added, values)
    db.session.add(added)
    db.session.flush()
    _record("approval", added.id, _changed({}, values), reason, actor, now)
    return added


def change_approval(
    approval_id: str, values: dict[str, Any], reason: str, actor: Actor, now: datetime
) -> bool:
    """Edit an approval; False if nothing differs. Certificates issued keep what they print."""
    _check_period(values)
    found = get_approval(approval_id)
    before = {name: getattr(found, name) for name in FIELDS}
    return _change("approval", found, before, values, reason, actor, now)


def change_body(
    body_id: str, values: dict[str, Any], reason: str, actor: Actor, now: datetime
) -> bool:
    """Edit the profile of a body; False if nothing differs. Approvals recorded stay as they are."""
    found = get_body(body_id)
    before = {name: getattr(found, name) for name in values}
    return _change("body", found, before, values, reason, actor, now)


def _change(
    kind: str,
    found: Approval | ApprovingBody,
    before: dict[str, Any],
    values: dict[str, Any],
    reason: str,
    actor: Actor,
    now: datetime,
) -> bool:
    changed = _changed(before, values)
    if not changed:
        return False
    _set(found, values)
    found.edited_at = now
    db.session.flush()
    _record(kind, found.id, changed, reason, actor, now)
    return True


def _set(row: Approval | ApprovingBody, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Each field that differs, before and after, as JSON values."""
    plain = {name: (_plain(before.get(name)), _plain(value)) for name, value in after.items()}
    return {name: [old, new] for name, (old, new) in plain.items() if old != new}


def _plain(value: Any) -> Any:
    """A value that compares and reads well: nothing and an empty list are the same."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return None if value in ("", [], ()) else value


def _record(
    kind: str, subject_id: str, fields: dict[str, Any], reason: str, actor: Actor, now: datetime
) -> None:
    change = ApprovalChange(
        subject_kind=kind,
        subject_id=subject_id,
        fields=fields,
        reason=reason,
        actor_id=actor.person_id,
        happened_at=now,
    )
    db.session.add(change)
    audit.record(
        f"{kind}.changed",
        actor_id=actor.person_id,
        subject=f"{kind}:{subject_id}",
        request_id=actor.request_id,
        facts={"fields": sorted(fields)},
    )


def _check_period(values: dict[str, Any]) -> None:
    if values["valid_until"] < values["valid_from"]:
        raise Invalid("valid_until", "The last day is before the first.")


def _latest_start(line: str) -> date | None:
    return db.session.scalar(
        select(func.max(Approval.valid_from)).where(
            (Approval.id == line) | (Approval.series == line)
        )
    )


def _as_id(body: str) -> str:
    """The beginning of an id, from the name of a body."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in body.lower()).split()
    return "-".join(words)[:40].rstrip("-") or "approval"


def _new_id(stem: str) -> str:
    taken = set(db.session.scalars(select(Approval.id).where(Approval.id.startswith(stem))))
    return next(name for n in range(1, 10_000) if (name := f"{stem}-{n}") not in taken)


def _line(row: Approval, rows: list[Approval], offered: list[Any], today: date) -> ApprovalLine:
    later = [r for r in rows if r.line == row.line and r.valid_from > row.valid_from]
    titles = [
        outline.title
        for outline in offered
        if row.line in outline.facts["approvals"] or row.course_id == outline.course_id
    ]
    return ApprovalLine(
        approval=row,
        standing=standing(row, today),
        days_left=(row.valid_until - today).days,
        is_renewed=bool(later),
        courses=tuple(titles),
    )


def standing(row: Approval, today: date) -> str:
    """'not yet', 'in force' or 'ended'."""
    if today < row.valid_from:
        return "not yet"
    return "in force" if today <= row.valid_until else "ended"
