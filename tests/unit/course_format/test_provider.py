"""The provider's facts and policies."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from course_format.provider import read_policies, read_provider
from tests.unit.course_format.folders import PROVIDER_YAML, CourseFolder


def test_a_provider_is_read(tmp_path: Path) -> None:
    file = tmp_path / "provider.yaml"
    file.write_text(PROVIDER_YAML)
    provider, faults = read_provider(file)
    assert faults == []
    assert provider is not None
    assert provider.address == ("1 Test Street", "Philadelphia, PA 19000")
    assert provider.signatory.title == "CE Director"
    (approval,) = provider.approvals
    assert (approval.number, approval.increment) == ("0001", Decimal("0.25"))
    assert approval.valid_until == date(2029, 12, 31)
    assert approval.professions == ("Psychologist",)


SPOILED = [
    ("an address of mail", "help@example.org", "help", 4, "“email” must be an address"),
    ("a site", "https://example.org", "example.org", 6, "“website” must be an address"),
    ("a zone", "America/New_York", "New York", 7, "“time_zone” must be a zone"),
    ("a zone is no path", "America/New_York", "../../etc/passwd", 7, "“time_zone” must be a zone"),
    ("a number keeps its zeros", '"0001"', "0001", 14, 'Put this number in quotes: "0001"'),
    ("an hour has 30 to 60 minutes", "hour_minutes: 60", "hour_minutes: 90", 16,
     "between 30 and 60"),
    ("an increment is quoted", '"0.25"', "0.25", 17, "a number in quotes"),
    ("an increment is some part", '"0.25"', '"0.0"', 17, "“increment” must be more than 0"),
    ("time runs forward", "2029-12-31", "2025-12-31", 20, "is before “valid_from”"),
    ("a statement's word", "{hours}", "{hour}", 15, "Did you mean “hours”?"),
    ("a statement's brace", "{hours}", "{hours", 15, "A brace in the statement"),
    ("a statement's lone brace", "{hours}", "hours}", 15, "A brace in the statement"),
    ("a statement's layout", "{hours}", "{hours:>99999999}", 15, "means nothing in a statement"),
    ("a statement's attribute", "{hours}", "{hours.__class__}", 15, "means nothing in a statement"),
    ("an id", "id: test-psych", "id: Test", 11, "“Test” is not an id."),
    ("who is granted", "[Psychologist]", "[]", 21, "needs at least 1"),
    ("who signs", "{name: Carol Director, title: CE Director}", "Carol", 9, "must have the keys"),
    ("an unknown key", "phone:", "fone:", 5, "Did you mean “phone”?"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "old", "new", "line", "says"), SPOILED)
def test_a_spoiled_provider_is_found(
    why: str, old: str, new: str, line: int, says: str, tmp_path: Path
) -> None:
    assert old in PROVIDER_YAML
    file = tmp_path / "provider.yaml"
    file.write_text(PROVIDER_YAML.replace(old, new, 1))
    provider, faults = read_provider(file)
    assert provider is None
    assert any(f.line == line and says in f.message for f in faults), [str(f) for f in faults]


def test_an_approval_is_there_once(tmp_path: Path) -> None:
    head, approval = PROVIDER_YAML.split("approvals:\n")
    file = tmp_path / "provider.yaml"
    file.write_text(f"{head}approvals:\n{approval}{approval}")
    assert "is the id of another approval" in read_provider(file)[1][0].message


def test_a_provider_that_is_missing(tmp_path: Path) -> None:
    provider, (fault,) = read_provider(tmp_path / "provider.yaml")
    assert provider is None
    assert fault.message == "This file is missing."


def test_a_course_tells_of_its_providers_faults(folder: CourseFolder) -> None:
    (folder.path.parent / "provider.yaml").write_text("name: x\n")
    assert {fault.path for fault in folder.faults()} == {"../provider.yaml"}


def test_a_course_without_a_provider_is_noted(folder: CourseFolder) -> None:
    (folder.path.parent / "provider.yaml").unlink()
    (fault,) = folder.faults()
    assert fault.severity == "note"


def test_an_approval_shorter_than_the_course_is_told(folder: CourseFolder) -> None:
    file = folder.path.parent / "provider.yaml"
    file.write_text(PROVIDER_YAML.replace("2029-12-31", "2028-12-31"))
    (fault,) = folder.faults()
    assert (fault.severity, fault.path) == ("warning", "course.yaml")
    assert "until 2028-12-31, not as long as the course" in fault.message


def write_policy(folder: Path, name: str, title: str, order: int, body: str = "Text.") -> None:
    (folder / name).write_text(f"---\ntitle: {title}\norder: {order}\n---\n\n{body}\n")


def test_policies_are_read_in_order(tmp_path: Path) -> None:
    write_policy(tmp_path, "privacy.md", "Privacy", 2)
    write_policy(tmp_path, "refunds.md", "Refunds", 1)
    policies, faults = read_policies(tmp_path)
    assert faults == []
    assert [(p.slug, p.title, p.body) for p in policies] == [
        ("refunds", "Refunds", "Text."),
        ("privacy", "Privacy", "Text."),
    ]


POLICY_FAULTS = [
    ("a name", "Privacy.md", "x", 1, "Text.", 0, "A policy's file is named with"),
    ("a text", "privacy.md", "x", 1, "", 5, "The text of the policy is missing."),
    ("an order", "privacy.md", "x", 0, "Text.", 3, "must be between 1 and 999"),
    ("Markdown", "privacy.md", "x", 1, "# Big", 6, "begin with “##”"),
    ("no HTML", "privacy.md", "x", 1, "a\n<b>b</b>", 7, "HTML is not part of the format"),
]


@pytest.mark.parametrize(("why", "name", "title", "order", "body", "line", "says"), POLICY_FAULTS)
def test_a_spoiled_policy_is_left_out(
    why: str, name: str, title: str, order: int, body: str, line: int, says: str, tmp_path: Path
) -> None:
    write_policy(tmp_path, "refunds.md", "Refunds", 9)
    write_policy(tmp_path, name, title, order, body)
    policies, faults = read_policies(tmp_path)
    assert [policy.slug for policy in policies] == ["refunds"]
    assert any((f.path, f.line) == (name, line) and says in f.message for f in faults), why


def test_no_policies_at_all(tmp_path: Path) -> None:
    assert read_policies(tmp_path / "nothing") == ([], [])
