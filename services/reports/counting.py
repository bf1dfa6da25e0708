"""Counting rows by month, each month by a range of an index."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, union_all

from domain.months import Month
from extensions import db

Column = ColumnElement[Any] | Any


def count_by_month(
    instant: Column, months: Sequence[Month], *conditions: ColumnElement[bool]
) -> dict[str, int]:
    """How many rows have `instant` in each month, by the month's name; months of none have 0."""
    parts = [
        select(literal(month.name), func.count(instant)).where(
            instant >= month.start, instant < month.end, *conditions
        )
        for month in months
    ]
    return dict(db.session.execute(union_all(*parts)).all())
