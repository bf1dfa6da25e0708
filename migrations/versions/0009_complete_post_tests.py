"""complete post-tests: deadlines, granted attempts, rulings

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

import models.base
from models.append_only import create_triggers

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.add_column("attempt", sa.Column("time_limit_minutes", sa.Integer(), nullable=True))
    op.add_column("attempt", sa.Column("closed_by", sa.String(10), nullable=True))
    op.add_column(
        "answer", sa.Column("first_saved_at", models.base.UtcDateTime(), nullable=True)
    )
    op.create_table(
        "question_ruling",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("question_id", IDENTIFIER, nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("decided_by_id", IDENTIFIER, nullable=False),
        sa.Column("decided_at", models.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_ruling_question_id_question")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_question_ruling_decided_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_ruling")),
        sa.UniqueConstraint("question_id", name=op.f("uq_question_ruling_question_id")),
    )
    op.create_table(
        "attempt_grant",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("enrollment_id", IDENTIFIER, nullable=False),
        sa.Column("post_test_id", IDENTIFIER, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("granted_by_id", IDENTIFIER, nullable=False),
        sa.Column("granted_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("intent", sa.String(64), nullable=False),
        sa.CheckConstraint("attempts > 0", name=op.f("ck_attempt_grant_some_attempts")),
        sa.ForeignKeyConstraint(
            ["enrollment_id"],
            ["enrollment.id"],
            name=op.f("fk_attempt_grant_enrollment_id_enrollment"),
        ),
        sa.ForeignKeyConstraint(
            ["post_test_id"],
            ["post_test.id"],
            name=op.f("fk_attempt_grant_post_test_id_post_test"),
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["person.id"], name=op.f("fk_attempt_grant_granted_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_grant")),
        sa.UniqueConstraint("intent", name=op.f("uq_attempt_grant_intent")),
    )
    op.create_index(op.f("ix_attempt_grant_enrollment_id"), "attempt_grant", ["enrollment_id"])
    with op.batch_alter_table("grade") as batch:
        batch.add_column(sa.Column("ruling_id", IDENTIFIER, nullable=True))
        batch.create_foreign_key(
            op.f("fk_grade_ruling_id_question_ruling"), "question_ruling", ["ruling_id"], ["id"]
        )
    create_triggers(op.get_bind())


def downgrade():
    with op.batch_alter_table("grade") as batch:
        batch.drop_column("ruling_id")
    op.drop_table("attempt_grant")
    op.drop_table("question_ruling")
    op.drop_column("answer", "first_saved_at")
    op.drop_column("attempt", "closed_by")
    op.drop_column("attempt", "time_limit_minutes")
    create_triggers(op.get_bind())
