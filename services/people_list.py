"""The people of the center, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, literal_column, select

from models import Person
from services import keyset, person_search
from services.keyset import Order, Page

ORDERS = {
    "registered": Order(Person.registered_at, descending=True),
    "name": Order(Person.name_on_license),
}
FILTERS = ("q", "kind")
KINDS: dict[str, ColumnElement[Any]] = {
    "administrator": literal_column("person.is_administrator"),
    "instructor": literal_column("person.is_instructor"),
    "unconfirmed": literal_column("person.email_confirmed_at IS NULL"),
    "deactivated": literal_column("person.deactivated_at IS NOT NULL"),
}
"""Written as the partial indexes are, so that these are used on both databases."""


@dataclass(frozen=True)
class PeoplePage:
    """A page of people; `is_cut` where the words match too many to look at all."""

    page: Page
    is_cut: bool


def list_people(
    asked: Mapping[str, str], order: Order, after: str = "", size: int | None = 50
) -> PeoplePage:
    """A page of people by words of name or address, and by kind."""
    found = person_search.find_people(asked["q"])
    query = select(Person)
    if found is not None:
        query = query.where(Person.id.in_(found.ids))
    if asked["kind"] in KINDS:
        query = query.where(KINDS[asked["kind"]])
    page = keyset.get_page(query, order, Person.id, after, size)
    return PeoplePage(page, found is not None and found.is_cut)
