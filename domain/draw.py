"""Drawing the questions of an attempt: every objective asked, as few repeated as can be."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class PoolQuestion:
    """A question of a pool: its id and the objective it tests."""

    id: int
    objective: int


def draw_questions(
    pool: Sequence[PoolQuestion], count: int, seen: Collection[int], random: Random
) -> list[PoolQuestion]:
    """`count` questions in random order (all of a smaller pool).

    First one of each objective where there is room, then the rest; at each step questions not
    in `seen` (the last attempt's) come first, so that a pool 1.5 times the draw repeats at most
    half.
    """
    shuffled = random.sample(list(pool), len(pool))
    fresh_first = sorted(shuffled, key=lambda question: question.id in seen)
    chosen: list[PoolQuestion] = []
    for question in fresh_first:
        if question.objective not in {one.objective for one in chosen} and len(chosen) < count:
            chosen.append(question)
    chosen += [question for question in fresh_first if question not in chosen]
    return random.sample(chosen[:count], min(count, len(chosen)))


def shuffled_order(count: int, keep: bool, random: Random) -> list[int]:
    """The order in which `count` options are shown: shown place → stored index."""
    return list(range(count)) if keep else random.sample(range(count), count)
