"""problem reports and grievances

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "problem_report",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("page", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("person_id", IDENTIFIER, nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("made_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("intent", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_problem_report_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem_report")),
        sa.UniqueConstraint("intent", name=op.f("uq_problem_report_intent")),
    )
    op.create_index("ix_problem_report_state", "problem_report", ["state", "id"])
    op.create_index(op.f("ix_problem_report_person_id"), "problem_report", ["person_id"])
    op.create_table(
        "problem_event",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("report_id", IDENTIFIER, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("actor_id", IDENTIFIER, nullable=False),
        sa.Column("happened_at", models.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["problem_report.id"],
            name=op.f("fk_problem_event_report_id_problem_report"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_problem_event_actor_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem_event")),
    )
    op.create_index(op.f("ix_problem_event_report_id"), "problem_event", ["report_id"])


def downgrade():
    op.drop_table("problem_event")
    op.drop_table("problem_report")
