"""requests for accommodations

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "accommodation_request",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("person_id", IDENTIFIER, nullable=False),
        sa.Column("course_id", IDENTIFIER, nullable=True),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("decided_at", models.base.UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", IDENTIFIER, nullable=True),
        sa.Column("accommodation_id", IDENTIFIER, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("intent", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_accommodation_request_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_accommodation_request_course_id_course")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["person.id"],
            name=op.f("fk_accommodation_request_decided_by_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["accommodation_id"],
            ["accommodation.id"],
            name=op.f("fk_accommodation_request_accommodation_id_accommodation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accommodation_request")),
        sa.UniqueConstraint("intent", name=op.f("uq_accommodation_request_intent")),
    )
    op.create_index(
        op.f("ix_accommodation_request_person_id"), "accommodation_request", ["person_id"]
    )
    op.create_index(
        "ix_accommodation_request_waiting",
        "accommodation_request",
        ["asked_at"],
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )


def downgrade():
    op.drop_table("accommodation_request")
