"""Coupons: made and withdrawn by administrators, used once in each order they lower."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from domain.enrollment_key import make_code
from domain.orders import Discount, normal_coupon
from domain.outline import Outline
from domain.refusals import Conflict, Invalid, NotFound
from extensions import db
from models import Coupon, CouponCourse, Course, Edition
from services import audit
from services.audit import Actor
from services.provider_days import end_of, start_of

PAGE = 50
UNKNOWN = "We do not know this coupon. Check it letter by letter, or leave this empty."
REFUSALS = {
    "withdrawn": "This coupon has been withdrawn. Ask who gave it to you, or leave this empty.",
    "out of date": "This coupon is out of date. Ask who gave it to you, or leave this empty.",
    "not yet": "This coupon does not work yet. Come back when it does, or leave this empty.",
    "used up": "This coupon has been used up. Ask who gave it to you, or leave this empty.",
}


@dataclass(frozen=True)
class NewCoupon:
    """What an administrator asks for; days are in the provider's time zone.

    Either `percent` or `amount_cents`. `codes`: the codes of the courses it is for; none: all.
    """

    code: str
    percent: int | None
    amount_cents: int | None
    uses: int
    first_day: date | None
    last_day: date | None
    codes: tuple[str, ...]
    note: str
    intent: str


@dataclass(frozen=True)
class CouponLine:
    """A coupon with the codes of its courses; none: it is for every course."""

    coupon: Coupon
    courses: tuple[str, ...]

    def state(self, now: datetime) -> str:
        """'open', 'withdrawn', 'out of date', 'not yet' or 'used up'."""
        coupon = self.coupon
        if coupon.revoked_at is not None:
            return "withdrawn"
        if coupon.valid_until is not None and coupon.valid_until <= now:
            return "out of date"
        if coupon.valid_from > now:
            return "not yet"
        return "used up" if coupon.used >= coupon.uses else "open"


def discount_of(coupon: Coupon) -> Discount:
    return Discount(coupon.percent, coupon.amount_cents)


def get_usable(typed: str, outline: Outline, now: datetime) -> Coupon:
    """The coupon, if it lowers the price of this course now. Raises Invalid (field `coupon`)."""
    coupon = db.session.scalar(select(Coupon).where(Coupon.code == normal_coupon(typed)))
    if coupon is None:
        raise Invalid("coupon", UNKNOWN)
    if not _is_for(coupon, outline.course_id):
        raise Invalid("coupon", "This coupon is for other courses than this one.")
    state = CouponLine(coupon, ()).state(now)
    if state != "open":
        raise Invalid("coupon", REFUSALS[state])
    return coupon


def take_use(coupon: Coupon, now: datetime) -> None:
    """Take one use in one conditional statement: the last is taken once. Raises Invalid."""
    taken = db.session.execute(
        update(Coupon)
        .where(
            Coupon.id == coupon.id,
            Coupon.used < Coupon.uses,
            Coupon.revoked_at.is_(None),
            or_(Coupon.valid_until.is_(None), Coupon.valid_until > now),
        )
        .values(used=Coupon.used + 1)
        .returning(Coupon.id)
        .execution_options(synchronize_session=False)
    ).first()
    if taken is None:
        raise Invalid("coupon", REFUSALS["used up"])


def give_back(coupon_id: int) -> None:
    """Give back the use of an order that was canceled before it was paid."""
    db.session.execute(
        update(Coupon)
        .where(Coupon.id == coupon_id, Coupon.used > 0)
        .values(used=Coupon.used - 1)
        .execution_options(synchronize_session=False)
    )


def make_coupon(asked: NewCoupon, actor: Actor, now: datetime) -> Coupon:
    """Make a coupon; a repeated intent finds the one made before.

    Raises Invalid: field `code` (taken), `last_day` (passed), `codes` (no such course).
    """
    made = _find_made(asked, actor)
    if made is not None:
        return made
    course_ids = _course_ids(asked.codes)
    coupon = Coupon(
        code=normal_coupon(asked.code) or make_code(),
        percent=asked.percent,
        amount_cents=asked.amount_cents,
        currency="USD",
        uses=asked.uses,
        note=asked.note,
        valid_from=start_of(asked.first_day) if asked.first_day else now,
        valid_until=end_of(asked.last_day, now) if asked.last_day else None,
        created_by_id=actor.person_id,
        created_at=now,
        intent=_own_intent(asked, actor),
    )
    if coupon.valid_until is not None and coupon.valid_until <= coupon.valid_from:
        raise Invalid("last_day", "The last day is before the first day.")
    try:
        with db.session.begin_nested():
            db.session.add(coupon)
            db.session.flush()
            for course_id in course_ids:
                db.session.add(CouponCourse(coupon_id=coupon.id, course_id=course_id))
    except IntegrityError as error:
        return _made_meanwhile(asked, actor, error)
    _record("coupon.created", coupon, actor)
    return coupon


def revoke_coupon(coupon_id: int, actor: Actor, now: datetime) -> Coupon:
    """Withdraw a coupon: no order uses it any more; those that did keep their price. Once."""
    coupon = db.session.scalar(select(Coupon).where(Coupon.id == coupon_id).with_for_update())
    if coupon is None:
        raise NotFound("There is no such coupon.")
    if coupon.revoked_at is None:
        coupon.revoked_at = now
        _record("coupon.revoked", coupon, actor)
    return coupon


def list_coupons(before: int | None = None) -> tuple[list[CouponLine], int | None]:
    """A page of coupons, the newest first, and the id to ask older ones with (None: no more)."""
    query = select(Coupon).order_by(Coupon.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(Coupon.id < before)
    found = list(db.session.scalars(query))
    courses = _course_codes([coupon.id for coupon in found])
    lines = [CouponLine(coupon, tuple(courses.get(coupon.id, ()))) for coupon in found[:PAGE]]
    return lines, found[PAGE - 1].id if len(found) > PAGE else None


def _is_for(coupon: Coupon, course_id: int) -> bool:
    ids = list(
        db.session.scalars(
            select(CouponCourse.course_id).where(CouponCourse.coupon_id == coupon.id)
        )
    )
    return not ids or course_id in ids


def _course_ids(codes: tuple[str, ...]) -> list[int]:
    rows = db.session.execute(
        select(Edition.code, Course.id)
        .join(Course, Course.current_edition_id == Edition.id)
        .where(Edition.code.in_(codes))
    )
    ids: dict[str, int] = {row[0]: row[1] for row in rows}
    unknown = [code for code in codes if code not in ids]
    if unknown:
        raise Invalid("codes", f"There is no course with the code {unknown[0]}.")
    return sorted(set(ids.values()))


def _course_codes(coupon_ids: list[int]) -> dict[int, list[str]]:
    rows = db.session.execute(
        select(CouponCourse.coupon_id, Edition.code)
        .join(Course, Course.id == CouponCourse.course_id)
        .join(Edition, Edition.id == Course.current_edition_id)
        .where(CouponCourse.coupon_id.in_(coupon_ids))
        .order_by(Edition.code)
    )
    found: dict[int, list[str]] = {}
    for coupon_id, code in rows:
        found.setdefault(coupon_id, []).append(code)
    return found


def _find_made(asked: NewCoupon, actor: Actor) -> Coupon | None:
    intent = _own_intent(asked, actor)
    return db.session.scalar(select(Coupon).where(Coupon.intent == intent)) if intent else None


def _made_meanwhile(asked: NewCoupon, actor: Actor, error: IntegrityError) -> Coupon:
    made = _find_made(asked, actor)
    if made is not None:
        return made
    if asked.code:
        raise Invalid("code", "There is a coupon with this code already. Choose another.")
    raise Conflict("The coupon could not be made. Please try again.") from error


def _own_intent(asked: NewCoupon, actor: Actor) -> str | None:
    return f"{actor.person_id}-{asked.intent}"[:64] if asked.intent else None


def _record(kind: str, coupon: Coupon, actor: Actor) -> None:
    audit.record(
        kind,
        actor_id=actor.person_id,
        subject=f"coupon:{coupon.id}",
        request_id=actor.request_id,
        facts={"uses": coupon.uses, "used": coupon.used},
    )
