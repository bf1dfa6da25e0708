"""The reports of the panel: one page for each question a director has, drawn, in tables, as CSV."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

import clock
from blueprints.admin.report_filter import Asked, read_filter
from blueprints.admin.views import bp
from blueprints.csv_file import csv_file
from domain.reply_time import MonthOfPromises
from domain.spread import Spread
from services import editions, evaluation_results
from services.evaluation_results import Results
from services.invoices import amount
from services.reports import answers, completions, money, post_tests
from services.reports.completions import Completions
from services.reports.money import MoneyLine
from services.reports.post_tests import TestLine

COMPLETION_HEADS = (
    "Month or course", "Enrolled", "Completed", "Least days", "Lower quartile of days",
    "Median days", "Upper quartile of days", "Greatest days",
)  # fmt: skip
TEST_HEADS = (
    "Course or unit", "Submitted", "Passed", "Passed, percent", "At the first attempt",
    "At the second", "At the third", "Later",
)  # fmt: skip
ANSWER_HEADS = ("Month", "Due", "In time", "Late", "Not answered", "In time, percent")
MONEY_HEADS = (
    "Month or course", "Currency", "Payments", "Paid", "Refunds", "Refunded", "Kept",
)  # fmt: skip
EVALUATION_HEADS = ("Question", "Answers", "Mean", "1", "2", "3", "4", "5")


@bp.get("/admin/reports")
def list_reports() -> ResponseReturnValue:
    return render_template("admin/reports.html")


@bp.get("/admin/reports/completions")
def show_completions() -> ResponseReturnValue:
    asked = read_filter()
    report = completions.get_completions(asked.days, asked.course_id)
    months = [[m.month, m.enrolled, m.completed] for m in report.months]
    if _wants_csv():
        empty = [""] * 5
        rows: list[list[object]] = [[*month, *empty] for month in months]
        courses = [[c.title, c.enrolled, c.completed, *_figures(c.days)] for c in report.courses]
        return _csv("completions", asked, COMPLETION_HEADS, rows + courses)
    return render_template(
        "admin/report_completions.html",
        asked=asked,
        report=report,
        days=_days_in_words(report.days),
        bars=_completion_bars(report),
        most=max((m.completed for m in report.months), default=0),
        months=_as_text(months),
        courses=[
            [_course_link("admin.show_completions", asked, c.slug, c.title), c.enrolled,
             c.completed, *_figures(c.days)]
            for c in report.courses
        ],
        plot=[(c.title, c.days, 0, _days_in_words(c.days)) for c in report.courses if c.days],
    )  # fmt: skip


@bp.get("/admin/reports/post-tests")
def show_test_report() -> ResponseReturnValue:
    asked = read_filter()
    lines = post_tests.list_tests(asked.days, asked.slug)
    rows = [_test_row(line) for line in lines]
    if _wants_csv():
        return _csv("post-tests", asked, TEST_HEADS, rows)
    parts = [line for line in lines if line.key and line.submitted]
    return render_template(
        "admin/report_post_tests.html",
        asked=asked,
        bars=[(line.title, line.share, _share(line), "") for line in parts],
        submitted=sum(line.submitted for line in lines if line.key),
        rows=[
            [
                line.title
                if asked.slug
                else _course_link("admin.show_test_report", asked, line.key, line.title),
                *_as_text([_test_row(line)[1:]])[0],
            ]
            for line in lines
        ],
    )


@bp.get("/admin/reports/answers")
def show_answer_report() -> ResponseReturnValue:
    asked = read_filter()
    months = answers.list_months(asked.days, asked.course_id, clock.now())
    rows = [_answer_row(month) for month in months]
    if _wants_csv():
        return _csv("answers", asked, ANSWER_HEADS, rows)
    due = [month for month in months if month.all]
    return render_template(
        "admin/report_answers.html",
        asked=asked,
        bars=[(m.month, m.share, f"{m.in_time} of {m.all} in time, {m.share} %", "") for m in due],
        due=sum(m.all for m in due),
        in_time=sum(m.in_time for m in due),
        rows=_as_text(rows),
    )


@bp.get("/admin/reports/money")
def show_money_report() -> ResponseReturnValue:
    asked = read_filter()
    report = money.get_money(asked.days, asked.course_id)
    if _wants_csv():
        lines = (*report.months, *report.courses)
        return _csv("money", asked, MONEY_HEADS, [_money_cells(line) for line in lines])
    paid = [line for line in report.months if line.paid_cents or line.refunded_cents]
    return render_template(
        "admin/report_money.html",
        asked=asked,
        totals=[line for line in report.totals if line.payments or line.refunds],
        amount=amount,
        bars=[(_money_name(line), line.paid_cents, _money_words(line), "") for line in paid],
        most=max((line.paid_cents for line in report.months), default=0),
        months=[_money_row(line) for line in report.months],
        courses=[_money_row(line) for line in report.courses],
        foot=_money_row(report.totals[0]) if len(report.totals) == 1 else None,
    )


@bp.get("/admin/reports/evaluations")
def show_evaluation_report() -> ResponseReturnValue:
    """Means by objective of one course's current edition; never of fewer than five."""
    asked = read_filter()
    courses = asked.courses[1:]
    slug = asked.slug or next((slug for slug, _ in courses), "")
    results = _results(slug, request.args.get("period", "")) if slug else None
    fields = [f for f in (results.fields if results else None) or () if f.field.kind == "scale"]
    rows = [[f.field.label, f.given, _mean(f.mean), *(n for _, n in f.counts)] for f in fields]
    if _wants_csv():
        period = results.period if results and results.period else "all"
        return csv_file(f"evaluations-{slug}-{period}", EVALUATION_HEADS, rows)
    return render_template(
        "admin/report_evaluations.html",
        courses=courses,
        slug=slug,
        results=results,
        periods=[("", "All"), *((p, p) for p in (results.periods if results else []))],
        bars=[(f.field.label, f.mean or 0, f"{_mean(f.mean)} of 5", "") for f in fields if f.given],
        rows=_as_text(rows),
    )


