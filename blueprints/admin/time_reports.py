"""The report of study time in the panel: a course and a period, drawn, in a table, as CSV."""

from dataclasses import replace
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

import clock
from blueprints.admin.report_filter import Asked, read_filter
from blueprints.admin.views import bp
from blueprints.csv_file import csv_file
from blueprints.time_words import unusual_in_words
from domain import wording
from domain.spread import Spread
from services import editions, time_reports
from services.provider_days import today_is
from services.reports import long_study
from services.reports.long_study import Flagged
from services.time_reports import TimeReport, UnitTime

SHORT = {
    "active": "In use",
    "page": "Open page",
    "open-finish": "Opened, finished",
    "declared": "Declared",
    "adjusted": "Corrected",
}
CSV_HEADS = (
    "Unit", "Declared minutes", "Learners", "Least minutes", "Lower quartile", "Median minutes",
    "Upper quartile", "Greatest minutes", *(f"{name} (hours)" for name in SHORT.values()),
)  # fmt: skip


@bp.get("/admin/study-time")
def show_time_report() -> ResponseReturnValue:
    asked = _asked()
    report = _report(asked)
    flagged = _flagged(asked)
    return render_template(
        "admin/study_time.html",
        courses=asked.courses,
        asked=asked,
        report=report,
        plot=[_plot_row(part) for part in report.units] if report and report.learners else [],
        rows=[_table_row(part) for part in (*report.units, report.whole)] if report else [],
        evidence=[_evidence_row(part) for part in (*report.units, report.whole)] if report else [],
        evidence_heads=list(SHORT.values()),
        whole=_words(report.whole) if report else "",
        flagged=flagged,
        long_study=[(one, [unusual_in_words(f) for f in one.found]) for one in flagged.learners]
        if flagged
        else [],
    )


@bp.get("/admin/study-time.csv")
def download_time_report() -> ResponseReturnValue:
    asked = _asked()
    report = _report(asked)
    parts = (*report.units, report.whole) if report else ()
    return csv_file(f"study-time-{asked.file_name}", CSV_HEADS, [_csv_row(part) for part in parts])


def _asked() -> Asked:
    """The course and days of the address; the first course and the last year where it says none."""
    asked = read_filter()
    courses = asked.courses[1:]
    slug = asked.slug or next((slug for slug, _ in courses), "")
    return replace(asked, slug=slug, courses=courses)


def _report(asked: Asked) -> TimeReport | None:
    if not asked.slug or asked.problems:
        return None
    return time_reports.get_report(asked.slug, asked.days)


def _flagged(asked: Asked) -> Flagged | None:
    if not asked.slug or asked.problems:
        return None
    course_id = editions.get_course(asked.slug).id
    return long_study.list_flagged(course_id, asked.days, today_is(clock.now()))


def _plot_row(part: UnitTime) -> tuple[str, Spread | None, int, str]:
    return part.title, part.spread, part.minutes * 60, _words(part)


def _words(part: UnitTime) -> str:
    spread = part.spread
    if spread is None:
        return "Nobody yet."
    return (
        f"Median {wording.duration(spread.median)} of {part.minutes} min declared; the middle half "
        f"took {wording.duration(spread.lower)} to {wording.duration(spread.upper)}, all "
        f"{wording.duration(spread.least)} to {wording.duration(spread.greatest)}."
    )


def _table_row(part: UnitTime) -> list[str]:
    figures = _figures(part.spread)
    return [part.title, f"{part.minutes} min", *(wording.to_the_second(one) for one in figures)]


def _evidence_row(part: UnitTime) -> list[str]:
    return [part.title, *(_signed(part.by_evidence[kind]) for kind in SHORT)]


def _csv_row(part: UnitTime) -> list[Any]:
    learners = part.spread.count if part.spread else 0
    minutes = [f"{one / 60:.1f}" for one in _figures(part.spread)]
    hours = [f"{part.by_evidence[kind] / 3600:.2f}" for kind in SHORT]
    return [part.title, part.minutes, learners, *minutes, *hours]


def _figures(spread: Spread | None) -> list[int]:
    if spread is None:
        return []
    return [spread.least, spread.lower, spread.median, spread.upper, spread.greatest]


def _signed(seconds: int) -> str:
    words = wording.to_the_second(abs(seconds))
    return f"−{words}" if seconds < 0 else words
