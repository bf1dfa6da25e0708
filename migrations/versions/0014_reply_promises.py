"""promised answers, their reminders, entries of a course's FAQ

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("answered_at IS NULL")


def upgrade():
    op.create_table(
        "reply_promise",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("question_id", IDENTIFIER, nullable=False),
        sa.Column("course_id", IDENTIFIER, nullable=False),
        sa.Column("asked_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("due_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("answered_at", models.base.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["learner_question.id"],
            name=op.f("fk_reply_promise_question_id_learner_question"),
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_reply_promise_course_id_course")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_promise")),
    )
    op.create_index(op.f("ix_reply_promise_question_id"), "reply_promise", ["question_id"])
    op.create_index(
        "uq_reply_promise_open",
        "reply_promise",
        ["question_id"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_index("ix_reply_promise_course_id_due_at", "reply_promise", ["course_id", "due_at"])
    op.execute(
        "INSERT INTO reply_promise (question_id, course_id, asked_at, due_at, answered_at)"
        " SELECT id, course_id, asked_at, due_at, answered_at FROM learner_question"
    )
    op.create_table(
        "reply_reminder",
        sa.Column("question_id", IDENTIFIER, nullable=False),
        sa.Column("due_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("name", sa.String(12), nullable=False),
        sa.Column("sent_at", models.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["learner_question.id"],
            name=op.f("fk_reply_reminder_question_id_learner_question"),
        ),
        sa.PrimaryKeyConstraint("question_id", "due_at", "name", name=op.f("pk_reply_reminder")),
    )
    op.create_table(
        "faq_entry",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("course_id", IDENTIFIER, nullable=False),
        sa.Column("question", sa.String(300), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("made_by_id", IDENTIFIER, nullable=False),
        sa.Column("made_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("changed_at", models.base.UtcDateTime(), nullable=True),
        sa.Column("removed_at", models.base.UtcDateTime(), nullable=True),
        sa.Column("intent", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_faq_entry_course_id_course")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_faq_entry_made_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_entry")),
        sa.UniqueConstraint("intent", name=op.f("uq_faq_entry_intent")),
    )
    op.create_index(op.f("ix_faq_entry_course_id"), "faq_entry", ["course_id"])


def downgrade():
    for table in ("faq_entry", "reply_reminder", "reply_promise"):
        op.drop_table(table)
