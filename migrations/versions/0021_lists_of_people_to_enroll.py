"""lists of people to enroll at once

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "bulk_list",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("course_id", IDENTIFIER, nullable=False),
        sa.Column("made_by_id", IDENTIFIER, nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("made_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", models.base.UtcDateTime(), nullable=True),
        sa.Column("finished_at", models.base.UtcDateTime(), nullable=True),
        sa.Column("intent", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_bulk_list_course_id_course")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_bulk_list_made_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_list")),
        sa.UniqueConstraint("intent", name=op.f("uq_bulk_list_intent")),
    )
    op.create_index(op.f("ix_bulk_list_made_at"), "bulk_list", ["made_at"])
    op.create_table(
        "bulk_line",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("bulk_list_id", IDENTIFIER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("fault", sa.String(200), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("person_id", IDENTIFIER, nullable=True),
        sa.ForeignKeyConstraint(
            ["bulk_list_id"],
            ["bulk_list.id"],
            name=op.f("fk_bulk_line_bulk_list_id_bulk_list"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_bulk_line_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_line")),
        sa.UniqueConstraint("bulk_list_id", "number", name=op.f("uq_bulk_line_bulk_list_id_number")),
    )
    where = sa.text("outcome = ''")
    op.create_index(
        "ix_bulk_line_to_do",
        "bulk_line",
        ["bulk_list_id", "id"],
        sqlite_where=where,
        postgresql_where=where,
    )
    op.create_index(op.f("ix_bulk_line_person_id"), "bulk_line", ["person_id"])


def downgrade():
    op.drop_table("bulk_line")
    op.drop_table("bulk_list")
