"""The time record as pages show it: by unit, by day, declared and corrected. One for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain import wording
from domain.outline import Outline
from domain.study_days import Unusual, find_unusual, local_day, split_at_midnight
from services.recorded_time import IntervalLine

EVIDENCE = {
    "active": "Signs of use, sent by the page",
    "page": "Open page, checked every minute",
    "open-finish": "Opened and finished",
    "declared": "Declared by the learner",
    "adjusted": "Corrected by the provider",
}
MEASURED, ADJUSTED, DECLARED = "measured", "adjusted", "declared"


@dataclass(frozen=True)
class Piece:
    """The part of a measured interval that lies in one day."""

    line: IntervalLine
    start: datetime
    end: datetime
    is_last: bool

    @property
    def seconds(self) -> int:
        return int((self.end - self.start).total_seconds())


def record_context(outline: Outline, lines: Sequence[IntervalLine], zone: str) -> dict[str, Any]:
    """What `components/time_record.html` shows. Every total is the sum of the rows below it."""
    counted = [line for line in lines if outline.counts_declared or line.evidence != DECLARED]
    return {
        "total": sum(line.seconds for line in counted),
        "counts_declared": outline.counts_declared,
        "units": _unit_rows(outline, lines),
        "unit_foot": _unit_cells("Total", lines, outline, ""),
        "days": [_day(day, pieces, outline, zone) for day, pieces in _by_day(lines, zone)],
        "stated": [_stated_row(line, outline, zone) for line in lines if not line.is_measured],
        "unusual": [unusual_in_words(found) for found in find_unusual(_bounds(lines), zone)],
    }


def place_in_words(outline: Outline, unit_number: int | None, item_id: int | None) -> str:
    """'Unit 1 · Title of the item', 'Unit 1', or 'The course'."""
    item = next((item for item in outline.items() if item.id == item_id), None)
    if item is not None:
        return f"Unit {item.unit_number} · {item.title}"
    return f"Unit {unit_number}" if unit_number else "The course"


def signed(seconds: int) -> str:
    """'0:12:30', or '−0:05:00' for what was taken away."""
    words = wording.to_the_second(abs(seconds))
    return f"−{words}" if seconds < 0 else words


def _unit_rows(outline: Outline, lines: Sequence[IntervalLine]) -> list[list[str]]:
    rows = [
        _unit_cells(
            f"Unit {unit.number}: {unit.title}",
            [line for line in lines if line.unit_number == unit.number],
            outline,
            f"{unit.minutes} min",
        )
        for unit in outline.units
    ]
    rest = [line for line in lines if line.unit_number is None]
    return [*rows, _unit_cells("Evaluation and other", rest, outline, "–")]


def _unit_cells(
    title: str, lines: Sequence[IntervalLine], outline: Outline, minutes: str
) -> list[str]:
    sums = {MEASURED: 0, ADJUSTED: 0, DECLARED: 0}
    for line in lines:
        sums[MEASURED if line.is_measured else line.evidence] += line.seconds
    counted = sum(sums.values()) - (0 if outline.counts_declared else sums[DECLARED])
    return [title, *(signed(sums[kind]) for kind in sums), signed(counted), minutes]


def _by_day(lines: Sequence[IntervalLine], zone: str) -> list[tuple[date, list[Piece]]]:
    days: dict[date, list[Piece]] = {}
    for line in lines:
        if line.ended_at is None:
            continue
        parts = split_at_midnight((line.started_at, line.ended_at), zone)
        for number, (start, end) in enumerate(parts, start=1):
            piece = Piece(line, start, end, number == len(parts))
            days.setdefault(local_day(start, zone), []).append(piece)
    return sorted(days.items(), reverse=True)


def _day(day: date, pieces: list[Piece], outline: Outline, zone: str) -> dict[str, Any]:
    total = sum(piece.seconds for piece in pieces)
    first, last = pieces[0].start, pieces[-1].end
    return {
        "name": wording.day(day),
        "spans": [(_minute(p.start, zone), _end_minute(p, zone), p.line.evidence) for p in pieces],
        "words": f"{wording.duration(total)} recorded between "
        f"{wording.clock_of_day(first, zone)} and {wording.clock_of_day(last, zone)}.",
        "rows": [_row(piece, outline, zone) for piece in pieces],
        "total": wording.to_the_second(total),
    }


def _row(piece: Piece, outline: Outline, zone: str) -> list[str]:
    is_growing = piece.line.is_open and piece.is_last
    return [
        _place(piece.line, outline),
        _to_the_second(piece.start, zone),
        "now" if is_growing else _to_the_second(piece.end, zone),
        EVIDENCE[piece.line.evidence],
        wording.to_the_second(piece.seconds),
    ]


def _stated_row(line: IntervalLine, outline: Outline, zone: str) -> list[str]:
    return [
        place_in_words(outline, line.unit_number, line.item_id),
        wording.local_date(line.started_at, zone),
        EVIDENCE[line.evidence],
        line.reason,
        signed(line.seconds),
    ]


def _place(line: IntervalLine, outline: Outline) -> str:
    if line.place_kind == "evaluation":
        return "Evaluation"
    if line.place_kind == "attempt":
        return f"Unit {line.unit_number} · Post-test"
    return place_in_words(outline, line.unit_number, line.item_id)


def _bounds(lines: Sequence[IntervalLine]) -> list[tuple[datetime, datetime]]:
    return [(line.started_at, line.ended_at) for line in lines if line.ended_at is not None]


def unusual_in_words(found: Unusual) -> str:
    length, day = wording.duration(found.length), wording.day(found.day)
    if found.kind == "day":
        return f"{day}: {length} in one day"
    return f"{day}: {length} without a break of five minutes"


def _to_the_second(instant: datetime, zone: str) -> str:
    there = instant.astimezone(ZoneInfo(zone))
    return f"{there.hour % 12 or 12}:{there:%M:%S %p}"


def _minute(instant: datetime, zone: str) -> int:
    there = instant.astimezone(ZoneInfo(zone))
    return there.hour * 60 + there.minute


def _end_minute(piece: Piece, zone: str) -> int:
    """The last minute of a piece; midnight at its end is the end of the drawing."""
    before = _minute(piece.end - timedelta(microseconds=1), zone) if piece.seconds else 0
    return before + 1
