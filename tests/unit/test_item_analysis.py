"""Item analysis: figures that can be worked out by hand, and flags with their reasons."""

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from domain.item_analysis import (
    EASY,
    HARD,
    KEY_MAY_BE_WRONG,
    LITTLE,
    SLOW,
    UNUSED,
    Flag,
    Given,
    analyze,
    correlation,
    count_choices,
)

RIGHT, WRONG = 100, 0


def answers(*groups: tuple[int, int, float, tuple[int, ...]]) -> list[Given]:
    """(how many, earned, rest, chosen) as answers; who is right takes ten seconds."""
    return [
        Given(earned, rest, chosen, seconds=10.0)
        for times, earned, rest, chosen in groups
        for _ in range(times)
    ]


def test_figures_worked_out_by_hand() -> None:
    """Four learners: right 1, 1, 0, 0; the rest 1.0, 0.8, 0.6, 0.4.

    Means 0.5 and 0.7; spreads 0.5 and sqrt(0.05); mean product of deviations 0.1, so that the
    correlation is 0.1 / (0.5 × 0.2236) = 0.894.
    """
    given = [Given(RIGHT, 1.0), Given(RIGHT, 0.8), Given(WRONG, 0.6), Given(WRONG, 0.4)]
    found = analyze(given)
    assert found.answers == 4
    assert found.facility == 0.5
    assert found.discrimination == pytest.approx(0.8944, abs=1e-4)
    assert found.flags == (), "four answers are too few to judge"


def test_partial_credit_counts_as_much_as_it_earned() -> None:
    assert analyze([Given(50, 0.5), Given(100, 0.5), Given(0, 0.5)]).facility == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("why", "ones", "others"),
    [
        ("nobody", [], []),
        ("two points always lie on a line", [0, 1], [0, 1]),
        ("all right: no difference to explain", [1, 1, 1], [0.1, 0.5, 0.9]),
        ("all alike elsewhere", [0, 1, 1], [0.5, 0.5, 0.5]),
    ],
)
def test_where_there_is_no_correlation(why: str, ones: list[float], others: list[float]) -> None:
    assert correlation(ones, others) is None, why


@drawn(st.lists(st.tuples(st.sampled_from([0, 50, 100]), st.floats(0, 1)), max_size=40))
def test_a_correlation_is_between_minus_one_and_one(pairs: list[tuple[int, float]]) -> None:
    found = correlation([a for a, _ in pairs], [b for _, b in pairs])
    assert found is None or -1 <= found <= 1


def test_nothing_answered_has_no_figures() -> None:
    found = analyze([])
    assert (found.answers, found.facility, found.discrimination, found.seconds) == (0,) + (
        None,
    ) * 3


def test_the_median_time_is_not_pulled_by_a_pause() -> None:
    times = [20.0, 30.0, 40.0, 7200.0, None]
    assert analyze([Given(RIGHT, 0.5, seconds=t) for t in times]).seconds == 35.0


FLAGGED: list[tuple[str, Flag | None, list[Given], tuple[int, ...], int]] = [
    (
        "the strong are right, the weak are not: a good question",
        None,
        answers((8, RIGHT, 0.9, (0,)), (4, WRONG, 0.3, (1,))),
        (0,),
        2,
    ),
    (
        "the strong miss it and the weak are right",
        KEY_MAY_BE_WRONG,
        answers((6, WRONG, 0.9, (1,)), (6, RIGHT, 0.3, (0,))),
        (0,),
        2,
    ),
    (
        "most of the best choose one wrong option",
        KEY_MAY_BE_WRONG,
        answers((5, WRONG, 0.9, (1,)), (2, RIGHT, 1.0, (0,)), (8, WRONG, 0.2, (2,))),
        (0,),
        3,
    ),
    ("everybody is right", EASY, answers((12, RIGHT, 0.9, (0,))), (0,), 2),
    (
        "nearly nobody is right",
        HARD,
        answers((2, RIGHT, 1.0, (0,)), (10, WRONG, 0.2, (1,))),
        (0,),
        2,
    ),
    (
        "right and wrong are spread evenly over strong and weak",
        LITTLE,
        answers(
            (4, RIGHT, 0.9, (0,)),
            (4, WRONG, 0.9, (1,)),
            (4, RIGHT, 0.3, (0,)),
            (4, WRONG, 0.3, (1,)),
        ),
        (0,),
        2,
    ),
    (
        "one of three options is never chosen by twenty",
        UNUSED,
        answers((12, RIGHT, 0.9, (0,)), (8, WRONG, 0.3, (1,))),
        (0,),
        3,
    ),
    (
        "nine answers are judged by nothing",
        None,
        answers((9, RIGHT, 0.9, (0,))),
        (0,),
        2,
    ),
]


@pytest.mark.parametrize(
    ("why", "flag", "given", "right", "options"), FLAGGED, ids=[case[0] for case in FLAGGED]
)
def test_flags(
    why: str, flag: Flag | None, given: list[Given], right: tuple[int, ...], options: int
) -> None:
    found = analyze(given, right, options).flags
    assert (flag in found) if flag else found == (), why


def test_a_question_that_takes_long_is_told_beside_the_usual_one() -> None:
    given = answers((8, RIGHT, 0.9, (0,)), (4, WRONG, 0.3, (1,)))
    assert SLOW in analyze(given, (0,), 2, usual_seconds=3.0).flags
    assert SLOW not in analyze(given, (0,), 2, usual_seconds=4.0).flags


def test_every_option_of_a_multiple_choice_is_counted() -> None:
    given = answers((2, RIGHT, 0.5, (0, 2)), (1, WRONG, 0.5, (1, 2)))
    assert count_choices(given, 4) == [2, 1, 3, 0]
