"""Orders of courses: prices fixed at the order, payments, history, coupons, invoice numbers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId

_OPEN = text("state = 'open'")
_BY_CARD = text("method = 'card'")


class Order(HasId, Base):
    """One learner's order of one course. Whole cents; `state` is one of `domain.orders`.

    Only `state` and `enrollment_id` ever change (a trigger refuses the rest). `number` is the
    number of its invoice. `facts` holds what the invoice says: seller, buyer, course, tax, terms.
    """

    __tablename__ = "course_order"
    __table_args__ = (
        CheckConstraint("discount_cents BETWEEN 0 AND list_cents", name="never_below_zero"),
        CheckConstraint("tax_cents >= 0", name="no_negative_tax"),
        CheckConstraint(
            "total_cents = list_cents - discount_cents + tax_cents", name="total_adds_up"
        ),
        Index(
            "uq_course_order_open",
            "person_id",
            "course_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_course_order_state", "state", "id"),
        Index("ix_course_order_edition_id", "edition_id", "id"),
    )

    number: Mapped[int] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    enrollment_id: Mapped[int | None] = mapped_column(
        ForeignKey("enrollment.id", ondelete="SET NULL"), unique=True
    )
    coupon_id: Mapped[int | None] = mapped_column(ForeignKey("coupon.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    currency: Mapped[str] = mapped_column(String(3))
    list_cents: Mapped[int]
    discount_cents: Mapped[int]
    tax_cents: Mapped[int]
    total_cents: Mapped[int]
    facts: Mapped[dict[str, Any]]
    ordered_at: Mapped[datetime]
    intent: Mapped[str | None] = mapped_column(String(64), unique=True)


class OrderEvent(HasId, Base):
    """The fact that an order came into a state, by whom and why. Each state comes once."""

    __tablename__ = "order_event"
    __table_args__ = (UniqueConstraint("order_id", "state"),)

    order_id: Mapped[int] = mapped_column(ForeignKey("course_order.id"))
    state: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    happened_at: Mapped[datetime]


class Payment(HasId, Base):
    """Money that moved for an order: kind 'payment' (to us) or 'refund' (back), each once.

    `method` is one of `domain.orders.METHODS`; `reference` is the check's number, the transfer's
    reference or what the card processor calls it: the processor's is unique.
    """

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("order_id", "kind"),
        CheckConstraint("amount_cents >= 0", name="not_negative"),
        Index(
            "uq_payment_card_reference",
            "kind",
            "reference",
            unique=True,
            sqlite_where=_BY_CARD,
            postgresql_where=_BY_CARD,
        ),
        Index("ix_payment_moved_on", "moved_on", "kind"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("course_order.id"))
    kind: Mapped[str] = mapped_column(String(20))
    method: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(120), default="")
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    moved_on: Mapped[date]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class OrderDocument(Base):
    """A PDF of an order, drawn once: variant 'invoice' or 'receipt'."""

    __tablename__ = "order_document"

    order_id: Mapped[int] = mapped_column(ForeignKey("course_order.id"), primary_key=True)
    variant: Mapped[str] = mapped_column(String(20), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    rendered_at: Mapped[datetime]


class InvoiceSeries(Base):
    """The one row that hands out invoice numbers, each in the transaction of its order."""

    __tablename__ = "invoice_series"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    last_number: Mapped[int]


class Coupon(HasId, Base):
    """A code that lowers the price of an order, by `percent` or by `amount_cents`.

    It works from `valid_from` until `valid_until`, for `uses` orders, in the courses of
    CouponCourse or, where there is none, in every course.
    """

    __tablename__ = "coupon"
    __table_args__ = (
        CheckConstraint("used BETWEEN 0 AND uses", name="uses_not_exceeded"),
        CheckConstraint("(percent IS NULL) <> (amount_cents IS NULL)", name="one_kind"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="a_percentage"),
        CheckConstraint("amount_cents > 0", name="an_amount"),
    )

    code: Mapped[str] = mapped_column(String(40), unique=True)
    percent: Mapped[int | None]
    amount_cents: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3))
    uses: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(String(200), default="")
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    intent: Mapped[str | None] = mapped_column(String(64), unique=True)


class CouponCourse(Base):
    """A course that a coupon is for."""

    __tablename__ = "coupon_course"

    coupon_id: Mapped[int] = mapped_column(ForeignKey("coupon.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True, index=True)
