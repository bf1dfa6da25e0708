"""The rows of the management panel's tables."""

from datetime import datetime, timedelta

from flask import url_for
from markupsafe import Markup

from domain.enrollment_key import shown_code
from domain.wording import local_date
from services.enrollment_keys import KeyLine
from services.rosters import RosterLine

STATES = {
    "open": "Open",
    "withdrawn": "Withdrawn",
    "out of date": "Out of date",
    "used up": "All seats taken",
}
ONE_SECOND = timedelta(seconds=1)


def roster_rows(lines: list[RosterLine], zone: str) -> list[list[str]]:
    """Each learner with the evidence of every step, in words."""
    return [
        [
            Markup('<a href="{}">{}</a>').format(
                url_for("admin.show_time_record", enrollment_id=line.enrollment.id),
                line.learner.name_on_license,
            ),
            line.learner.email,
            local_date(line.enrollment.enrolled_at, zone),
            f"Key {shown_code(line.key_code)}" if line.key_code else "Free",
            f"{line.items_done} of {line.items_total}",
            _tests(line),
            _day_or_no(line.progress.evaluated_at, zone),
            _standing(line, zone),
            line.certificate_number or "Not yet",
        ]
        for line in lines
    ]


def _tests(line: RosterLine) -> str:
    """How many post-tests are passed, leading to the learner's attempts."""
    return Markup(
        '<a href="{}">{} of {}<span class="visually-hidden"> post-tests passed by {}</span></a>'
    ).format(
        url_for("admin.show_attempts", enrollment_id=line.enrollment.id),
        line.tests_passed,
        line.tests_total,
        line.learner.name_on_license,
    )


def key_state(line: KeyLine, now: datetime) -> str:
    return STATES[line.state(now)]


def last_day(line: KeyLine, zone: str) -> str:
    """The last day a key works, in the provider's time zone."""
    until = line.key.valid_until
    return local_date(until - ONE_SECOND, zone) if until else "No end"


def _standing(line: RosterLine, zone: str) -> str:
    if line.enrollment.completed_at is not None:
        return f"Complete since {local_date(line.enrollment.completed_at, zone)}"
    return "Withdrawn" if line.enrollment.ended_at is not None else "Studying"


def _day_or_no(instant: datetime | None, zone: str) -> str:
    return local_date(instant, zone) if instant is not None else "Not yet"
