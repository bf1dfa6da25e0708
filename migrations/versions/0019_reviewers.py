"""reviewers of approving bodies

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "reviewer_grant",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("course_id", IDENTIFIER, nullable=False),
        sa.Column("body", sa.String(200), nullable=False),
        sa.Column("granted_by_id", IDENTIFIER, nullable=False),
        sa.Column("granted_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("until", models.base.UtcDateTime(), nullable=False),
        sa.Column("revoked_at", models.base.UtcDateTime(), nullable=True),
        sa.Column("intent", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_reviewer_grant_course_id_course")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["person.id"], name=op.f("fk_reviewer_grant_granted_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewer_grant")),
        sa.UniqueConstraint("intent", name=op.f("uq_reviewer_grant_intent")),
    )
    op.create_index("ix_reviewer_grant_email_course_id", "reviewer_grant", ["email", "course_id"])


def downgrade():
    op.drop_table("reviewer_grant")
