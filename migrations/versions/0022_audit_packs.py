"""audit packs, and an index for completions by month

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "audit_pack",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("course_id", IDENTIFIER, nullable=True),
        sa.Column("person_id", IDENTIFIER, nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("made_by_id", IDENTIFIER, nullable=False),
        sa.Column("made_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("intent", sa.String(64), nullable=False),
        sa.Column("as_of", models.base.UtcDateTime(), nullable=True),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("steps_total", sa.Integer(), nullable=True),
        sa.Column("doing", sa.String(120), nullable=False),
        sa.Column("finished_at", models.base.UtcDateTime(), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("expires_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("deleted_at", models.base.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(course_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_audit_pack_of_one_thing")
        ),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_audit_pack_days_in_order")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_audit_pack_course_id_course")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_audit_pack_made_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_audit_pack_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_pack")),
        sa.UniqueConstraint("intent", name=op.f("uq_audit_pack_intent")),
    )
    op.create_index("ix_audit_pack_course_id", "audit_pack", ["course_id"])
    op.create_index("ix_audit_pack_person_id", "audit_pack", ["person_id"])
    op.create_index("ix_audit_pack_expires_at", "audit_pack", ["expires_at"])
    complete = sa.text("completed_at IS NOT NULL")
    op.create_index(
        "ix_enrollment_completed_at",
        "enrollment",
        ["completed_at", "course_id", "enrolled_at"],
        sqlite_where=complete,
        postgresql_where=complete,
    )
    op.create_index("ix_attempt_submitted_at", "attempt", ["submitted_at"])
    op.create_index("ix_payment_moved_on", "payment", ["moved_on", "kind"])


def downgrade():
    op.drop_index("ix_payment_moved_on", "payment")
    op.drop_index("ix_attempt_submitted_at", "attempt")
    op.drop_index("ix_enrollment_completed_at", "enrollment")
    op.drop_table("audit_pack")
