"""The lines of the panel's first page: a count, what it counts, and where it is dealt with."""

from dataclasses import dataclass

from flask import url_for

from domain.wording import day
from services.today import MOST_COUNTED, Ending, Today


@dataclass(frozen=True)
class Line:
    """So many of something wait; `detail` says more, `urgent` that somebody is kept waiting."""

    count: int
    words: str
    href: str
    detail: str = ""
    urgent: bool = False

    @property
    def shown(self) -> str:
        return up_to(self.count)


def waiting_lines(found: Today) -> list[Line]:
    """What is to be done, the most urgent first; also what nothing waits of."""
    return [*_trouble(found), *_people_waiting(found), *_money(found)]


def _trouble(found: Today) -> list[Line]:
    jobs = url_for("admin.list_stuck_jobs")
    mails = f"{found.failed_mails} of them mail." if found.failed_mails else ""
    return [
        Line(
            found.late_jobs,
            _number(found.late_jobs, "job is late", "jobs are late"),
            jobs,
            "Mail and certificates wait: the worker may not be running.",
            urgent=True,
        ),
        Line(
            found.failed_jobs,
            _number(found.failed_jobs, "job was given up", "jobs were given up"),
            jobs,
            f"They failed at every try. {mails}".strip(),
            urgent=True,
        ),
    ]


def _people_waiting(found: Today) -> list[Line]:
    overdue = f"{found.questions_overdue} overdue" if found.questions_overdue else "None overdue"
    return [
        Line(
            found.questions_waiting,
            _number(
                found.questions_waiting,
                "question waits for an answer",
                "questions wait for answers",
            ),
            url_for("instructor.show_queue"),
            overdue,
            urgent=found.questions_overdue > 0,
        ),
        Line(
            found.corrections,
            _number(found.corrections, "correction of time asked", "corrections of time asked"),
            url_for("admin.list_corrections"),
        ),
        Line(
            found.accommodations,
            _number(found.accommodations, "accommodation asked", "accommodations asked"),
            url_for("admin.list_accommodations"),
        ),
        Line(
            found.problems,
            _number(found.problems, "problem report is open", "problem reports are open"),
            url_for("admin.list_problems"),
            "Problems and grievances, new or in work",
        ),
    ]


def _money(found: Today) -> list[Line]:
    return [
        Line(
            found.refunds_due,
            _number(found.refunds_due, "refund due", "refunds due"),
            url_for("admin.list_orders", state="refund due"),
            urgent=True,
        ),
        Line(
            found.orders_open,
            _number(found.orders_open, "order waits for payment", "orders wait for payment"),
            url_for("admin.list_orders", state="open"),
        ),
    ]


def ending_lines(endings: list[Ending]) -> list[tuple[str, str, str, bool]]:
    """Name, address, when it ends in words, and whether that is within 30 days."""
    return [
        (_ending_name(one), _ending_href(one), _when(one), one.days_left <= 30) for one in endings
    ]


def _ending_name(one: Ending) -> str:
    return f"Approval of {one.name}" if one.kind == "approval" else f"Review of {one.name}"


def _ending_href(one: Ending) -> str:
    if one.kind == "approval":
        return url_for("admin.show_approval", approval_id=one.key)
    return url_for("catalog.show_course", slug=one.key)


def _when(one: Ending) -> str:
    if one.days_left < 0:
        return f"Ended on {day(one.last_day)}"
    for days in (30, 90, 180):
        if one.days_left <= days:
            left = "1 day" if one.days_left == 1 else f"{one.days_left} days"
            return f"Ends on {day(one.last_day)}, in {left} (within {days})"
    return f"Ends on {day(one.last_day)}"


def up_to(count: int) -> str:
    """A count in words, which stops at MOST_COUNTED."""
    return f"{MOST_COUNTED:,}+" if count >= MOST_COUNTED else f"{count:,}"


def _number(count: int, one: str, many: str) -> str:
    return one if count == 1 else many
