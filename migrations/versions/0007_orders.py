"""orders, payments, coupons, invoice numbers

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "invoice_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_invoice_series_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_series")),
    )
    op.create_table(
        "coupon",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("amount_cents", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("valid_from", models.base.UtcDateTime(), nullable=False),
        sa.Column("valid_until", models.base.UtcDateTime(), nullable=True),
        sa.Column("created_by_id", IDENTIFIER, nullable=True),
        sa.Column("created_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("revoked_at", models.base.UtcDateTime(), nullable=True),
        sa.Column("intent", sa.String(length=64), nullable=True),
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.CheckConstraint(
            "(percent IS NULL) <> (amount_cents IS NULL)", name=op.f("ck_coupon_one_kind")
        ),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_coupon_an_amount")),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_coupon_a_percentage")),
        sa.CheckConstraint("used BETWEEN 0 AND uses", name=op.f("ck_coupon_uses_not_exceeded")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_coupon_created_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon")),
        sa.UniqueConstraint("code", name=op.f("uq_coupon_code")),
        sa.UniqueConstraint("intent", name=op.f("uq_coupon_intent")),
    )
    op.create_table(
        "coupon_course",
        sa.Column("coupon_id", IDENTIFIER, nullable=False),
        sa.Column("course_id", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(
            ["coupon_id"], ["coupon.id"], name=op.f("fk_coupon_course_coupon_id_coupon")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_coupon_course_course_id_course")
        ),
        sa.PrimaryKeyConstraint("coupon_id", "course_id", name=op.f("pk_coupon_course")),
    )
    op.create_index(
        op.f("ix_coupon_course_course_id"), "coupon_course", ["course_id"], unique=False
    )
    op.create_table(
        "course_order",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", IDENTIFIER, nullable=False),
        sa.Column("course_id", IDENTIFIER, nullable=False),
        sa.Column("edition_id", IDENTIFIER, nullable=False),
        sa.Column("enrollment_id", IDENTIFIER, nullable=True),
        sa.Column("coupon_id", IDENTIFIER, nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("list_cents", sa.Integer(), nullable=False),
        sa.Column("discount_cents", sa.Integer(), nullable=False),
        sa.Column("tax_cents", sa.Integer(), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("facts", models.base.JsonDocument, nullable=False),
        sa.Column("ordered_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("intent", sa.String(length=64), nullable=True),
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.CheckConstraint(
            "discount_cents BETWEEN 0 AND list_cents", name=op.f("ck_course_order_never_below_zero")
        ),
        sa.CheckConstraint("tax_cents >= 0", name=op.f("ck_course_order_no_negative_tax")),
        sa.CheckConstraint(
            "total_cents = list_cents - discount_cents + tax_cents",
            name=op.f("ck_course_order_total_adds_up"),
        ),
        sa.ForeignKeyConstraint(
            ["coupon_id"], ["coupon.id"], name=op.f("fk_course_order_coupon_id_coupon")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_course_order_course_id_course")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_course_order_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["enrollment_id"],
            ["enrollment.id"],
            name=op.f("fk_course_order_enrollment_id_enrollment"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_course_order_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_order")),
        sa.UniqueConstraint("enrollment_id", name=op.f("uq_course_order_enrollment_id")),
        sa.UniqueConstraint("intent", name=op.f("uq_course_order_intent")),
        sa.UniqueConstraint("number", name=op.f("uq_course_order_number")),
    )
    op.create_index(op.f("ix_course_order_coupon_id"), "course_order", ["coupon_id"], unique=False)
    op.create_index(op.f("ix_course_order_course_id"), "course_order", ["course_id"], unique=False)
    op.create_index(op.f("ix_course_order_person_id"), "course_order", ["person_id"], unique=False)
    op.create_index("ix_course_order_state", "course_order", ["state", "id"], unique=False)
    op.create_index(
        "uq_course_order_open",
        "course_order",
        ["person_id", "course_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "order_document",
        sa.Column("order_id", IDENTIFIER, nullable=False),
        sa.Column("variant", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("rendered_at", models.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["course_order.id"], name=op.f("fk_order_document_order_id_course_order")
        ),
        sa.PrimaryKeyConstraint("order_id", "variant", name=op.f("pk_order_document")),
    )
    op.create_table(
        "order_event",
        sa.Column("order_id", IDENTIFIER, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("actor_id", IDENTIFIER, nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("happened_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_order_event_actor_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["course_order.id"], name=op.f("fk_order_event_order_id_course_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_event")),
        sa.UniqueConstraint("order_id", "state", name=op.f("uq_order_event_order_id_state")),
    )
    op.create_table(
        "payment",
        sa.Column("order_id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", IDENTIFIER, nullable=True),
        sa.Column("recorded_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.CheckConstraint("amount_cents >= 0", name=op.f("ck_payment_not_negative")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["course_order.id"], name=op.f("fk_payment_order_id_course_order")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_payment_recorded_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("order_id", "kind", name=op.f("uq_payment_order_id_kind")),
    )
    op.create_index(
        "uq_payment_card_reference",
        "payment",
        ["kind", "reference"],
        unique=True,
        sqlite_where=sa.text("method = 'card'"),
        postgresql_where=sa.text("method = 'card'"),
    )
    op.execute("INSERT INTO invoice_series (id, last_number) VALUES (1, 0)")


def downgrade():
    op.drop_table("payment")
    op.drop_table("order_event")
    op.drop_table("order_document")
    op.drop_table("course_order")
    op.drop_table("coupon_course")
    op.drop_table("coupon")
    op.drop_table("invoice_series")
