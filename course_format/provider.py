"""The provider and its policies: `content/provider.yaml` and `content/policies/<slug>.md`."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from course_format import statement_patterns
from course_format.course_facts import read_yaml
from course_format.faults import Report
from course_format.fields import Fields
from course_format.files import ID_RULE, is_id
from course_format.front_matter import read_document
from course_format.passages import check_passages
from course_format.reading import Reading
from course_format.source import Fault

KEYS = (
    "name", "legal_name", "address", "email", "phone", "website", "time_zone", "demonstration",
    "signatory", "look", "approvals",
)  # fmt: skip
LOOK_KEYS = ("accent", "paper", "logo", "seal", "signature")
SIGNATORY_KEYS = ("name", "title")
APPROVAL_KEYS = (
    "id", "body", "unit_word", "number", "statement", "hour_minutes", "increment", "minimum",
    "valid_from", "valid_until", "professions", "maximum", "daily_maximum",
)  # fmt: skip
POLICY_KEYS = ("title", "order")
MAX_POLICIES = 200

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_URL = re.compile(r"https?://[^\s]+")


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs the certificates."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Look:
    """How certificates look; images are files of the folder `provider` beside `provider.yaml`."""

    accent: str = ""
    paper: str = ""
    logo: Path | None = None
    seal: Path | None = None
    signature: Path | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """What one approving body allows the provider to grant.

    `statement` is a pattern with the words of `statement_patterns.WORDS` in braces. `hour_minutes`
    is the length of the body's hour; credit is rounded down to `increment` and is none below
    `minimum`; `maximum` caps a course, `daily_maximum` what a learner earns in 24 hours.
    """

    id: str
    body: str
    unit_word: str
    number: str
    statement: str
    hour_minutes: int
    increment: Decimal
    minimum: Decimal
    valid_from: date
    valid_until: date
    professions: tuple[str, ...]
    maximum: Decimal | None = None
    daily_maximum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """The training center itself. In a `demonstration` nothing counts for credit."""

    name: str
    legal_name: str
    address: tuple[str, ...]
    email: str
    phone: str
    website: str
    time_zone: str
    demonstration: bool
    signatory: Signatory
    approvals: tuple[Approval, ...]
    look: Look = Look()


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy or help page; `body` is Markdown."""

    slug: str
    title: str
    order: int
    body: str


def read_provider(path: Path) -> tuple[Provider | None, list[Fault]]:
    """Read the provider's facts; None, with every fault, where there is an error."""
    report = Report()
    mapping = read_yaml(path.parent, path.name, report)
    if mapping is None:
        return None, report.faults()
    fields = Fields(mapping, path.name, report, KEYS)
    provider = Provider(
        name=fields.text("name", 200),
        legal_name=fields.text("legal_name", 200),
        address=tuple(text for text, _ in fields.texts("address", at_least=1)),
        email=_matching(fields, "email", _EMAIL, "an address such as help@example.org"),
        phone=fields.text("phone", 40),
        website=_matching(fields, "website", _URL, "an address that begins with https://"),
        time_zone=_time_zone(fields),
        demonstration=fields.flag("demonstration", default=False),
        signatory=_signatory(fields),
        approvals=_approvals(fields),
        look=_look(fields, path.parent / "provider"),
    )
    return (None if report.has_errors else provider), report.faults()


def read_policies(folder: Path) -> tuple[list[Policy], list[Fault]]:
    """Read every policy of a folder, by order and title; those with errors are left out."""
    report = Report()
    policies: list[Policy] = []
    files = sorted(file.name for file in folder.glob("*.md")) if folder.is_dir() else []
    for name in files[:MAX_POLICIES]:
        alone = Report()
        policy = _policy(folder, name, alone)
        if policy and not alone.has_errors:
            policies.append(policy)
        report.has_errors |= alone.has_errors
        report.found.extend(alone.found)
    return sorted(policies, key=lambda policy: (policy.order, policy.title)), report.faults()


