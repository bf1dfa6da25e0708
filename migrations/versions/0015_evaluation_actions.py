"""what was done about evaluations

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "evaluation_action",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("course_id", IDENTIFIER, nullable=False),
        sa.Column("edition_id", IDENTIFIER, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("noted_by_id", IDENTIFIER, nullable=False),
        sa.Column("noted_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("intent", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_evaluation_action_course_id_course")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_evaluation_action_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["person.id"], name=op.f("fk_evaluation_action_noted_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_action")),
        sa.UniqueConstraint("intent", name=op.f("uq_evaluation_action_intent")),
    )
    op.create_index(op.f("ix_evaluation_action_course_id"), "evaluation_action", ["course_id"])


def downgrade():
    op.drop_table("evaluation_action")
