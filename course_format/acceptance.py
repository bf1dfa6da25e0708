"""What boards are known to accept: `content/acceptance.yaml`, each with its source and date."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from course_format.course_facts import read_yaml
from course_format.faults import Report
from course_format.fields import Fields
from course_format.source import Fault
from domain.licenses import JURISDICTIONS, PROFESSIONS

KEYS = ("rules",)
RULE_KEYS = (
    "profession", "jurisdiction", "approval", "accepts", "note", "source", "checked_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One board's answer. `approval` is the id of an approval of the provider, or of a body."""

    profession: str
    jurisdiction: str
    approval: str
    accepts: bool
    note: str
    source: str
    checked_on: date


def read_acceptance(path: Path) -> tuple[list[Acceptance], list[Fault]]:
    """Read every rule; no file is no rule. With an error there is none, and every fault."""
    report = Report()
    mapping = read_yaml(path.parent, path.name, report) if path.is_file() else None
    if mapping is None:
        return [], report.faults()
    fields = Fields(mapping, path.name, report, KEYS)
    rules = [_rule(one) for one in fields.mappings("rules", RULE_KEYS)]
    return ([] if report.has_errors else rules), report.faults()


def _rule(one: Fields) -> Acceptance:
    return Acceptance(
        profession=one.one_of("profession", PROFESSIONS),
        jurisdiction=one.one_of("jurisdiction", JURISDICTIONS),
        approval=one.text("approval", 60),
        accepts=one.flag("accepts", default=False),
        note=one.optional_text("note", 1_000) or "",
        source=one.text("source", 300),
        checked_on=one.day("checked_on"),
    )
