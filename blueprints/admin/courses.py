"""The courses in the panel: the list."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from blueprints.admin.listing import read_listing
from blueprints.admin.views import bp
from blueprints.csv_file import csv_file
from domain.wording import day, money
from models import Course, Edition
from services import course_list
from services.course_list import FILTERS, ORDERS

HEADS = ("Course", "Code", "Edition", "State", "Price", "Expires")


@bp.get("/admin/courses")
def list_courses() -> ResponseReturnValue:
    listing = read_listing("admin.list_courses", FILTERS, ORDERS, "title")
    size = None if listing.as_csv else 50
    found = course_list.list_courses(listing.filters, listing.order(ORDERS), listing.after, size)
    if listing.as_csv:
        return csv_file("courses", HEADS, [[_title(*row), *_cells(*row)] for row in found.rows])
    return render_template(
        "admin/courses.html",
        listing=listing,
        rows=[[_link(*row), *_cells(*row), _worksheet(*row)] for row in found.rows],
        next_after=found.next_after,
    )


def _title(course: Course, edition: Edition) -> str:
    return edition.title


def _link(course: Course, edition: Edition) -> Markup:
    href = url_for("admin.show_course", slug=course.slug)
    return Markup('<a href="{}">{}</a>').format(href, edition.title)


def _cells(course: Course, edition: Edition) -> list[str]:
    return [
        edition.code,
        str(edition.number),
        "Offered" if course.archived_at is None else "Archived",
        money(edition.price_cents, edition.currency),
        day(edition.expires),
    ]


def _worksheet(course: Course, edition: Edition) -> str | Markup:
    if course.archived_at is not None:
        return "–"
    return Markup('<a href="{}">Worksheet<span class="visually-hidden"> of {}</span></a>').format(
        url_for("admin.show_worksheet", slug=course.slug), edition.title
    )
