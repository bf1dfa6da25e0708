"""accommodations and chores

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "chore",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("due_at", models.base.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chore")),
    )
    op.create_table(
        "accommodation",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("person_id", IDENTIFIER, nullable=False),
        sa.Column("course_id", IDENTIFIER, nullable=True),
        sa.Column("time_percent", sa.Integer(), nullable=False),
        sa.Column("extra_attempts", sa.Integer(), nullable=False),
        sa.Column("asks_presence", sa.Boolean(), nullable=False),
        sa.Column("alternative_format", sa.String(500), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_by_id", IDENTIFIER, nullable=True),
        sa.Column("granted_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("until", models.base.UtcDateTime(), nullable=True),
        sa.Column("ended_at", models.base.UtcDateTime(), nullable=True),
        sa.CheckConstraint("time_percent >= 100", name=op.f("ck_accommodation_never_less_time")),
        sa.CheckConstraint(
            "extra_attempts >= 0", name=op.f("ck_accommodation_never_fewer_attempts")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_accommodation_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_accommodation_course_id_course")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["person.id"], name=op.f("fk_accommodation_granted_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accommodation")),
    )
    op.create_index(op.f("ix_accommodation_person_id"), "accommodation", ["person_id"])


def downgrade():
    op.drop_table("accommodation")
    op.drop_table("chore")
