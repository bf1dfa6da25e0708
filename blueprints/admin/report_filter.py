"""What a report is of: a course or all, and days, in the address of its page."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request

import clock
from domain.months import MOST_MONTHS, Days, count_months
from domain.report_spans import YEAR
from services.provider import get_provider
from services.provider_days import today_is
from services.reports.completions import list_courses


@dataclass(frozen=True)
class Asked:
    """A report's course ('' for all), its days, and what was not understood by field."""

    course_id: int | None
    slug: str
    days: Days
    courses: list[tuple[str, str]]
    problems: dict[str, str]

    @property
    def arguments(self) -> dict[str, Any]:
        """The same report in an address."""
        first, last = self.days.first.isoformat(), self.days.last.isoformat()
        return {"course": self.slug, "first": first, "last": last}

    @property
    def file_name(self) -> str:
        return f"{self.slug or 'all-courses'}-{self.days.first}-{self.days.last}"


def read_filter() -> Asked:
    """The filter of the address; all courses and the last year where it says none."""
    courses = list_courses()
    ids = {slug: course_id for course_id, slug, _ in courses}
    wanted = request.args.get("course", "")
    slug = wanted if wanted in ids else ""
    problems: dict[str, str] = {}
    today = today_is(clock.now())
    last = read_day("last", today, problems)
    first = read_day("first", last - YEAR, problems)
    if not problems and first > last:
        problems["last"] = "The last day comes before the first."
    if not problems and count_months(first, last) > MOST_MONTHS:
        problems["first"] = "A report covers ten years at most. Choose fewer days."
    if problems:
        first, last = today - YEAR, today
    return Asked(
        course_id=ids.get(slug),
        slug=slug,
        days=Days(first, last, get_provider().time_zone),
        courses=[("", "All courses"), *((s, title) for _, s, title in courses)],
        problems=problems,
    )


def read_day(name: str, otherwise: date, problems: dict[str, str]) -> date:
    """A day of the address, or `otherwise`; what is wrong with it goes into `problems`."""
    text = request.args.get(name, "").strip()
    try:
        found = date.fromisoformat(text) if text else otherwise
    except ValueError:
        problems[name] = "Enter the day as a date, such as 2026-06-30."
        return otherwise
    if not 2000 <= found.year < 2200:
        problems[name] = "Enter a day of this century."
        return otherwise
    return found
