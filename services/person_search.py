"""Finding people by the beginnings of words of their name or address, however many there are."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select

from domain.search_words import words_asked
from extensions import db
from models import PersonWord

MOST_FOUND = 1_000
AFTER_EVERYTHING = "\U0010ffff"


@dataclass(frozen=True)
class Found:
    """Who matches, by id; `is_cut` where more than MOST_FOUND do, so not all are among them."""

    ids: tuple[int, ...]
    is_cut: bool


EVERYBODY = None


def find_people(typed: str) -> Found | None:
    """Everybody who has, for each word typed, a word that begins with it; None: nothing typed.

    Each word alone is looked up as far as MOST_FOUND; the one with the fewest decides who is
    looked at, so a name of two frequent words may be cut: the page asks to type more of it.
    """
    words = words_asked(typed)
    if not words:
        return Found((), is_cut=False) if typed.strip() else EVERYBODY
    by_word = sorted((_look_up(word) for word in words), key=len)
    ids = by_word[0][:MOST_FOUND]
    for word in words:
        ids = _keep(ids, word)
    return Found(tuple(ids), is_cut=len(by_word[0]) > MOST_FOUND)


def _look_up(word: str) -> list[int]:
    query = select(PersonWord.person_id).where(_begins(word)).distinct().limit(MOST_FOUND + 1)
    return list(db.session.scalars(query))


def _keep(ids: list[int], word: str) -> list[int]:
    query = select(PersonWord.person_id).where(PersonWord.person_id.in_(ids), _begins(word))
    return list(db.session.scalars(query.distinct()))


def _begins(word: str) -> ColumnElement[bool]:
    return and_(PersonWord.word >= word, PersonWord.word < word + AFTER_EVERYTHING)