def _results(slug: str, period: str) -> Results:
    edition_id = editions.get_course(slug).current_edition_id
    assert edition_id is not None
    return evaluation_results.get_results(editions.get_outline(edition_id), period, 0)


def _wants_csv() -> bool:
    return request.args.get("format") == "csv"


def _csv(
    name: str, asked: Asked, heads: Sequence[str], rows: Sequence[Sequence[object]]
) -> ResponseReturnValue:
    return csv_file(f"{name}-{asked.file_name}", heads, [] if asked.problems else rows)


def _course_link(endpoint: str, asked: Asked, slug: str, title: str) -> Markup:
    href = url_for(endpoint, **{**asked.arguments, "course": slug})
    return Markup('<a href="{}">{}</a>').format(href, title)


def _completion_bars(report: Completions) -> list[tuple[str, int, str, str]]:
    return [
        (m.month, m.completed, f"{m.completed} completed, {m.enrolled} enrolled", "")
        for m in report.months
    ]


def _days_in_words(spread: Spread | None) -> str:
    if spread is None:
        return "Nobody completed."
    return (
        f"Median {spread.median} days; the middle half took {spread.lower} to {spread.upper},"
        f" all {spread.least} to {spread.greatest}."
    )


def _figures(spread: Spread | None) -> list[object]:
    if spread is None:
        return [""] * 5
    return [spread.least, spread.lower, spread.median, spread.upper, spread.greatest]


def _test_row(line: TestLine) -> list[object]:
    return [line.title, line.submitted, line.passed, line.share, *line.passed_at]


def _share(line: TestLine) -> str:
    return f"{line.passed} of {line.submitted} passed, {line.share} %"


def _answer_row(month: MonthOfPromises) -> list[object]:
    return [month.month, month.all, month.in_time, month.late, month.missing, month.share]


def _money_cells(line: MoneyLine) -> list[object]:
    """Amounts as plain numbers, for spreadsheets."""
    paid, refunded, kept = (
        Decimal(cents).scaleb(-2)
        for cents in (line.paid_cents, line.refunded_cents, line.kept_cents)
    )
    return [line.title, line.currency, line.payments, paid, line.refunds, refunded, kept]


def _money_row(line: MoneyLine) -> list[str]:
    kept = amount(abs(line.kept_cents), line.currency)
    return [
        _money_name(line),
        str(line.payments),
        amount(line.paid_cents, line.currency),
        str(line.refunds),
        amount(line.refunded_cents, line.currency),
        kept if line.kept_cents >= 0 else f"−{kept}",
    ]


def _money_name(line: MoneyLine) -> str:
    return line.title if line.currency == "USD" else f"{line.title} ({line.currency})"


def _money_words(line: MoneyLine) -> str:
    paid = f"{amount(line.paid_cents, line.currency)} paid"
    back = f", {amount(line.refunded_cents, line.currency)} refunded" if line.refunds else ""
    return paid + back


def _mean(mean: float | None) -> str:
    return "–" if mean is None else f"{mean:.2f}"


def _as_text(rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in rows]
