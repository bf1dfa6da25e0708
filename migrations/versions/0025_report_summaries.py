"""sums that reports keep, and what has changed since

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

import models.base
from models.append_only import create_triggers
from models.report_marks import drop_marks

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COMPLETE = sa.text("completed_at IS NOT NULL")


def upgrade():
    op.create_table(
        "report_summary",
        sa.Column("report", sa.String(20), nullable=False),
        sa.Column("span", sa.String(10), nullable=False),
        sa.Column("course_id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("figures", models.base.JsonDocument, nullable=False),
        sa.PrimaryKeyConstraint("report", "span", "course_id", name=op.f("pk_report_summary")),
    )
    op.create_table(
        "report_change",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("report", sa.String(20), nullable=False),
        sa.Column("at", models.base.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_change")),
    )
    op.create_index("ix_report_change_report_at", "report_change", ["report", "at"])
    op.create_index("ix_study_interval_started_at", "study_interval", ["started_at"])
    op.create_index("ix_reply_promise_due_at", "reply_promise", ["due_at"])
    op.create_index(
        "ix_enrollment_edition_completed_at",
        "enrollment",
        ["edition_id", "completed_at"],
        sqlite_where=COMPLETE,
        postgresql_where=COMPLETE,
    )
    op.drop_index("ix_evaluation_response_edition_id", "evaluation_response")
    op.create_index(
        "ix_evaluation_response_edition_id_month",
        "evaluation_response",
        ["edition_id", "month", "key"],
    )
    op.create_index("ix_evaluation_response_month", "evaluation_response", ["month"])
    create_triggers(op.get_bind())


def downgrade():
    drop_marks(op.get_bind(), set(sa.inspect(op.get_bind()).get_table_names()))
    op.drop_index("ix_evaluation_response_month", "evaluation_response")
    op.drop_index("ix_evaluation_response_edition_id_month", "evaluation_response")
    op.create_index("ix_evaluation_response_edition_id", "evaluation_response", ["edition_id"])
    op.drop_index("ix_enrollment_edition_completed_at", "enrollment")
    op.drop_index("ix_reply_promise_due_at", "reply_promise")
    op.drop_index("ix_study_interval_started_at", "study_interval")
    op.drop_table("report_change")
    op.drop_table("report_summary")
