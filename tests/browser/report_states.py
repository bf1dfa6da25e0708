"""The reports of the panel, and audit packs that wait and are given up."""

from datetime import timedelta

from sqlalchemy import select

import clock
from commands.demonstration import REFERENCE_COURSE
from extensions import db
from models import Person
from services.audit import Actor
from services.audit_pack import packs
from services.provider_days import today_is

REPORTS = ("completions", "post-tests", "answers", "money", "evaluations")


def add_reports() -> list[str]:
    """Asks for two packs and gives one up; the administrator's pages of reports."""
    now = clock.now()
    person_id = db.session.scalars(
        select(Person.id).where(Person.email == "carol@example.org")
    ).one()
    carol = Actor(person_id, "states")
    last = today_is(now)
    first = last - timedelta(days=90)
    waiting = packs.ask_for_course(REFERENCE_COURSE, first, last, "one", carol, now)
    given_up = packs.ask_for_learner("carol@example.org", "two", carol, now)
    packs.delete_pack(given_up.id, carol, now)
    return [
        "/admin/reports",
        *(f"/admin/reports/{name}" for name in REPORTS),
        f"/admin/reports/post-tests?course={REFERENCE_COURSE}",
        "/admin/reports/completions?first=someday",
        "/admin/reports/money?first=2020-01-01&last=2020-02-01",
        "/admin/audit-packs",
        f"/admin/audit-packs/{waiting.id}",
        f"/admin/audit-packs/{given_up.id}",
    ]
