"""The facts of a certificate: everything printed, copied once from data and never read live."""

from datetime import date, datetime
from typing import Any

from domain import credit
from domain.completion import printed_date
from domain.credit import NO_CREDIT
from domain.outline import Outline
from domain.wording import day
from models import Approval, License, Person
from services.licenses import list_licenses
from services.provider import ProviderFacts, list_approvals

TEMPLATE_VERSION = 1
MODE = "Self-paced, asynchronous, non-interactive"
COMPLETED = "completed in full, all post-tests passed"


def gather(
    outline: Outline,
    person: Person,
    provider: ProviderFacts,
    completed_on: date,
    issued_at: datetime,
) -> dict[str, Any]:
    """The facts of a certificate as JSON values (certificate.md, The record)."""
    return {
        "template_version": TEMPLATE_VERSION,
        "name": person.name_on_license,
        "licenses": [_license(row) for row in list_licenses(person.id)],
        "course": _course(outline),
        "completed_on": day(completed_on),
        "issued_on": day(printed_date(issued_at, provider.time_zone)),
        "statement": COMPLETED,
        "credits": list_credits(outline, provider, completed_on),
        "instructors": [_instructor(**facts) for facts in outline.facts["instructors"]],
        "provider": _provider(provider),
        "signatory": provider.facts.get("signatory") or {"name": "", "title": ""},
        "demonstration": provider.demonstration or bool(outline.facts.get("demonstration")),
    }


def list_credits(
    outline: Outline, provider: ProviderFacts, completed_on: date
) -> list[dict[str, Any]]:
    """What each approval valid on the day grants; one that grants no hours is left out."""
    approvals = list_approvals(list(outline.facts["approvals"]), on=completed_on)
    found = [_credit(approval, outline, provider) for approval in approvals]
    return [granted for granted in found if granted is not None]


def _credit(approval: Approval, outline: Outline, provider: ProviderFacts) -> dict[str, Any] | None:
    rule = credit.HourRule(approval.hour_minutes, approval.increment, approval.minimum)
    granted = credit.hours(outline.minutes, rule)
    if granted == NO_CREDIT:
        return None
    hours = credit.in_words(granted)
    return {
        "body": approval.body,
        "number": approval.number,
        "hours": hours,
        "unit_word": approval.unit_word,
        "valid_from": day(approval.valid_from),
        "valid_until": day(approval.valid_until),
        "statement": _statement(approval, hours, outline, provider),
    }


def _statement(approval: Approval, hours: str, outline: Outline, provider: ProviderFacts) -> str:
    """The body's statement: its pattern with the data of this course, never a typed number.

    The approval's number and period are added where the pattern does not name them.
    """
    values = {
        "provider": provider.legal_name,
        "body": approval.body,
        "number": approval.number,
        "hours": hours,
        "unit_word": approval.unit_word,
        "course": outline.title,
        "valid_from": day(approval.valid_from),
        "valid_until": day(approval.valid_until),
    }
    statement = approval.statement
    for name, value in values.items():
        statement = statement.replace("{" + name + "}", value)
    if values["number"] not in statement:
        statement += f" Approval number {values['number']}."
    if values["valid_until"] not in statement:
        statement += f" Approved from {values['valid_from']} to {values['valid_until']}."
    return statement


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


def _license(row: License) -> dict[str, str]:
    return {
        "profession": row.profession,
        "jurisdiction": row.jurisdiction,
        "number": row.number,
    }
