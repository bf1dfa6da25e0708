"""WebVTT files: captions and chapters."""

import re
from dataclasses import dataclass
from itertools import pairwise

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from course_format.files import MAX_TEXT_BYTES, read_text
from course_format.reading import Reading

TOLERANCE_PERCENT = 5
"""How far the last cue may end from the end of the recording (quality.md §1.1, media)."""

_ARROW = "-->"
_CUE = re.compile(
    r"\s*(?P<start>(?:\d{2,4}:)?[0-5]\d:[0-5]\d\.\d{3})\s+-->"
    r"\s+(?P<end>(?:\d{2,4}:)?[0-5]\d:[0-5]\d\.\d{3})(?:\s.*)?$",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class _Cue:
    start: float
    end: float
    line: int


def check_captions(path: str, duration: int, reading: Reading) -> None:
    """Report captions that cannot be read, are empty, or do not last as long as the recording."""
    cues = _read_cues(path, reading)
    if not cues or not duration:
        return
    end, line = max((cue.end, cue.line) for cue in cues)
    if abs(end - duration) * 100 > TOLERANCE_PERCENT * duration:
        message = (
            f"The last cue ends at {end:.1f} s, the recording at {duration} s: "
            f"more than {TOLERANCE_PERCENT} % apart."
        )
        reading.report.error(path, line, message)


def check_chapters(path: str, duration: int, reading: Reading) -> None:
    """Report chapters that cannot be read or that go beyond the recording."""
    for cue in _read_cues(path, reading):
        if duration and cue.end > duration + 1:
            message = f"This chapter ends at {cue.end:.1f} s, the recording at {duration} s."
            reading.report.error(path, cue.line, message)


def _read_cues(path: str, reading: Reading) -> list[_Cue]:
    text = read_text(reading.folder, path, reading.report, MAX_TEXT_BYTES)
    if text is None:
        return []
    lines = text.split("\n")
    timed = [number for number, line in enumerate(lines, 1) if _ARROW in line]
    cues = [cue for number in timed if (cue := _read_cue(lines, number, path, reading))]
    if len(cues) == len(timed):
        _check_whole(text, path, reading)
    for before, cue in pairwise(cues):
        if cue.start < before.start:
            reading.report.error(path, cue.line, "This cue begins before the one above it.")
    return cues


def _check_whole(text: str, path: str, reading: Reading) -> None:
    try:
        found = webvtt.from_string(text, strict=True).captions
    except (MalformedFileError, MalformedCaptionError, ValueError) as problem:
        reading.report.error(path, 1, f"This is not a WebVTT file: {problem}.")
        return
    if not found:
        reading.report.error(path, 0, "There is no cue in this file.")


def _read_cue(lines: list[str], number: int, path: str, reading: Reading) -> _Cue | None:
    match = _CUE.match(lines[number - 1])
    if match is None:
        message = "Write the times of a cue as “00:00:01.000 --> 00:00:04.000”."
        reading.report.error(path, number, message)
        return None
    cue = _Cue(_seconds(match["start"]), _seconds(match["end"]), number)
    if cue.end <= cue.start:
        reading.report.error(path, number, "This cue ends before it begins.")
    if number == len(lines) or not lines[number].strip():
        reading.report.error(path, number, "This cue has no text.")
    return cue


def _seconds(time: str) -> float:
    seconds = 0.0
    for part in time.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds
