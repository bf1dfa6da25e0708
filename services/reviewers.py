"""Reviewers: walking through a course read-only, for a time, counted in no statistic.

There is no enrollment, so nothing they open is recorded: no time, no attempt, no evaluation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select, true, update
from sqlalchemy.exc import IntegrityError

from domain.identity import Identity, normal_email
from domain.outline import Outline
from domain.refusals import NotFound
from domain.wording import local
from extensions import db
from models import Course, CourseInstructor, ReviewerGrant
from services import audit, editions, mail, mail_texts
from services.audit import Actor
from services.provider import get_provider

MOST_SHOWN = 200


@dataclass(frozen=True)
class NewReviewer:
    """Who is to review what: address, course, approving body, until when."""

    email: str
    slug: str
    body: str
    until: datetime
    intent: str


@dataclass(frozen=True)
class GrantLine:
    """A grant with the title of its course."""

    grant: ReviewerGrant
    course: str

    def state(self, now: datetime) -> str:
        """'open', 'withdrawn' or 'over'."""
        if self.grant.revoked_at is not None:
            return "withdrawn"
        return "open" if self.grant.until > now else "over"


def get_outline_for(who: Identity, slug: str, now: datetime) -> Outline:
    """The current edition of a course a person may walk through. Raises NotFound.

    Reviewers with a grant, its instructors, and administrators, to whom it is a preview.
    """
    edition_id = _find_edition(who, slug, now)
    if edition_id is None:
        raise NotFound(
            "There is no course for you to review at this address, or the time for it is over."
        )
    return editions.get_outline(edition_id)


def may_walk_through(who: Identity, slug: str, now: datetime) -> bool:
    """Whether a person may read the whole of a course without studying it."""
    return _find_edition(who, slug, now) is not None


def list_outlines_for(who: Identity, now: datetime) -> list[tuple[Outline, datetime]]:
    """The courses a reviewer may read by a grant, each with the end of it."""
    rows = db.session.execute(
        select(Course.current_edition_id, ReviewerGrant.until)
        .join(ReviewerGrant, ReviewerGrant.course_id == Course.id)
        .where(_is_granted_to(who, now), Course.current_edition_id.is_not(None))
        .order_by(ReviewerGrant.until)
    )
    return [(editions.get_outline(edition_id), until) for edition_id, until in rows if edition_id]


def add_reviewer(asked: NewReviewer, actor: Actor, base_url: str, now: datetime) -> None:
    """Let an address review a course, and write to it. Once per intent."""
    course = editions.get_course(asked.slug)
    grant = ReviewerGrant(
        email=normal_email(asked.email),
        course_id=course.id,
        body=asked.body,
        granted_by_id=actor.person_id,
        granted_at=now,
        until=asked.until,
        intent=f"{actor.person_id}-{asked.intent}"[:64] if asked.intent else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(grant)
    except IntegrityError:
        return
    until = local(asked.until, get_provider().time_zone)
    text = mail_texts.may_review(
        editions.get_title(course.id), until, f"{base_url}/review/{asked.slug}"
    )
    mail.queue(grant.email, text.subject, text.body)
    audit.record_act(actor, "reviewer.granted", f"course:{course.id}", grant=grant.id)


def revoke(grant_id: int, actor: Actor, now: datetime) -> None:
    """Withdraw a grant, from the reviewer's next request on; once. Raises NotFound."""
    course_id = db.session.scalar(
        update(ReviewerGrant)
        .where(ReviewerGrant.id == grant_id, ReviewerGrant.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(ReviewerGrant.course_id)
    )
    if course_id is not None:
        audit.record_act(actor, "reviewer.revoked", f"course:{course_id}", grant=grant_id)
    elif db.session.get(ReviewerGrant, grant_id) is None:
        raise NotFound("There is no such reviewer.")


def list_grants() -> Sequence[GrantLine]:
    """All grants, the newest first."""
    rows = db.session.scalars(
        select(ReviewerGrant).order_by(ReviewerGrant.id.desc()).limit(MOST_SHOWN)
    )
    return [GrantLine(row, editions.get_title(row.course_id)) for row in rows]


def _find_edition(who: Identity, slug: str, now: datetime) -> int | None:
    return db.session.scalar(
        select(Course.current_edition_id).where(Course.slug == slug, _may_read(who, now))
    )


def _may_read(who: Identity, now: datetime) -> ColumnElement[bool]:
    if who.is_administrator:
        return true()
    granted = exists().where(ReviewerGrant.course_id == Course.id, _is_granted_to(who, now))
    instructs = exists().where(
        CourseInstructor.course_id == Course.id, CourseInstructor.person_id == who.person_id
    )
    return or_(granted, instructs)


def _is_granted_to(who: Identity, now: datetime) -> ColumnElement[bool]:
    """An address that is not confirmed may be anybody's: it opens nothing."""
    if not who.email_confirmed:
        return ReviewerGrant.id.is_(None)
    return and_(
        ReviewerGrant.email == normal_email(who.email),
        ReviewerGrant.revoked_at.is_(None),
        ReviewerGrant.until > now,
    )
