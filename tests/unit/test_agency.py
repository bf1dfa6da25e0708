"""Rules of agencies: who is invited by a typed list, when a contract gives seats."""

from datetime import UTC, date, datetime, timedelta

import pytest

from config import PROJECT
from domain.agency import (
    SEEN_BY_AGENCY,
    Invitee,
    Term,
    UnreadableLine,
    begin_of,
    end_of,
    last_day_of,
    read_invitees,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "by_mail", "found"),
    [
        ("Ana Núñez, ana@example.org", True, [Invitee("Ana Núñez", "ana@example.org")]),
        (
            "\n  Ana   Núñez ,  ana@example.org \n\n",
            True,
            [Invitee("Ana Núñez", "ana@example.org")],
        ),
        ("Ana Núñez\nBen Ode", False, [Invitee("Ana Núñez"), Invitee("Ben Ode")]),
        ("Ana, ana@example.org", False, [Invitee("Ana")]),
        ("Ana\r\nBen", False, [Invitee("Ana"), Invitee("Ben")]),
    ],
    ids=["one", "loosely typed", "names only", "an address nobody mails to", "lines of Windows"],
)
def test_people_are_read_line_by_line(text: str, by_mail: bool, found: list[Invitee]) -> None:
    assert read_invitees(text, by_mail=by_mail) == found


@pytest.mark.parametrize(
    ("text", "by_mail", "words"),
    [
        ("", False, "at least one person"),
        (" \n \n", True, "at least one person"),
        ("Ana\nBen, ben@example.org", True, "Line 1 has no e-mail address"),
        ("Ana, ana@example.org\n\nBen, ben@nowhere", True, "Line 3 has no e-mail address"),
        ("ana@example.org", True, "Line 1 has no name"),
        (", ana@example.org", True, "Line 1 has no name"),
        ("A" * 121, False, "at most 120 characters"),
        ("A, a@example.org\nB, A@Example.org", True, "on the list twice"),
        ("A, a@example.org\r\nBcc: b@example.org, x", True, "Line 2 has no e-mail address"),
        ("\n".join(f"Person {n}" for n in range(101)), False, "at most 100"),
    ],
)
def test_a_line_that_names_nobody_is_told(text: str, by_mail: bool, words: str) -> None:
    with pytest.raises(UnreadableLine, match=words):
        read_invitees(text, by_mail=by_mail)


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({}, "open"),
        ({"valid_from": NOW}, "open"),
        ({"valid_from": NOW + timedelta(seconds=1)}, "not begun"),
        ({"valid_until": NOW}, "over"),
        ({"valid_until": NOW + timedelta(microseconds=1)}, "open"),
        ({"used": 3}, "used up"),
        ({"ended_at": NOW - DAY}, "ended"),
        ({"ended_at": NOW - DAY, "valid_until": NOW - DAY}, "ended"),
    ],
)
def test_the_state_of_a_contract(changed: dict[str, object], state: str) -> None:
    fields = {
        "valid_from": NOW - DAY,
        "valid_until": NOW + DAY,
        "ended_at": None,
        "seats": 3,
        "used": 2,
    }
    assert Term(**{**fields, **changed}).state(NOW) == state  # type: ignore[arg-type]


def test_the_privacy_policy_says_what_an_agency_sees_in_the_same_words() -> None:
    """A learner must not read one thing in the policy and another on the key's page."""
    policy = (PROJECT / "content" / "policies" / "privacy.md").read_text()
    plain = " ".join(policy.replace("\n- ", " ").split())
    for line in SEEN_BY_AGENCY:
        assert line in plain
    assert "your answers, scores and attempts, your recorded time, your evaluation" in plain
    assert "accommodations, licenses, e-mail address" in plain


def test_days_are_whole_where_the_provider_is() -> None:
    """Over the change of the clocks a day has 25 hours; its last day stays the same."""
    zone = "America/New_York"
    day = date(2026, 11, 1)
    assert end_of(day, zone).astimezone(UTC) - begin_of(day, zone).astimezone(UTC) == (
        timedelta(hours=25)
    )
    assert last_day_of(end_of(day, zone).astimezone(UTC), zone) == day
