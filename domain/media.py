"""Watched coverage: the union of played ranges, apart from time (time-record.md, Media)."""

from datetime import timedelta

HIGHEST_RATE = 2.0
"""The highest playback rate offered; coverage cannot grow faster than this."""
SLACK_S = 25.0
"""What may be played beyond what the clock allows, for reports that arrive late; given once."""
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


def spend(
    allowance_s: float, since_last: timedelta, since_opened: timedelta, grown_s: float
) -> float | None:
    """What is left of the allowance after coverage grew, or None where it grew too fast.

    The allowance fills up at the highest rate since the last report, whatever page or device sent
    it, but never to more than could be played since the page was opened, and `SLACK_S`. So ten
    windows earn no more than one, and a day away earns nothing.
    """
    filled = allowance_s + max(since_last.total_seconds(), 0) * HIGHEST_RATE
    bound = max(since_opened.total_seconds(), 0) * HIGHEST_RATE + SLACK_S
    left = min(filled, bound) - grown_s
    return left if left >= 0 else None


def is_enough(ranges: Ranges, duration: float) -> bool:
    """Whether so much has been played that the recording counts as played."""
    return covered_seconds(ranges) * 100 >= duration * ENOUGH_PERCENT
