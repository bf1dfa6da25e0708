"""A minimum time: before a unit's post-test, with the learner's factor, in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.accommodation import NO_EFFECT, Effect
from domain.completion import can_evaluate, requirements
from domain.minimum_time import TimeStanding, required_by_unit
from domain.path import is_test_open, next_step
from domain.standing import NO_STANDING, Progress
from tests.unit.outlines import make_outline

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
STRICT = make_outline(minimum_percent=80)
UNIT = STRICT.units[0]
READ = Progress({11: NOON}, {}, None)


def minutes(*of_unit: float, effect: Effect = NO_EFFECT) -> TimeStanding:
    recorded = {n: timedelta(minutes=m) for n, m in enumerate(of_unit, start=1)}
    return TimeStanding(recorded, required_by_unit(STRICT, effect), effect.time_percent)


def after(time: TimeStanding, **standing: object) -> Progress:
    tests = {101: replace(NO_STANDING, **standing)} if standing else {}
    return replace(READ, tests=tests, time=time)


@pytest.mark.parametrize(
    ("why", "percent", "factor", "seconds"),
    [
        ("advisory", None, 100, None),
        ("a share of the unit's 30 minutes", 80, 100, 1440),
        ("who may take longer need not sit longer", 80, 150, 960),
        ("rounded down to the second, in the learner's favor", 80, 133, 1082),
    ],
)
def test_what_is_required(why: str, percent: int | None, factor: int, seconds: int | None) -> None:
    required = required_by_unit(make_outline(minimum_percent=percent), Effect(time_percent=factor))
    assert required.get(1) == (None if seconds is None else timedelta(seconds=seconds)), why


@pytest.mark.parametrize(
    ("why", "progress", "kind", "words"),
    [
        ("a second short", after(minutes(23 + 59 / 60)), "time", "another 1 s"),
        ("enough", after(minutes(24)), "post-test", "Take the post-test of unit 1"),
        ("time in another unit", after(minutes(0, 90)), "time", "another 24 min"),
        (
            "an open attempt goes on",
            after(minutes(0), open_attempt_id=5),
            "attempt",
            "Go on",
        ),
        ("items come first", replace(after(minutes(0)), completed_items={}), "item", "Item 1.1"),
        (
            "a passed test stays passed",
            after(minutes(0), passed_at=NOON),
            "item",
            "Item 2.1",
        ),
        ("nothing asked", READ, "post-test", "Take the post-test"),
    ],
)
def test_the_next_step_knows_of_the_time(
    why: str, progress: Progress, kind: str, words: str
) -> None:
    step = next_step(STRICT, progress, certified=False)
    assert (step.kind, words in step.label) == (kind, True), f"{why}: {step}"


def test_the_next_step_of_missing_time_leads_to_an_item_of_the_unit() -> None:
    step = next_step(STRICT, after(minutes(1)), certified=False)
    assert (step.unit_number, step.item_slug) == (1, "item-1-1")


def test_the_post_test_opens_with_the_last_second() -> None:
    assert not is_test_open(UNIT, after(minutes(23.9)))
    assert is_test_open(UNIT, after(minutes(24)))


def test_each_unit_lists_its_time_with_the_factor_in_words() -> None:
    found = {r.title: r for r in requirements(STRICT, after(minutes(6, effect=Effect(200))), None)}
    time = found["Unit 1: minimum recorded time"]
    assert time.evidence == "6 min recorded of 12 min required, with your time factor of 200 %"
    assert (time.met, time.is_open) == (False, True)
    assert not found["Unit 1: post-test passed"].is_open
    assert not found["Unit 2: minimum recorded time"].is_open
    advisory = requirements(make_outline(), READ, None)
    assert not any(requirement.kind == "time" for requirement in advisory)


def test_a_passed_test_settles_the_time_and_the_evaluation_asks_nothing_more() -> None:
    passed = replace(NO_STANDING, passed_at=NOON)
    done = Progress({11: NOON, 21: NOON}, {101: passed, 102: passed}, None, time=minutes(0, 0))
    found = {r.title: r for r in requirements(STRICT, done, None)}
    assert found["Unit 1: minimum recorded time"].met
    assert can_evaluate(STRICT, done)
