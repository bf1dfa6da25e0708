"""What is left before the certificate, and the moment of completion."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.completion import (
    Requirement,
    content_completed_at,
    printed_date,
    requirements,
)
from domain.standing import NO_STANDING, Progress
from tests.unit.outlines import make_outline

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OUTLINE = make_outline()
NOTHING_DONE = Progress({}, {}, None)


def passed(at: datetime, attempt: int = 1):  # type: ignore[no-untyped-def]
    return replace(
        NO_STANDING, attempts_used=attempt, passed_at=at, passed_attempt_id=7, passed_number=attempt
    )


def progress(
    items: datetime = NOON, test_1: datetime = NOON, test_2: datetime = NOON, evaluated=NOON
) -> Progress:  # type: ignore[no-untyped-def]
    """Everything that is required, done at these moments."""
    return Progress({11: items, 21: items}, {101: passed(test_1), 102: passed(test_2)}, evaluated)


def by_title(found: tuple[Requirement, ...]) -> dict[str, Requirement]:
    return {requirement.title: requirement for requirement in found}


def test_the_checklist_names_everything_in_the_order_of_the_path() -> None:
    assert [r.title for r in requirements(OUTLINE, NOTHING_DONE, None)] == [
        "Unit 1: all required items",
        "Unit 1: post-test passed",
        "Unit 2: all required items",
        "Unit 2: post-test passed",
        "Evaluation",
        "Name, licenses and attestation",
    ]


def test_at_first_only_the_items_of_unit_1_are_open() -> None:
    found = requirements(OUTLINE, NOTHING_DONE, None)
    assert [r.is_open for r in found] == [True, False, False, False, False, False]
    assert not any(r.met for r in found)


def test_in_any_order_all_units_are_open() -> None:
    found = by_title(requirements(make_outline(order="any"), NOTHING_DONE, None))
    assert found["Unit 2: all required items"].is_open


def test_optional_items_are_not_asked_for() -> None:
    found = by_title(requirements(OUTLINE, Progress({11: NOON}, {}, None), None))
    assert found["Unit 1: all required items"].met
    assert found["Unit 1: all required items"].evidence == "1 of 1 items complete"
    assert found["Unit 1: post-test passed"].is_open


@pytest.mark.parametrize(
    ("standing", "evidence", "why"),
    [
        (NO_STANDING, "80 % to pass, 3 attempts", "nothing tried: what the test asks"),
        (replace(NO_STANDING, attempts_used=2), "Not passed yet, 1 attempt left", "one is one"),
        (replace(NO_STANDING, attempts_used=3), "Not passed yet, 0 attempts left", "used up"),
        (replace(NO_STANDING, attempts_used=4), "Not passed yet, 0 attempts left", "never below 0"),
        (passed(NOON, 2), "Passed in attempt 2", "the attempt that passed is named"),
    ],
)
def test_the_evidence_of_a_post_test(standing, evidence: str, why: str) -> None:  # type: ignore[no-untyped-def]
    found = requirements(OUTLINE, Progress({11: NOON}, {101: standing}, None), None)
    assert found[1].evidence == evidence, why


@pytest.mark.parametrize(
    ("done", "moment", "why"),
    [
        (progress(), NOON, "all at once"),
        (progress(items=NOON + HOUR), NOON + HOUR, "an item came last"),
        (progress(test_2=NOON + HOUR), NOON + HOUR, "a post-test came last"),
        (progress(evaluated=NOON + HOUR), NOON + HOUR, "the evaluation came last"),
        (progress(evaluated=None), None, "the evaluation is missing"),
        (replace(progress(), tests={101: passed(NOON)}), None, "a post-test is missing"),
        (replace(progress(), completed_items={11: NOON}), None, "an item is missing"),
        (NOTHING_DONE, None, "nothing is done"),
    ],
)
def test_the_moment_of_completion_is_that_of_the_last_requirement(
    done: Progress, moment: datetime | None, why: str
) -> None:
    assert content_completed_at(OUTLINE, done) == moment, why


def test_an_optional_item_done_later_does_not_move_completion() -> None:
    done = progress()
    done.completed_items[12] = NOON + HOUR
    assert content_completed_at(OUTLINE, done) == NOON


def test_attesting_is_open_once_all_else_is_met_and_met_by_the_certificate() -> None:
    before = requirements(OUTLINE, progress(), None)[-1]
    assert (before.is_open, before.met) == (True, False)
    after = requirements(OUTLINE, progress(), NOON + HOUR)[-1]
    assert (after.met, after.met_at) == (True, NOON + HOUR)


@pytest.mark.parametrize(
    ("instant", "printed", "why"),
    [
        (datetime(2026, 11, 25, 4, 59, tzinfo=UTC), date(2026, 11, 24), "23:59 in New York"),
        (datetime(2026, 11, 25, 5, 1, tzinfo=UTC), date(2026, 11, 25), "00:01 in New York"),
        (datetime(2026, 7, 2, 3, 59, tzinfo=UTC), date(2026, 7, 1), "23:59 in summer time"),
        (datetime(2026, 7, 2, 4, 1, tzinfo=UTC), date(2026, 7, 2), "00:01 in summer time"),
        (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), date(2026, 11, 1), "1:30 before clocks go back"),
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), date(2026, 11, 1), "1:30 once more after it"),
        (datetime(2026, 11, 2, 4, 59, tzinfo=UTC), date(2026, 11, 1), "23:59 of the 25-hour day"),
    ],
)
def test_the_printed_date_is_the_providers_day(instant: datetime, printed: date, why: str) -> None:
    assert printed_date(instant, "America/New_York") == printed, why
