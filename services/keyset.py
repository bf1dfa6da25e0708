"""Long lists a page at a time, by where the last page ended: no page is slower than the first.

Nothing is counted and no row is skipped over (quality.md §4.3: OFFSET and COUNT grow with the
table, a keyset does not).
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_

from extensions import db

SIZE = 50
LONGEST_PLACE = 600
LARGEST = 2**63


@dataclass(frozen=True)
class Order:
    """One way to sort a list: a column that is never NULL, with an index that fits."""

    column: Any
    descending: bool = False


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and where the next page begins ('' at the end)."""

    rows: Sequence[Any]
    next_after: str


def get_page(
    query: Select[*tuple[Any, ...]],
    order: Order,
    key: Any,
    after: str = "",
    size: int | None = SIZE,
) -> Page:
    """A page of `query`, sorted by `order` and then by `key`, a unique column.

    The query selects entities or columns; the sort values are added to it. `after` comes from
    an earlier page; one that is not understood begins at the start. `size` None: all rows.
    """
    sort = [_directed(order.column, order), _directed(key, order)]
    query = query.add_columns(order.column, key).order_by(*sort)
    place = _read(after, order.column.type.python_type)
    if place is not None:
        query = query.where(_beyond(order, key, *place))
    if size is None:
        return Page([row[:-2] for row in db.session.execute(query)], "")
    rows = db.session.execute(query.limit(size + 1)).all()
    last = rows[size - 1] if len(rows) > size else None
    return Page(
        [row[:-2] for row in rows[:size]], _write(last[-2], last[-1]) if last is not None else ""
    )


def _directed(column: Any, order: Order) -> Any:
    return column.desc() if order.descending else column.asc()


def _beyond(order: Order, key: Any, value: Any, key_value: Any) -> ColumnElement[bool]:
    """The rows behind a place, written so that the index of the sorted column bounds them."""
    column = order.column
    if order.descending:
        return and_(column <= value, or_(column < value, key < key_value))
    return and_(column >= value, or_(column > value, key > key_value))


def _write(value: Any, key: Any) -> str:
    plain = value.isoformat() if isinstance(value, date) else value
    return base64.urlsafe_b64encode(json.dumps([plain, key]).encode()).decode().rstrip("=")


def _read(text: str, kind: type) -> tuple[Any, Any] | None:
    """The value, of this kind, and the key of a place; None for what is no place."""
    if not text or len(text) > LONGEST_PLACE:
        return None
    try:
        value, key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        found = kind.fromisoformat(value) if issubclass(kind, date) else value
    except (ValueError, TypeError, binascii.Error):
        return None
    is_place = isinstance(found, kind) and isinstance(key, str | int)
    return (found, key) if is_place and _fits_database(found) and _fits_database(key) else None


def _fits_database(value: Any) -> bool:
    if isinstance(value, int):
        return abs(value) < LARGEST
    return not isinstance(value, str) or "\x00" not in value
