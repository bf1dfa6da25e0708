"""Images and linked files of courses: which exist, and who may see them."""

from datetime import datetime

from sqlalchemy import select

from domain.identity import Identity
from domain.refusals import NotFound
from extensions import db
from models import (
    Course,
    Edition,
    EditionFile,
    EditionRevision,
    Enrollment,
    RevisionFile,
)
from services import editions, reviewers


def get_media_type(slug: str, sha256: str, name: str, who: Identity | None, now: datetime) -> str:
    """The media type of a course's file, for somebody who may see it. Raises NotFound.

    Anyone sees what the course page shows. Staff and reviewers of the course see everything. A
    learner sees the images of every edition they were enrolled in, as their past tests show them,
    too; other files while they may study.
    """
    path = f"media/{name}"
    found = _find_editions(slug, sha256, path)
    if not found:
        raise NotFound("There is no such file.")
    media_type = next(iter(found.values()))
    is_image = media_type.startswith("image/")
    if not (
        _is_on_course_page(slug, f"/{sha256}/{name}")
        or (who is not None and reviewers.may_walk_through(who, slug, now))
        or (who is not None and _is_learner(who.person_id, set(found), is_image, now))
    ):
        raise NotFound("There is no such file.")
    return media_type


def _find_editions(slug: str, sha256: str, path: str) -> dict[int, str]:
    """The editions of a course that hold this file, at first or by a revision; its media type."""
    first = (
        select(EditionFile.edition_id, EditionFile.media_type)
        .join(Edition, Edition.id == EditionFile.edition_id)
        .where(EditionFile.sha256 == sha256, EditionFile.path == path)
    )
    revised = (
        select(EditionRevision.edition_id, RevisionFile.media_type)
        .join(RevisionFile, RevisionFile.revision_id == EditionRevision.id)
        .join(Edition, Edition.id == EditionRevision.edition_id)
        .where(RevisionFile.sha256 == sha256, RevisionFile.path == path)
    )
    found: dict[int, str] = {}
    for query in (first, revised):
        of_course = query.join(Course, Course.id == Edition.course_id).where(Course.slug == slug)
        found.update(dict(db.session.execute(of_course).all()))
    return found


def _is_on_course_page(slug: str, address_end: str) -> bool:
    try:
        outline = editions.get_current_outline(slug)
    except NotFound:
        return False
    return address_end in outline.about_html or address_end in outline.faq_html


def _is_learner(person_id: int, edition_ids: set[int], is_image: bool, now: datetime) -> bool:
    query = select(Enrollment.id).where(
        Enrollment.person_id == person_id, Enrollment.edition_id.in_(edition_ids)
    )
    if not is_image:
        query = query.where(Enrollment.ended_at.is_(None), Enrollment.access_until > now)
    return db.session.scalars(query.limit(1)).first() is not None
