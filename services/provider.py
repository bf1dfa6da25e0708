"""The provider of the installation, its approvals and policies."""

import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine, or_, select

from domain import reply_time
from domain.access import DEFAULT_TERMS, AccessTerms
from domain.refusals import NotFound
from extensions import db
from models import Approval, Policy, Provider

REMEMBERED_S = 10.0


@dataclass(frozen=True)
class ProviderFacts:
    """The provider as pages show it."""

    name: str
    legal_name: str
    email: str
    phone: str
    time_zone: str
    demonstration: bool
    facts: dict[str, Any]

    def __hash__(self) -> int:
        return hash((self.name, self.email))

    @property
    def reply_hours(self) -> int:
        """Within how many hours instructors answer."""
        return int(self.facts.get("reply_hours", reply_time.DEFAULT_HOURS))

    @property
    def access_terms(self) -> AccessTerms:
        """The free extension, and when the end of access is reminded of."""
        known = vars(DEFAULT_TERMS)
        return AccessTerms(**{name: int(self.facts.get(name, known[name])) for name in known})


UNNAMED = ProviderFacts("Contact Hour", "Contact Hour", "", "", "UTC", False, {})
_remembered: dict[Engine, tuple[float, ProviderFacts]] = {}


def get_provider() -> ProviderFacts:
    """The provider, read again at most every ten seconds; UNNAMED before one is set up."""
    key = db.engine
    found = _remembered.get(key)
    if found is None or time.monotonic() - found[0] > REMEMBERED_S:
        found = (time.monotonic(), _read())
        _remembered[key] = found
    return found[1]


def forget() -> None:
    """Read the provider afresh at the next request of this process."""
    _remembered.clear()


def list_approvals(
    lines: list[str], on: date | None = None, course_id: int | None = None
) -> list[Approval]:
    """One approval of each of these lines of renewals, in that order, then those of the course.

    With `on`, the one valid that day, and none where there is no such; else the latest.
    """
    wanted = or_(Approval.id.in_(lines), Approval.series.in_(lines))
    if course_id is not None:
        wanted = or_(wanted, Approval.course_id == course_id)
    latest: dict[str, Approval] = {}
    for row in db.session.scalars(select(Approval).where(wanted).order_by(Approval.valid_from)):
        if on is None or row.valid_from <= on <= row.valid_until:
            latest[row.line] = row
    named = [line for line in lines if line in latest]
    return [latest[line] for line in [*named, *sorted(latest.keys() - set(named))]]


def list_all_approvals() -> list[Approval]:
    """Every approval, oldest first, so that the last of a line is its latest."""
    return list(db.session.scalars(select(Approval).order_by(Approval.valid_from, Approval.id)))


def list_policies() -> list[Policy]:
    return list(db.session.scalars(select(Policy).order_by(Policy.position, Policy.title)))


def get_policy(slug: str) -> Policy:
    """The policy page of this name. Raises NotFound."""
    policy = db.session.get(Policy, slug)
    if policy is None:
        raise NotFound("There is no policy or help page at this address.")
    return policy


def _read() -> ProviderFacts:
    row = db.session.get(Provider, 1)
    if row is None:
        return UNNAMED
    return ProviderFacts(
        row.name, row.legal_name, row.email, row.phone, row.time_zone, row.demonstration, row.facts
    )
