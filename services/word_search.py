"""Finding rows by the beginnings of their words, however many rows there are."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from domain.search_words import words_asked
from extensions import db

MOST_FOUND = 1_000
AFTER_EVERYTHING = "\U0010ffff"


@dataclass(frozen=True)
class Found:
    """What matches, by id; `is_cut` where more than MOST_FOUND do, so not all are among them."""

    ids: tuple[int, ...]
    is_cut: bool


EVERYTHING = None


def find(typed: str, key: Any, column: Any, most: int | None = None) -> Found | None:
    """The keys that have, for each word typed, a word that begins with it; None: nothing typed.

    `key` and `column` are the columns of a table of words. Each word alone is looked up as far
    as `most` (MOST_FOUND); the one with the fewest decides what is looked at, so what is asked
    for by two frequent words may be cut: the page asks to type more of it.
    """
    words = words_asked(typed)
    if not words:
        return Found((), is_cut=False) if typed.strip() else EVERYTHING
    most = most or MOST_FOUND
    by_word = sorted((_look_up(word, key, column, most) for word in words), key=len)
    ids = by_word[0][:most]
    for word in words:
        query = select(key).where(key.in_(ids), _begins(word, column)).distinct()
        ids = list(db.session.scalars(query))
    return Found(tuple(ids), is_cut=len(by_word[0]) > most)


def together(*found: Found) -> Found:
    """What any of several searches found."""
    ids = {id_ for one in found for id_ in one.ids}
    return Found(tuple(ids), is_cut=any(one.is_cut for one in found))


def _look_up(word: str, key: Any, column: Any, most: int) -> list[int]:
    query = select(key).where(_begins(word, column)).distinct().limit(most + 1)
    return list(db.session.scalars(query))


def _begins(word: str, column: Any) -> ColumnElement[bool]:
    return and_(column >= word, column < word + AFTER_EVERYTHING)
