"""Whether a board accepts a course's credit: what is known with a date, or 'ask your board'."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

ACCEPTED = "accepted"
NOT_ACCEPTED = "not accepted"
UNKNOWN = "unknown"
FRESH = timedelta(days=365)
"""What was checked longer ago is told, but not relied upon."""
SAME_PROFESSION = {"Counselor": "Professional counselor"}
"""Words that approvals use for a profession of the licenses."""


@dataclass(frozen=True)
class Practice:
    """A profession and the jurisdiction of the license; '' where not chosen."""

    profession: str
    jurisdiction: str


@dataclass(frozen=True)
class OfferedCredit:
    """What a course grants under one approval in force, and for which professions."""

    lines: tuple[str, ...]
    body: str
    hours: str
    unit_word: str
    professions: tuple[str, ...]

    def is_for(self, profession: str) -> bool:
        return profession in {SAME_PROFESSION.get(name, name) for name in self.professions}


@dataclass(frozen=True)
class Rule:
    """What is known of one board about one line of approvals (or the body of it)."""

    practice: Practice
    line: str
    accepts: bool
    note: str
    source: str
    checked_on: date


@dataclass(frozen=True)
class Answer:
    """What a license gets of one approval. `rule`: what the answer, or the doubt, rests upon."""

    credit: OfferedCredit
    kind: str
    rule: Rule | None


def answers_for(
    practice: Practice, credits: Iterable[OfferedCredit], rules: Iterable[Rule], today: date
) -> list[Answer]:
    """An answer for each approval that is for the profession, or of which a rule is known."""
    known = [rule for rule in rules if rule.practice == practice]
    found = []
    for credit in credits:
        rule = next((rule for rule in known if rule.line in credit.lines), None)
        if rule is not None or credit.is_for(practice.profession):
            found.append(Answer(credit, _kind(rule, today), rule))
    return found


def _kind(rule: Rule | None, today: date) -> str:
    if rule is None or today - rule.checked_on > FRESH:
        return UNKNOWN
    return ACCEPTED if rule.accepts else NOT_ACCEPTED
