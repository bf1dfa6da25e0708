"""Rules of agency contracts: when they are in force, who is invited, what an agency sees."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.identity import tidy_name

MOST_INVITED = 100
LONGEST_NAME = 120
LONGEST_ADDRESS = 254
ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")

SEEN_BY_AGENCY = (
    "your name as on your license",
    "the course, the day you enrolled, and how many of its items and post-tests are done",
    "whether and when you completed it, and then the hours and number of your certificate",
)
"""What the manager of an agency sees of a learner; pages, mail and the privacy policy say so."""
NOT_SEEN_BY_AGENCY = (
    "your answers, scores and attempts, your recorded time, your evaluation, your messages to the "
    "instructor, accommodations, licenses, e-mail address, or courses you take without the agency"
)


@dataclass(frozen=True)
class Term:
    """When a contract is in force, and its seats."""

    valid_from: datetime
    valid_until: datetime
    ended_at: datetime | None
    seats: int
    used: int

    def state(self, now: datetime) -> str:
        """'ended', 'not begun', 'over', 'used up' or 'open'."""
        if self.ended_at is not None:
            return "ended"
        if now < self.valid_from:
            return "not begun"
        if now >= self.valid_until:
            return "over"
        return "used up" if self.used >= self.seats else "open"


@dataclass(frozen=True)
class Invitee:
    """A person to invite. `email` is '' where the invitation goes out on a list."""

    name: str
    email: str = ""


class UnreadableLine(ValueError):
    """A line that names nobody; the text says which line, and what is missing."""


def read_invitees(text: str, *, by_mail: bool) -> list[Invitee]:
    """One person a line: a name, and for mail a comma and an address. Raises UnreadableLine.

    Empty lines are skipped; the same address twice is refused, since each gets a key of their own.
    """
    lines = [(n, tidy_name(line)) for n, line in enumerate(text.splitlines(), 1)]
    found = [_read_line(number, line, by_mail) for number, line in lines if line]
    if not found:
        raise UnreadableLine("Enter at least one person.")
    if len(found) > MOST_INVITED:
        raise UnreadableLine(f"Invite at most {MOST_INVITED} people at a time.")
    _refuse_repeated(found)
    return found


def begin_of(day: date, zone: str) -> datetime:
    """The first instant of a day in a time zone."""
    return datetime.combine(day, time.min, ZoneInfo(zone))


def end_of(day: date, zone: str) -> datetime:
    """The first instant after a day in a time zone."""
    return begin_of(day + timedelta(days=1), zone)


def last_day_of(until: datetime, zone: str) -> date:
    """The last whole or begun day before an instant, in a time zone."""
    return (until - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()


def _read_line(number: int, line: str, by_mail: bool) -> Invitee:
    name, _, address = (part.strip() for part in line.partition(","))
    if not name or ADDRESS.fullmatch(name):
        raise UnreadableLine(f"Line {number} has no name. Write: name, e-mail address.")
    if len(name) > LONGEST_NAME:
        raise UnreadableLine(f"Line {number}: a name has at most {LONGEST_NAME} characters.")
    if not by_mail:
        return Invitee(name)
    if not ADDRESS.fullmatch(address) or len(address) > LONGEST_ADDRESS:
        raise UnreadableLine(
            f"Line {number} has no e-mail address. Write: name, comma, name@example.org."
        )
    return Invitee(name, address)


def _refuse_repeated(found: list[Invitee]) -> None:
    seen: set[str] = set()
    for invitee in found:
        address = invitee.email.casefold()
        if address and address in seen:
            raise UnreadableLine(f"{invitee.email} is on the list twice.")
        seen.add(address)
