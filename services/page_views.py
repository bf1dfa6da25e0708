"""Page views: one opening of one place, whose row is made when the page is first heard of."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.refusals import NotFound
from domain.time_record import whole_second
from extensions import db
from models import PageView


@dataclass(frozen=True)
class Place:
    """Where study happens: kind 'item', 'attempt' or 'evaluation'."""

    kind: str
    unit_number: int | None = None
    item_id: int | None = None
    attempt_id: int | None = None


def ensure_view(
    person_id: int, enrollment_id: int, place: Place, uid: str, opened_at: datetime
) -> int:
    """The id of the page view of a signed token, whose row is made when it is first heard of."""
    postgresql = db.engine.dialect.name == "postgresql"
    make = postgresql_insert if postgresql else sqlite_insert
    values = {
        "uid": uid,
        "person_id": person_id,
        "enrollment_id": enrollment_id,
        "place_kind": place.kind,
        "unit_number": place.unit_number,
        "item_id": place.item_id,
        "attempt_id": place.attempt_id,
        "opened_at": whole_second(opened_at),
        "last_seq": 0,
    }
    db.session.execute(make(PageView).values(**values).on_conflict_do_nothing())
    return int(db.session.scalars(select(PageView.id).where(PageView.uid == uid)).one())


def get_view_for(person_id: int, page_view_id: int) -> PageView:
    """The learner's own page view, read afresh. Raises NotFound."""
    view = db.session.scalar(_VIEW_OF, {"view": page_view_id, "person": person_id})
    if view is None:
        raise NotFound("This page is not yours to record time on.")
    return view


_VIEW_OF = (
    select(PageView)
    .where(PageView.id == bindparam("view"), PageView.person_id == bindparam("person"))
    .execution_options(populate_existing=True)
)


def spend_view(person_id: int, page_view_id: int, now: datetime) -> PageView | None:
    """Use up a view's one-time credit; None if it is spent, or ever sent a sign."""
    spent = db.session.execute(
        update(PageView)
        .where(
            PageView.id == page_view_id,
            PageView.person_id == person_id,
            PageView.finished_at.is_(None),
            PageView.strongest.is_(None),
        )
        .values(finished_at=now)
        .returning(PageView.id)
        .execution_options(synchronize_session=False)
    ).first()
    return db.session.get(PageView, page_view_id) if spent else None
