"""The courses of the center, on offer or archived, for the panel."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, select

from extensions import db
from models import Course, Edition
from services import keyset
from services.keyset import Order, Page

ORDERS = {
    "title": Order(Edition.title),
    "expires": Order(Edition.expires),
    "published": Order(Edition.published_at, descending=True),
}
FILTERS = ("q", "state")


def list_courses(
    asked: Mapping[str, str], order: Order, after: str = "", size: int | None = 50
) -> Page:
    """A page of courses, each with its current edition."""
    query = (
        select(Course, Edition)
        .join(Edition, Edition.id == Course.current_edition_id)
        .where(*_conditions(asked))
    )
    return keyset.get_page(query, order, Course.id, after, size)


def list_titles() -> list[tuple[str, str]]:
    """Slug and title of every course, by title."""
    query = select(Course.slug, Edition.title).join(
        Edition, Edition.id == Course.current_edition_id
    )
    return [(slug, title) for slug, title in db.session.execute(query.order_by(Edition.title))]


def _conditions(asked: Mapping[str, str]) -> list[ColumnElement[bool]]:
    states = {"offered": Course.archived_at.is_(None), "archived": Course.archived_at.is_not(None)}
    found = [states[asked["state"]]] if asked["state"] in states else []
    words = asked["q"].split()
    return found + [
        (Edition.code + " " + Edition.title).icontains(w, autoescape=True) for w in words
    ]
