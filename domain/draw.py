"""Drawing an attempt from the pool: by objective, with as little repetition as the pool allows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random

from domain.grading import Body

NEVER = -1
TRUE_FALSE = ("true", "false")


@dataclass(frozen=True)
class PoolQuestion:
    """A question of the pool, as drawing sees it."""

    id: int
    objective: int


def draw_questions(
    pool: Sequence[PoolQuestion], count: int, earlier: Sequence[Collection[int]], chance: Random
) -> list[int]:
    """Draw `count` questions, or the whole pool where it is smaller; their ids in random order.

    Every objective of the pool is asked where `count` allows; where it does not, those not asked
    for longest come first. `earlier` holds the questions of the learner's earlier attempts, the
    latest last: never-asked questions are preferred, then those asked longest ago, so at most
    half of a retry repeats the attempt before wherever the pool allows it (post-test.md).
    """
    asked = {id_: place for place, ids in enumerate(earlier) for id_ in ids}
    shuffled = chance.sample(list(pool), len(pool))
    by_age = sorted(shuffled, key=lambda question: asked.get(question.id, NEVER))
    drawn = _one_per_objective(by_age, asked)[:count]
    rest = [question for question in by_age if question not in drawn]
    drawn += rest[: count - len(drawn)]
    return [question.id for question in chance.sample(drawn, len(drawn))]


def draw_option_order(kind: str, body: Body, chance: Random) -> list[int]:
    """The order to show options, right sides or steps in, as indexes into the body.

    True comes before false, always. Steps to be ordered are never shown in their right order.
    """
    if kind in ("single", "multiple"):
        texts = [option["html"].strip().casefold() for option in body["options"]]
        if sorted(texts) == sorted(TRUE_FALSE):
            return [texts.index(text) for text in TRUE_FALSE]
        return _shuffled(len(texts), chance)
    if kind == "matching":
        return _shuffled(len(body["rights"]), chance)
    return _disordered(len(body["steps"]), chance) if kind == "ordering" else []


def _one_per_objective(by_age: Sequence[PoolQuestion], asked: dict[int, int]) -> list[PoolQuestion]:
    """The least used question of each objective; the objectives longest not asked come first."""
    best: dict[int, PoolQuestion] = {}
    latest: dict[int, int] = {}
    for question in by_age:
        best.setdefault(question.objective, question)
        age = asked.get(question.id, NEVER)
        latest[question.objective] = max(age, latest.get(question.objective, NEVER))
    return sorted(best.values(), key=lambda question: latest[question.objective])


def _shuffled(size: int, chance: Random) -> list[int]:
    return chance.sample(range(size), size)


def _disordered(size: int, chance: Random) -> list[int]:
    order = _shuffled(size, chance)
    while size > 1 and order == list(range(size)):
        order = _shuffled(size, chance)
    return order
