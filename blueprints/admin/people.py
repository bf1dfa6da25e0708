"""The people of the center in the panel: the list, and one person with all that is theirs."""

from typing import Any
from uuid import uuid4

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

import clock
from blueprints.accommodation_words import granted_in_words
from blueprints.admin.listing import read_listing
from blueprints.admin.views import bp
from blueprints.csv_file import csv_file
from blueprints.orders.views import STATE_WORDS
from domain.orders import shown_number
from domain.wording import local_date
from models import Certificate, Enrollment, Order, Person
from services import accommodation_requests, editions, enrollments, licenses, people, people_list
from services.enrollments import Study
from services.invoices import amount
from services.people_list import FILTERS, ORDERS
from services.provider import get_provider

HEADS = ("Name as on the license", "E-mail address", "Account", "Roles", "Since")


@bp.get("/admin/people")
def list_people() -> ResponseReturnValue:
    listing = read_listing("admin.list_people", FILTERS, ORDERS, "registered")
    size = None if listing.as_csv else 50
    found = people_list.list_people(listing.filters, listing.order(ORDERS), listing.after, size)
    people_found = [row[0] for row in found.page.rows]
    if listing.as_csv:
        return csv_file("people", HEADS, [[p.name_on_license, *_cells(p)] for p in people_found])
    return render_template(
        "admin/people.html",
        listing=listing,
        rows=[[person_link(p), *_cells(p)] for p in people_found],
        next_after=found.page.next_after,
        is_cut=found.is_cut,
    )


@bp.get("/admin/people/<int:person_id>")
def show_person(person_id: int) -> ResponseReturnValue:
    person = people.get_person(person_id)
    zone = get_provider().time_zone
    granted = accommodation_requests.list_in_force(clock.now(), person.id)
    return render_template(
        "admin/person.html",
        one=person,
        account=account_in_words(person),
        others=Markup(", ").join(_other(one) for one in people.list_others_of_address(person)),
        intent=uuid4().hex,
        roles=roles_in_words(person),
        erased=people.is_erased(person),
        licenses=licenses.list_licenses(person.id),
        studies=[_study_row(s, zone) for s in enrollments.list_studies_for(person.id)],
        certificates=[_certificate_row(c, zone) for c in people.list_certificates(person.id)],
        orders=[_order_row(o, zone) for o in people.list_orders(person.id)],
        granted=[(line, granted_in_words(line.accommodation)) for line in granted],
    )


def person_link(person: Person) -> Markup:
    """The name, leading to the person's page."""
    href = url_for("admin.show_person", person_id=person.id)
    return Markup('<a href="{}">{}</a>').format(href, person.name_on_license)


def _other(person: Person) -> Markup:
    """Another account of an address, and how it stands."""
    return Markup("{} ({})").format(person_link(person), account_in_words(person).lower())


def account_in_words(person: Person) -> str:
    if people.is_erased(person):
        return "Erased"
    if person.deactivated_at is not None:
        return "Deactivated"
    return "Active" if person.email_confirmed_at is not None else "Address not confirmed"


def roles_in_words(person: Person) -> str:
    roles = [("Administrator", person.is_administrator), ("Instructor", person.is_instructor)]
    return ", ".join(name for name, has in roles if has) or "Learner"


def standing(enrollment: Enrollment, zone: str) -> str:
    """How an enrollment stands, in words."""
    if enrollment.completed_at is not None:
        return f"Complete since {local_date(enrollment.completed_at, zone)}"
    if enrollment.ended_at is not None:
        return f"Withdrawn on {local_date(enrollment.ended_at, zone)}"
    if enrollment.access_until <= clock.now():
        return f"Access ended on {local_date(enrollment.access_until, zone)}"
    return "Studying"


def _cells(person: Person) -> list[str]:
    return [
        person.email,
        account_in_words(person),
        roles_in_words(person),
        local_date(person.registered_at, get_provider().time_zone),
    ]


def _study_row(study: Study, zone: str) -> list[Any]:
    row = study.enrollment
    href = url_for("admin.show_enrollment", enrollment_id=row.id)
    return [
        Markup('<a href="{}">{}</a>').format(href, study.outline.title),
        local_date(row.enrolled_at, zone),
        standing(row, zone),
    ]


def _certificate_row(row: Certificate, zone: str) -> list[Any]:
    href = url_for("admin.show_certificate", number=row.number)
    return [
        Markup('<a href="{}">{}</a>').format(href, row.number),
        editions.get_outline(row.edition_id).title,
        local_date(row.issued_at, zone),
    ]


def _order_row(row: Order, zone: str) -> list[Any]:
    href = url_for("admin.show_order", number=row.number)
    return [
        Markup('<a href="{}">{}</a>').format(href, shown_number(row.number)),
        row.facts["course"]["title"],
        local_date(row.ordered_at, zone),
        amount(row.total_cents, row.currency),
        STATE_WORDS[row.state][0],
    ]
