"""The facts of a certificate: everything printed, copied once from data and never read live."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from domain import credit
from domain.completion import printed_date
from domain.credit import NO_CREDIT
from domain.outline import Outline
from domain.wording import day
from models import Approval, License
from services import certificate_variants, statements
from services.provider import ProviderFacts, list_approvals
from services.provider_look import look_of

TEMPLATE_VERSION = 2
MODE = "Self-paced, asynchronous, non-interactive"
COMPLETED = "completed in full, all post-tests passed"

EarnedThatDay = Callable[[Approval], Decimal]
"""The hours a learner has been granted in the last 24 hours under an approval's line."""


@dataclass(frozen=True)
class Holder:
    """Whose certificate it is, as confirmed. `pdf_name` is '' where the fonts have the name."""

    name: str
    pdf_name: str
    licenses: tuple[dict[str, str], ...]


def gather(
    outline: Outline,
    holder: Holder,
    provider: ProviderFacts,
    completed_on: date,
    issued_at: datetime,
    earned: EarnedThatDay | None = None,
) -> dict[str, Any]:
    """The facts of a certificate as JSON values (certificate.md, The record)."""
    approvals = list_granting(outline, provider, completed_on, earned)
    return {
        "template_version": TEMPLATE_VERSION,
        **holder_facts(holder),
        "course": _course(outline),
        "completed_on": day(completed_on),
        "issued_on": day(printed_date(issued_at, provider.time_zone)),
        "replaces": "",
        "statement": COMPLETED,
        "credits": [granted for _, granted in approvals],
        "wordings": certificate_variants.list_wordings(approvals, outline, provider),
        "instructors": [_instructor(**facts) for facts in outline.facts["instructors"]],
        "provider": _provider(provider),
        "signatory": provider.facts.get("signatory") or {"name": "", "title": ""},
        "look": look_of(provider.facts),
        "demonstration": provider.demonstration or bool(outline.facts.get("demonstration")),
    }


def holder_facts(holder: Holder) -> dict[str, Any]:
    """The part of the facts that a correction of the name or of the licenses changes."""
    licenses = [dict(one) for one in holder.licenses]
    return {"name": holder.name, "pdf_name": holder.pdf_name, "licenses": licenses}


def license_facts(rows: Sequence[License]) -> tuple[dict[str, str], ...]:
    """Licenses as they are printed."""
    return tuple(
        {"profession": row.profession, "jurisdiction": row.jurisdiction, "number": row.number}
        for row in rows
    )


def list_credits(
    outline: Outline,
    provider: ProviderFacts,
    completed_on: date,
    earned: EarnedThatDay | None = None,
) -> list[dict[str, Any]]:
    """What each approval valid on the day grants; one that grants no hours is left out."""
    return [granted for _, granted in list_granting(outline, provider, completed_on, earned)]


def hour_rule(approval: Approval) -> credit.HourRule:
    """How the approval's body counts."""
    return credit.HourRule(
        approval.hour_minutes,
        approval.increment,
        approval.minimum,
        approval.maximum,
        approval.daily_maximum,
    )


def list_granting(
    outline: Outline, provider: ProviderFacts, on: date, earned: EarnedThatDay | None = None
) -> list[tuple[Approval, dict[str, Any]]]:
    """The approvals that grant hours, each with what it grants."""
    lines = list(outline.facts["approvals"])
    found = []
    for approval in list_approvals(lines, on=on, course_id=outline.course_id):
        before = earned(approval) if earned and approval.daily_maximum is not None else NO_CREDIT
        granted = credit.hours(outline.minutes, hour_rule(approval), before)
        if granted != NO_CREDIT:
            found.append((approval, _credit(approval, granted, outline, provider)))
    return found


def _credit(
    approval: Approval, granted: Decimal, outline: Outline, provider: ProviderFacts
) -> dict[str, Any]:
    hours = credit.in_words(granted)
    return {
        "approval": approval.id,
        "line": approval.line,
        "body": approval.body,
        "number": approval.number,
        "course_number": approval.course_number or "",
        "hours": hours,
        "unit_word": approval.unit_word,
        "valid_from": day(approval.valid_from),
        "valid_until": day(approval.valid_until),
        "statement": statements.statement(approval, hours, outline.title, provider.legal_name),
    }


def _course(outline: Outline) -> dict[str, Any]:
    return {
        "title": outline.title,
        "code": outline.code,
        "edition": outline.edition_number,
        "content_hash": outline.content_hash,
        "minutes": outline.minutes,
        "categories": list(outline.facts.get("categories", [])),
        "format": _format(outline.facts["format"]),
    }


def _format(wording: str) -> str:
    """The format as boards ask for it: how one takes part, and in what."""
    if "asynchronous" in wording.casefold():
        return wording
    return f"{MODE}: {wording[:1].lower()}{wording[1:]}"


def _instructor(name: str, credentials: str, bio: str = "") -> dict[str, str]:
    """An instructor; `printed` joins name and credentials, saying a degree in both once."""
    first, _, rest = credentials.partition(", ")
    added = rest if name.endswith(f", {first}") else credentials
    printed = f"{name}, {added}" if added else name
    return {"name": name, "credentials": credentials, "printed": printed}


def _provider(provider: ProviderFacts) -> dict[str, Any]:
    return {
        "name": provider.name,
        "legal_name": provider.legal_name,
        "address": list(provider.facts.get("address", [])),
        "email": provider.email,
        "phone": provider.phone,
        "website": provider.facts.get("website", ""),
        "time_zone": provider.time_zone,
    }
