"""Keyset pages: every row once, in order, whatever the sort, ties included."""

import base64
import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import clock
from extensions import db
from models import OutgoingMail
from services.keyset import Order, get_page

NOW = clock.now().replace(microsecond=0)


@pytest.fixture
def mails(context: Flask) -> list[int]:
    """Seven mails, of which several share a subject or a moment."""
    rows = [
        OutgoingMail(
            recipient="a@example.org",
            subject=f"subject {number // 3}",
            body="",
            message_id=f"<{number}@test>",
            created_at=NOW + timedelta(seconds=number // 2),
        )
        for number in range(7)
    ]
    db.session.add_all(rows)
    db.session.flush()
    return [row.id for row in rows]


@pytest.mark.parametrize("column", ["subject", "created_at", "id"])
@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_pages_hold_every_row_once_and_in_order(
    mails: list[int], column: str, descending: bool, size: int
) -> None:
    order = Order(getattr(OutgoingMail, column), descending)
    query = select(OutgoingMail).where(OutgoingMail.id.in_(mails))
    found: list[OutgoingMail] = []
    after = ""
    for _ in range(len(mails) + 1):
        page = get_page(query, order, OutgoingMail.id, after, size)
        found += [row[0] for row in page.rows]
        after = page.next_after
        if not after:
            break
    expected = sorted(found, key=lambda m: (getattr(m, column), m.id), reverse=descending)
    assert [m.id for m in found] == [m.id for m in expected]
    assert sorted(m.id for m in found) == sorted(mails)


def place(value: object, key: object) -> str:
    return base64.urlsafe_b64encode(json.dumps([value, key]).encode()).decode()


@pytest.mark.parametrize("column", ["subject", "created_at", "id"])
@pytest.mark.parametrize(
    "after",
    [
        "nonsense",
        "e30",
        "ä" * 9,
        "A" * 5000,
        place([], 1),
        place(10**40, 1),
        place(1, 10**40),
        place("\x00", 1),
        place("2026", {}),
        place(None, 1),
        place(1.5, 1),
        place("x", []),
    ],
)
def test_a_place_that_is_none_begins_at_the_start(
    mails: list[int], column: str, after: str
) -> None:
    query = select(OutgoingMail).where(OutgoingMail.id.in_(mails))
    order = Order(getattr(OutgoingMail, column))
    page = get_page(query, order, OutgoingMail.id, after, 2)
    assert [row[0].id for row in page.rows] == mails[:2]


def test_all_rows_where_no_size_is_given(mails: list[int]) -> None:
    query = select(OutgoingMail).where(OutgoingMail.id.in_(mails))
    page = get_page(query, Order(OutgoingMail.id), OutgoingMail.id, size=None)
    assert (len(page.rows), page.next_after) == (7, "")
