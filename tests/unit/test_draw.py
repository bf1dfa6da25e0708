"""Drawing: every objective asked, as little repeated as the pool allows, options shuffled."""

from collections import Counter
from random import Random

import pytest

from domain.draw import PoolQuestion, draw_option_order, draw_questions
from domain.grading import Option, choice_body, matching_body, ordering_body, short_body

SEEDS = range(60)


def pool_of(*objectives: int) -> list[PoolQuestion]:
    return [PoolQuestion(id_, objective) for id_, objective in enumerate(objectives, start=1)]


def objectives_of(pool: list[PoolQuestion], ids: list[int]) -> set[int]:
    return {question.objective for question in pool if question.id in ids}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_draw_asks_every_objective_and_nothing_twice(seed: int) -> None:
    pool = pool_of(1, 1, 1, 1, 1, 1, 2, 2, 3)
    drawn = draw_questions(pool, 6, [], Random(seed))
    assert len(drawn) == len(set(drawn)) == 6
    assert objectives_of(pool, drawn) == {1, 2, 3}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_retry_repeats_at_most_half_from_a_pool_half_as_large_again(seed: int) -> None:
    pool = pool_of(1, 1, 1, 2, 2, 2, 3, 3, 3)
    chance = Random(seed)
    earlier: list[set[int]] = []
    for _ in range(4):
        drawn = draw_questions(pool, 6, earlier, chance)
        assert objectives_of(pool, drawn) == {1, 2, 3}
        if earlier:
            assert len(earlier[-1].intersection(drawn)) <= 3
        earlier.append(set(drawn))


def test_a_retry_repeats_nothing_where_the_pool_is_twice_the_draw() -> None:
    pool = pool_of(1, 1, 2, 2, 1, 1, 2, 2)
    first = draw_questions(pool, 4, [], Random(1))
    second = draw_questions(pool, 4, [set(first)], Random(2))
    assert not set(first) & set(second)


def test_what_was_asked_longest_ago_comes_back_first() -> None:
    pool = pool_of(1, 1, 1)
    assert draw_questions(pool, 1, [{1}, {2}, {3}], Random(1)) == [1]
    assert draw_questions(pool, 1, [{1}, {2}, {1}], Random(1)) == [3]


def test_an_objective_with_one_question_is_asked_again_all_the_same() -> None:
    pool = pool_of(1, 1, 1, 1, 2)
    drawn = draw_questions(pool, 2, [{1, 5}], Random(3))
    assert 5 in drawn
    assert 1 not in drawn


def test_with_more_objectives_than_questions_those_not_asked_lately_come_first() -> None:
    pool = pool_of(1, 2, 3, 4)
    first = draw_questions(pool, 2, [], Random(1))
    second = draw_questions(pool, 2, [set(first)], Random(1))
    assert objectives_of(pool, first) | objectives_of(pool, second) == {1, 2, 3, 4}


def test_a_pool_too_small_is_asked_whole() -> None:
    assert sorted(draw_questions(pool_of(1, 1, 2), 6, [], Random(1))) == [1, 2, 3]
    assert draw_questions([], 6, [], Random(1)) == []


def test_every_question_and_every_place_gets_its_turn() -> None:
    pool = pool_of(*[1] * 6)
    first_places = Counter(draw_questions(pool, 3, [], Random(seed))[0] for seed in range(600))
    assert set(first_places) == {1, 2, 3, 4, 5, 6}
    assert min(first_places.values()) > 60


def test_options_come_in_every_order() -> None:
    body = choice_body([Option("a", True), Option("b", False), Option("c", False)])
    orders = {tuple(draw_option_order("single", body, Random(seed))) for seed in SEEDS}
    assert len(orders) == 6


@pytest.mark.parametrize("options", [("True", "False"), ("False", "True")])
def test_true_comes_before_false(options: tuple[str, str]) -> None:
    body = choice_body([Option(text, index == 0) for index, text in enumerate(options)])
    order = draw_option_order("single", body, Random(1))
    assert [options[index] for index in order] == ["True", "False"]


@pytest.mark.parametrize("size", [2, 3, 5])
@pytest.mark.parametrize("seed", range(20))
def test_steps_are_never_shown_in_their_right_order(size: int, seed: int) -> None:
    order = draw_option_order("ordering", ordering_body("abcde"[:size]), Random(seed))
    assert sorted(order) == list(range(size))
    assert order != sorted(order)


def test_the_other_kinds() -> None:
    matching = matching_body([("one", "1"), ("two", "2"), (None, "3")])
    assert sorted(draw_option_order("matching", matching, Random(1))) == [0, 1, 2]
    assert draw_option_order("short", short_body(["x"], case=False), Random(1)) == []
    assert draw_option_order("number", {}, Random(1)) == []
