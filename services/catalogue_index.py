"""Keeping the index of the catalogue: at publishing, at a correction, and at the start."""

from collections.abc import Iterator
from html import unescape

import nh3
from sqlalchemy import delete, or_, select

from domain.catalogue import format_of
from domain.outline import Outline
from extensions import db
from models import Course, CourseListing, ListingApproval
from services import editions


def index_course(course_id: int) -> None:
    """List the course as its current edition and the latest correction have it."""
    course = db.session.get_one(Course, course_id)
    if course.current_edition_id is None:
        return
    editions.forget()
    outline = editions.get_outline(course.current_edition_id)
    listing = db.session.get(CourseListing, course_id)
    if listing is None:
        listing = CourseListing(course_id=course_id)
        db.session.add(listing)
    for name, value in _columns(outline).items():
        setattr(listing, name, value)
    db.session.flush()
    db.session.execute(delete(ListingApproval).where(ListingApproval.course_id == course_id))
    for line in outline.facts["approvals"]:
        db.session.add(ListingApproval(course_id=course_id, line=line))
    db.session.flush()
    editions.forget()


def index_stale() -> int:
    """List every course whose listing is missing or of another edition; how many there were."""
    stale = db.session.scalars(
        select(Course.id)
        .outerjoin(CourseListing, CourseListing.course_id == Course.id)
        .where(
            Course.current_edition_id.is_not(None),
            or_(
                CourseListing.course_id.is_(None),
                CourseListing.edition_id != Course.current_edition_id,
            ),
        )
    ).all()
    for course_id in stale:
        index_course(course_id)
    return len(stale)


def _columns(outline: Outline) -> dict[str, object]:
    names = [instructor["name"] for instructor in outline.facts["instructors"]]
    return {
        "edition_id": outline.edition_id,
        "revision": outline.revision,
        "slug": outline.slug,
        "sort_title": outline.title.casefold()[:200],
        "level": outline.facts["level"],
        "format": format_of(outline),
        "minutes": outline.minutes,
        "price_cents": outline.price_cents,
        "currency": outline.currency,
        "expires": outline.expires,
        "code": outline.code,
        "title": outline.title,
        "summary": outline.summary,
        "instructors": "; ".join(names),
        "objectives": "\n".join(outline.objectives),
        "body": "\n".join(_texts(outline)),
    }


def _texts(outline: Outline) -> Iterator[str]:
    """What one reads in the course: titles, the text of items, the transcripts of recordings."""
    yield as_text(outline.about_html)
    for unit in outline.units:
        yield unit.title
        for item in unit.items:
            yield item.title
            yield as_text(item.body_html)
            yield as_text(item.details.get("transcript_html", ""))


def as_text(html: str) -> str:
    """The words of sanitized HTML, without its marks."""
    bare = nh3.clean(html.replace("<", " <"), tags=set())
    return " ".join(unescape(bare).split())
