"""Watched coverage: the union of played ranges, apart from time (time-record.md, Media)."""

from datetime import timedelta

HIGHEST_RATE = 2.0
"""The highest playback rate offered; coverage cannot grow faster than this."""
SLACK_S = 25.0
"""What may have been played before the first report; given once for a whole recording."""
ENOUGH_PERCENT = 90

Ranges = list[list[float]]


def union(ranges: Ranges) -> Ranges:
    """Sorted disjoint ranges covering the same seconds; touching ones are joined."""
    joined: Ranges = []
    for start, end in sorted(r for r in ranges if r[1] > r[0]):
        if joined and start <= joined[-1][1] + 0.5:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    return joined


def covered_seconds(ranges: Ranges) -> float:
    return sum(end - start for start, end in union(ranges))


def parse_ranges(text: str, duration: float) -> Ranges:
    """Ranges such as '0-12.5,40-61', cut to the recording. Raises ValueError on anything else."""
    ranges: Ranges = []
    for part in text.split(",")[:500]:
        if not part.strip():
            continue
        start, end = (float(number) for number in part.split("-", 1))
        if not (0 <= start <= end < float("inf")):
            raise ValueError(f"not a played range: {part!r}")
        ranges.append([round(min(start, duration), 1), round(min(end, duration), 1)])
    return union(ranges)


def grows_too_fast(before: Ranges, after: Ranges, elapsed: timedelta) -> bool:
    """Whether coverage grew by more than could be played in the time since the last report."""
    grown = covered_seconds(after) - covered_seconds(before)
    return grown > elapsed.total_seconds() * HIGHEST_RATE + SLACK_S


def is_enough(ranges: Ranges, duration: float) -> bool:
    """Whether so much has been played that the recording counts as played."""
    return covered_seconds(ranges) * 100 >= duration * ENOUGH_PERCENT