def _policy(folder: Path, name: str, report: Report) -> Policy | None:
    slug = name.removesuffix(".md")
    if not is_id(slug):
        report.error(name, 0, f"A policy's file is named with {ID_RULE}.")
    document = read_document(folder, name, report)
    if document is None:
        return None
    fields = Fields(document.facts, name, report, POLICY_KEYS)
    if not document.body:
        report.error(name, document.body_line, "The text of the policy is missing.")
    reading = Reading(folder, frozenset(), report)
    reading.add_page(name, document.body_line, document.body)
    check_passages(reading)
    return Policy(slug, fields.text("title", 200), fields.whole("order", 1, 999), document.body)


def _matching(fields: Fields, key: str, pattern: re.Pattern[str], wanted: str) -> str:
    text = fields.text(key, 300)
    if text and not pattern.fullmatch(text):
        fields.wrong(key, f"“{key}” must be {wanted}.")
    return text


def _time_zone(fields: Fields) -> str:
    zone = fields.text("time_zone", 60)
    try:
        ZoneInfo(zone or "UTC")
    except (ValueError, OSError, LookupError):
        fields.wrong("time_zone", "“time_zone” must be a zone such as America/New_York.")
    return zone


def _signatory(fields: Fields) -> Signatory:
    part = fields.part("signatory", SIGNATORY_KEYS)
    return Signatory(part.text("name", 200), part.text("title", 200)) if part else Signatory("", "")


def _look(fields: Fields, folder: Path) -> Look:
    part = fields.part("look", LOOK_KEYS) if fields.has("look") else None
    if part is None:
        return Look()
    return Look(
        accent=part.optional_text("accent", 7) or "",
        paper=part.optional_text("paper", 10) or "",
        logo=_image(part, "logo", folder),
        seal=_image(part, "seal", folder),
        signature=_image(part, "signature", folder),
    )


def _image(part: Fields, key: str, folder: Path) -> Path | None:
    """An image of the provider's own folder; a path that leads elsewhere is a fault."""
    name = part.optional_text(key, 100)
    if name is None:
        return None
    if Path(name).name != name or not (folder / name).is_file():
        part.wrong(key, f"“{key}” must be the name of a file in the folder “provider”.")
        return None
    return folder / name


def _approvals(fields: Fields) -> tuple[Approval, ...]:
    found: list[Approval] = []
    for one in fields.mappings("approvals", APPROVAL_KEYS):
        approval = _approval(one)
        if any(other.id == approval.id for other in found):
            one.wrong("id", f"“{approval.id}” is the id of another approval.")
        found.append(approval)
    return tuple(found)


def _approval(one: Fields) -> Approval:
    approval = Approval(
        id=one.text("id", 100),
        body=one.text("body", 200),
        unit_word=one.text("unit_word", 60),
        number=one.quoted_text("number", 100),
        statement=one.text("statement", 2_000),
        hour_minutes=one.whole("hour_minutes", 30, 60),
        increment=one.decimal("increment"),
        minimum=one.decimal("minimum"),
        valid_from=one.day("valid_from"),
        valid_until=one.day("valid_until"),
        professions=tuple(text for text, _ in one.texts("professions", at_least=1)),
        maximum=one.decimal("maximum") if one.has("maximum") else None,
        daily_maximum=one.decimal("daily_maximum") if one.has("daily_maximum") else None,
    )
    _check_approval(one, approval)
    return approval


def _check_approval(one: Fields, approval: Approval) -> None:
    if approval.id and not is_id(approval.id):
        one.wrong("id", f"“{approval.id}” is not an id. An id has {ID_RULE}.")
    if approval.valid_until < approval.valid_from:
        one.wrong("valid_until", "“valid_until” is before “valid_from”.")
    if one.has("increment") and not 0 < approval.increment <= 1:
        one.wrong("increment", "“increment” must be more than 0 and at most 1.")
    _check_statement(one, approval.statement)


def _check_statement(one: Fields, statement: str) -> None:
    fault = statement_patterns.find_fault(statement)
    if fault:
        one.wrong("statement", fault)
