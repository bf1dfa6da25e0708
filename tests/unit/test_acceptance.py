"""Whether a board accepts a course: known with a date, or 'ask your board'."""

from datetime import date
from pathlib import Path

import pytest

from config import PROJECT
from course_format.acceptance import read_acceptance
from domain.acceptance import OfferedCredit, Practice, Rule, answers_for

TODAY = date(2026, 11, 25)
SOCIAL_WORKER = Practice("Social worker", "Pennsylvania")
CREDIT = OfferedCredit(("sw", "aswb"), "Council", "4.0", "CE hours", ("Social worker",))
COUNSELING = OfferedCredit(("cft",), "Commission", "4.0", "hours", ("Counselor",))


def rule(**fields: object) -> Rule:
    given = {
        "practice": SOCIAL_WORKER,
        "line": "sw",
        "accepts": True,
        "note": "",
        "source": "board.example",
        "checked_on": date(2026, 11, 1),
    }
    return Rule(**{**given, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("practice", "rules", "kinds", "why"),
    [
        (SOCIAL_WORKER, [rule()], ["accepted"], "a fresh rule says so"),
        (SOCIAL_WORKER, [rule(accepts=False)], ["not accepted"], "a fresh rule says not"),
        (SOCIAL_WORKER, [], ["unknown"], "nothing is known"),
        (SOCIAL_WORKER, [rule(checked_on=date(2025, 11, 24))], ["unknown"], "a year and a day"),
        (SOCIAL_WORKER, [rule(checked_on=date(2025, 11, 25))], ["accepted"], "a year, not more"),
        (SOCIAL_WORKER, [rule(line="aswb")], ["accepted"], "a rule about the body itself"),
        (SOCIAL_WORKER, [rule(line="other")], ["unknown"], "a rule about another approval"),
        (Practice("Social worker", "Ohio"), [rule()], ["unknown"], "another state's board"),
        (Practice("Physician", "Ohio"), [rule()], [], "no approval is for physicians"),
        (Practice("Professional counselor", "Ohio"), [], ["unknown"], "the counselors' commission"),
        (Practice("School counselor", "Ohio"), [], [], "another kind of counselor"),
        (
            Practice("Physician", "Ohio"),
            [rule(practice=Practice("Physician", "Ohio"))],
            ["accepted"],
            "a rule counts for whom the approval was not meant",
        ),
    ],
)
def test_answers(practice: Practice, rules: list[Rule], kinds: list[str], why: str) -> None:
    answers = answers_for(practice, [CREDIT, COUNSELING], rules, TODAY)
    assert [answer.kind for answer in answers] == kinds, why


def test_the_rules_that_ship_can_be_read() -> None:
    rules, faults = read_acceptance(PROJECT / "content" / "acceptance.yaml")
    assert faults == []
    assert all(rule.source for rule in rules)


def test_no_file_is_no_rule(tmp_path: Path) -> None:
    assert read_acceptance(tmp_path / "acceptance.yaml") == ([], [])


@pytest.mark.parametrize(
    "line",
    ["profession: Wizard", "jurisdiction: Narnia", "checked_on: soon", "more: x", "source: ''"],
)
def test_a_rule_with_a_fault_is_refused(tmp_path: Path, line: str) -> None:
    known = {
        "profession": "Psychologist",
        "jurisdiction": "Ohio",
        "approval": "a",
        "accepts": "true",
        "source": "board.example",
        "checked_on": "2026-11-01",
    }
    key, value = line.split(": ")
    lines = [f"    {name}: {words}" for name, words in {**known, key: value}.items()]
    text = "rules:\n  - " + "\n".join(lines)[4:] + "\n"
    (tmp_path / "acceptance.yaml").write_text(text)
    rules, faults = read_acceptance(tmp_path / "acceptance.yaml")
    assert rules == []
    assert faults
