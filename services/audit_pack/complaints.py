"""The complaints of a pack: problem reports and grievances about a course, with what was done."""

from sqlalchemy import and_, or_, select

from domain.months import Days
from domain.outline import Outline
from extensions import db
from models import Enrollment, Person, ProblemEvent, ProblemReport
from services.audit_pack.tables import Table


def make_complaints(outline: Outline, days: Days) -> list[Table]:
    """What was written from a page of the course, and grievances of people enrolled in it."""
    enrolled = select(Enrollment.person_id).where(Enrollment.course_id == outline.course_id)
    is_grievance = and_(ProblemReport.kind == "grievance", ProblemReport.person_id.in_(enrolled))
    reports = db.session.scalars(
        select(ProblemReport)
        .where(
            ProblemReport.made_at >= days.start,
            ProblemReport.made_at < days.end,
            or_(ProblemReport.page.contains(f"/{outline.slug}", autoescape=True), is_grievance),
        )
        .order_by(ProblemReport.id)
    ).all()
    events = db.session.execute(
        select(ProblemEvent, Person.name_on_license)
        .join(Person, Person.id == ProblemEvent.actor_id)
        .where(ProblemEvent.report_id.in_([report.id for report in reports]))
        .order_by(ProblemEvent.id)
    )
    heads = ("report", "kind", "state", "made_at", "page", "email", "text")
    rows = [(r.id, r.kind, r.state, r.made_at, r.page, r.email, r.text) for r in reports]
    done = [(e.report_id, e.happened_at, e.state, e.answer, e.note, name) for e, name in events]
    done_heads = ("report", "at", "state", "answer", "note", "by")
    return [
        Table("course/complaints", heads, rows),
        Table("course/complaints-handled", done_heads, done),
    ]
