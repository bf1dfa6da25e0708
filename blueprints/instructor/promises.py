"""How many answers came in time, month by month."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

import clock
from blueprints.csv_file import csv_file
from blueprints.http import identity
from blueprints.instructor.views import bp
from domain.reply_time import MonthOfPromises
from services import reply_promises

HEADS = ("Month", "Due", "In time", "Late", "Not answered", "In time, percent")


@bp.get("/instructor/on-time")
def show_promises() -> ResponseReturnValue:
    months = reply_promises.list_months(identity(), clock.now())
    if request.args.get("format") == "csv":
        return csv_file("answers-on-time", HEADS, [_csv_row(month) for month in months])
    return render_template(
        "instructor/promises.html", months=months, rows=[_row(month) for month in months]
    )


def _csv_row(month: MonthOfPromises) -> list[object]:
    return [month.month, month.all, month.in_time, month.late, month.missing, month.share]


def _row(month: MonthOfPromises) -> list[str]:
    return [*(str(value) for value in _csv_row(month)[:-1]), f"{month.share} %"]
