"""The rows of the panel's list of enrollments: each learner with the evidence of every step."""

from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup

from blueprints.admin.people import standing
from domain.enrollment_key import shown_code
from domain.wording import local_date
from services.rosters import RosterLine

HEADS = (
    "Learner", "E-mail address", "Course", "Enrolled", "By", "Items complete", "Post-tests passed",
    "Evaluation", "Standing", "Access until", "Certificate",
)  # fmt: skip
SOURCES = {"free": "Free", "order": "Order", "staff": "By hand"}


def roster_row(line: RosterLine, zone: str) -> list[Any]:
    """As on the page: the name leads to the enrollment."""
    href = url_for("admin.show_enrollment", enrollment_id=line.enrollment.id)
    name, *rest = roster_cells(line, zone)
    return [Markup('<a href="{}">{}</a>').format(href, name), *rest]


def roster_cells(line: RosterLine, zone: str) -> list[str]:
    """As in the file."""
    row = line.enrollment
    return [
        line.learner.name_on_license,
        line.learner.email,
        line.outline.title,
        local_date(row.enrolled_at, zone),
        f"Key {shown_code(line.key_code)}"
        if line.key_code
        else SOURCES.get(row.source, row.source),
        f"{line.items_done} of {line.items_total}",
        f"{line.tests_passed} of {line.tests_total}",
        _day_or_no(line.progress.evaluated_at, zone),
        standing(row, zone),
        local_date(row.access_until, zone),
        line.certificate_number or "Not yet",
    ]


def _day_or_no(instant: datetime | None, zone: str) -> str:
    return local_date(instant, zone) if instant is not None else "Not yet"
