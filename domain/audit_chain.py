"""The hash chain over the audit log: each link seals one event and everything before it.

A chain alone does not notice that its end was cut off. Heads noted elsewhere, the anchors, do
(quality.md, abuse case 40).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

START = "0" * 64
"""What the first link holds on to."""


@dataclass(frozen=True)
class Event:
    """What a link seals: every column of an event of the audit log."""

    id: int
    kind: str
    actor_id: int | None
    subject: str
    request_id: str
    facts: Mapping[str, Any]
    happened_at: datetime


@dataclass(frozen=True)
class Link:
    """A link as stored: its place in the chain, the event it seals, its hash."""

    number: int
    event_id: int
    hash: str


@dataclass(frozen=True)
class Segment:
    """Links that were removed on purpose when their time was over: a whole run of the chain."""

    first: int
    last: int
    last_hash: str


@dataclass(frozen=True)
class Anchor:
    """A head of the chain as noted elsewhere, and when."""

    number: int
    hash: str
    noted_at: datetime


@dataclass(frozen=True)
class Break:
    """An acknowledged break: a backup was restored whose chain ended at `after`."""

    after: int
    acknowledged_at: datetime


@dataclass
class Report:
    """What a verification found. The chain is whole if `faults` is empty."""

    sealed: int = 0
    removed: int = 0
    anchors: int = 0
    acknowledged: int = 0
    faults: list[str] = field(default_factory=list)


def link_hash(previous: str, event: Event) -> str:
    """SHA-256 over the previous hash and every field of the event, in one canonical form."""
    fields = [
        event.id,
        event.kind,
        event.actor_id,
        event.subject,
        event.request_id,
        event.facts,
        event.happened_at.isoformat(timespec="microseconds"),
    ]
    text = json.dumps(fields, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def verify(
    links: Iterable[tuple[Link, Event | None]],
    head: tuple[int, str],
    segments: Iterable[Segment] = (),
    anchors: Iterable[Anchor] = (),
    breaks: Iterable[Break] = (),
) -> Report:
    """Walk the chain in the order of its numbers and compare it with the anchors.

    `head` is the number and hash that the database says the chain ends with.
    """
    report = Report()
    removed = {segment.first: segment for segment in segments}
    asked = list(anchors)
    wanted = {anchor.number for anchor in asked}
    hashes: dict[int, str] = {0: START}
    number, previous = _skip(removed, 0, START, report, hashes)
    for link, event in links:
        if link.number != number + 1:
            report.faults.append(f"links {number + 1} to {link.number - 1} are missing")
        _check_link(link, event, previous, report)
        number, previous = link.number, link.hash
        report.sealed += 1
        if number in wanted:
            hashes[number] = previous
        number, previous = _skip(removed, number, previous, report, hashes)
    if (number, previous) != head:
        report.faults.append(f"the chain ends at link {number}, its head says {head[0]}")
    _check_anchors(asked, hashes, list(breaks), report)
    return report


def _skip(
    removed: dict[int, Segment], number: int, previous: str, report: Report, hashes: dict[int, str]
) -> tuple[int, str]:
    """Go on behind the segments removed on purpose that begin here."""
    while (segment := removed.pop(number + 1, None)) is not None:
        report.removed += segment.last - segment.first + 1
        number, previous = segment.last, segment.last_hash
        hashes[number] = previous
    return number, previous


def _check_link(link: Link, event: Event | None, previous: str, report: Report) -> None:
    if event is None:
        report.faults.append(f"event {link.event_id}, sealed by link {link.number}, is gone")
    elif link_hash(previous, event) != link.hash:
        report.faults.append(
            f"link {link.number} does not fit: event {link.event_id} or an order was changed"
        )


def _check_anchors(
    anchors: list[Anchor], hashes: dict[int, str], breaks: list[Break], report: Report
) -> None:
    for anchor in anchors:
        report.anchors += 1
        if hashes.get(anchor.number) == anchor.hash:
            continue
        if any(
            found.after < anchor.number and anchor.noted_at <= found.acknowledged_at
            for found in breaks
        ):
            report.acknowledged += 1
            continue
        what = "was changed" if anchor.number in hashes else "is gone"
        report.faults.append(
            f"link {anchor.number}, noted elsewhere on {anchor.noted_at:%Y-%m-%d}, {what}"
        )
