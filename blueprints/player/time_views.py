"""The learner's own time record, as the auditor sees it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.http import identity
from blueprints.player.views import bp
from domain import wording
from domain.outline import Outline
from services import recorded_time
from services.enrollments import Study, get_study_for
from services.recorded_time import IntervalLine

EVIDENCE = {
    "active": "Signs of use, sent by the page",
    "page": "Open page, checked every minute",
    "open-finish": "Opened and finished",
    "declared": "Declared by you",
    "adjusted": "Corrected by the provider",
}


@bp.get("/learn/<slug>/time")
def show_time(slug: str) -> ResponseReturnValue:
    return _time_page(get_study_for(identity().person_id, slug))


@bp.get("/learn/<slug>/enrollments/<int:number>/time")
def show_earlier_time(slug: str, number: int) -> ResponseReturnValue:
    return _time_page(get_study_for(identity().person_id, slug, number))


def _time_page(found: Study) -> str:
    zone = identity().time_zone
    lines = recorded_time.list_lines(found.enrollment.id)
    return render_template(
        "player/time.html",
        study=found,
        total=sum(line.seconds for line in lines),
        units=_unit_totals(found.outline, lines),
        days=[_day(day, some, found.outline, zone) for day, some in _by_day(lines, zone)],
        evidence=EVIDENCE,
    )


def _unit_totals(outline: Outline, lines: Sequence[IntervalLine]) -> list[dict[str, Any]]:
    """Seconds by unit; the rest is the evaluation. Their sum is the sum of all intervals."""
    rows = [
        {
            "title": f"Unit {unit.number}: {unit.title}",
            "seconds": sum(line.seconds for line in lines if line.unit_number == unit.number),
            "minutes": unit.minutes,
        }
        for unit in outline.units
    ]
    other = sum(line.seconds for line in lines if line.unit_number is None)
    return [*rows, {"title": "Evaluation", "seconds": other, "minutes": None}]


def _by_day(lines: Sequence[IntervalLine], zone: str) -> list[tuple[date, list[IntervalLine]]]:
    days: dict[date, list[IntervalLine]] = {}
    for line in lines:
        days.setdefault(line.started_at.astimezone(ZoneInfo(zone)).date(), []).append(line)
    return sorted(days.items(), reverse=True)


def _day(day: date, lines: list[IntervalLine], outline: Outline, zone: str) -> dict[str, Any]:
    total = sum(line.seconds for line in lines)
    return {
        "name": wording.day(day),
        "spans": [
            (_minute(line.started_at, zone), _last_minute(line, zone), line.evidence)
            for line in lines
        ],
        "words": f"{wording.duration(total)} recorded between "
        f"{wording.clock_of_day(lines[0].started_at, zone)} and "
        f"{wording.clock_of_day(lines[-1].ended_at, zone)}.",
        "rows": [_row(line, outline, zone) for line in lines],
        "total": wording.to_the_second(total),
    }


def _row(line: IntervalLine, outline: Outline, zone: str) -> list[str]:
    return [
        _place(line, outline),
        _to_the_second(line.started_at, zone),
        "now" if line.is_open else _to_the_second(line.ended_at, zone),
        EVIDENCE[line.evidence],
        wording.to_the_second(line.seconds),
    ]


def _place(line: IntervalLine, outline: Outline) -> str:
    if line.place_kind == "evaluation":
        return "Evaluation"
    if line.place_kind == "attempt":
        return f"Unit {line.unit_number} · Post-test"
    titles = {item.id: item.title for item in outline.items()}
    return f"Unit {line.unit_number} · {titles.get(line.item_id or 0, 'Item')}"


def _to_the_second(instant: datetime, zone: str) -> str:
    there = instant.astimezone(ZoneInfo(zone))
    return f"{there.hour % 12 or 12}:{there:%M:%S %p}"


def _minute(instant: datetime, zone: str) -> int:
    there = instant.astimezone(ZoneInfo(zone))
    return there.hour * 60 + there.minute


def _last_minute(line: IntervalLine, zone: str) -> int:
    end = _minute(line.ended_at, zone)
    return end if end >= _minute(line.started_at, zone) else 1440
