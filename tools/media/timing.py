"""When each point of a slide appears: with the words that it sums up."""

import re
from functools import cache

from media.script import split_label
from media.speech import Passage, Word
from media.words import is_little

STEM_LETTERS = 4
FOLLOWING_CLAUSE_WEIGHT = 0.4
SPREAD_WEIGHT = 0.3


def list_appearances(passage: Passage) -> list[float]:
    """Return the second at which each point of the passage's slide appears, in order.

    Every point is laid on a clause of its own, in order, so that as many words as possible are
    heard while their point appears; where words do not tell, points are spread evenly. A narration
    needs at least as many clauses as its slide has points.
    """
    if passage.slide is None:
        return []
    clauses = _split_clauses(passage.words)
    points = passage.slide.points
    fits = [[_fit(point, clauses, at) for at in range(len(clauses))] for point in points]

    @cache
    def best(point: int, first: int) -> tuple[float, tuple[int, ...]]:
        if point == len(points):
            return 0.0, ()
        evenly = point * len(clauses) / len(points)
        options = []
        for at in range(first, len(clauses) - len(points) + point + 1):
            score, rest = best(point + 1, at + 1)
            distance = abs(at - evenly) / len(clauses)
            options.append((score + fits[point][at] - SPREAD_WEIGHT * distance, (at, *rest)))
        return max(options)

    return [clauses[at][0].start for at in best(0, 0)[1]]


def _split_clauses(words: tuple[Word, ...]) -> list[list[Word]]:
    clauses: list[list[Word]] = [[]]
    for word in words:
        clauses[-1].append(word)
        if word.text[-1] in ",.:;?!":
            clauses.append([])
    return [clause for clause in clauses if clause]


def _fit(point: str, clauses: list[list[Word]], at: int) -> float:
    wanted = _stems(split_label(point)[0] or point)
    here = wanted & _clause_stems(clauses, at)
    following = wanted & _clause_stems(clauses, at + 1) - here
    return (len(here) + FOLLOWING_CLAUSE_WEIGHT * len(following)) / max(len(wanted), 1)


def _clause_stems(clauses: list[list[Word]], at: int) -> frozenset[str]:
    clause = clauses[at] if at < len(clauses) else []
    return _stems(" ".join(word.text for word in clause))


def _stems(text: str) -> frozenset[str]:
    words = re.findall(r"[a-z]+", text.lower())
    return frozenset(word[:STEM_LETTERS] for word in words if not is_little(word))
