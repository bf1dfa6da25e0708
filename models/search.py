"""The databases' own full-text search over CourseListing, and how a query is written for each.

The index is the table `course_search`: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL.
Triggers keep it; a migration makes both. It is no model: the two have nothing in common.
"""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, column, false, func, literal_column, table
from sqlalchemy.orm import InstrumentedAttribute

SEARCH_TABLE = "course_search"
MOST_WORDS = 12
_WORD = re.compile(r"[^\W_]+")
_WEIGHTS = "10.0, 8.0, 4.0, 4.0, 5.0, 1.0"
"""Of code, title, summary, instructors, objectives, body on SQLite; PostgreSQL has A to D."""


@dataclass(frozen=True)
class Match:
    """How a search joins the listings: the table, on what, which rows match, the best first."""

    table: FromClause
    on: ColumnElement[Any]
    matches: ColumnElement[bool]
    best_first: ColumnElement[Any]


def search_words(text: str) -> list[str]:
    """The words of a search: letters and digits only, so that no text is a command."""
    return _WORD.findall(text)[:MOST_WORDS]


def match_words(
    text: str, course_id: ColumnElement[int] | InstrumentedAttribute[int], dialect: str
) -> Match:
    """Courses that have every word, or a word beginning with it; none for a text without words."""
    words = search_words(text)
    if dialect == "sqlite":
        return _for_sqlite(words, course_id)
    return _for_postgresql(words, course_id)


def _for_sqlite(
    words: list[str], course_id: ColumnElement[int] | InstrumentedAttribute[int]
) -> Match:
    search = table(SEARCH_TABLE, column("rowid"))
    query = " ".join(f'"{word}"*' for word in words)
    is_match: ColumnElement[bool] = literal_column(SEARCH_TABLE).op("MATCH")(query)
    rank: ColumnElement[Any] = literal_column(f"bm25({SEARCH_TABLE}, {_WEIGHTS})")
    return Match(search, search.c.rowid == course_id, is_match if words else false(), rank)


def _for_postgresql(
    words: list[str], course_id: ColumnElement[int] | InstrumentedAttribute[int]
) -> Match:
    search = table(SEARCH_TABLE, column("course_id"), column("document"))
    english: ColumnElement[Any] = literal_column("'english'::regconfig")
    query = func.to_tsquery(english, " & ".join(f"{word}:*" for word in words))
    is_match: ColumnElement[bool] = search.c.document.op("@@")(query)
    rank = func.ts_rank(search.c.document, query).desc()
    return Match(search, search.c.course_id == course_id, is_match if words else false(), rank)
