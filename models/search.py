"""The databases' own full-text search over CourseListing, and how a query is written for each.

The index is the table `course_search`: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL.
Triggers keep it; a migration makes both. It is no model: the two have nothing in common.
"""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    column,
    false,
    func,
    literal_column,
    table,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

SEARCH_TABLE = "course_search"
MOST_WORDS = 12
_WORD = re.compile(r"[^\W_]+")
_WEIGHTS = "10.0, 8.0, 4.0, 4.0, 5.0, 1.0"
"""Of code, title, summary, instructors, objectives, body on SQLite; PostgreSQL has A to D."""


@dataclass(frozen=True)
class Match:
    """A search in the index: the table, the id of a course, which rows match, the best first."""

    table: FromClause
    course_id: ColumnElement[int]
    matches: ColumnElement[bool]
    best_first: ColumnElement[Any]


def search_words(text: str) -> list[str]:
    """The words of a search: letters and digits only, so that no text is a command."""
    return _WORD.findall(text)[:MOST_WORDS]


def looked_up(ids: InstrumentedAttribute[int]) -> ColumnElement[int]:
    """Ids to be looked up among those that match, in the order their own table is read.

    The + keeps SQLite from beginning with the index of words, and sorting what it finds.
    """
    return UnaryExpression(ids.expression, operator=custom_op("+"), type_=ids.type)


def match_words(text: str, dialect: str) -> Match:
    """Courses that have every word, or a word beginning with it; none for a text without words."""
    words = search_words(text)
    return _for_sqlite(words) if dialect == "sqlite" else _for_postgresql(words)


def _for_sqlite(words: list[str]) -> Match:
    """The + keeps other conditions from looking each row up in the index, one search for each."""
    query = " ".join(f'"{word}"*' for word in words)
    is_match: ColumnElement[bool] = literal_column(SEARCH_TABLE).op("MATCH")(query)
    course_id: ColumnElement[int] = literal_column(f"+{SEARCH_TABLE}.rowid", Integer)
    rank: ColumnElement[Any] = literal_column(f"bm25({SEARCH_TABLE}, {_WEIGHTS})")
    return Match(table(SEARCH_TABLE), course_id, is_match if words else false(), rank)


def _for_postgresql(words: list[str]) -> Match:
    search = table(SEARCH_TABLE, column("course_id", Integer), column("document"))
    english: ColumnElement[Any] = literal_column("'english'::regconfig")
    query = func.to_tsquery(english, " & ".join(f"{word}:*" for word in words))
    is_match: ColumnElement[bool] = search.c.document.op("@@")(query)
    rank = func.ts_rank(search.c.document, query).desc()
    return Match(search, search.c.course_id, is_match if words else false(), rank)
