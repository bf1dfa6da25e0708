"""time corrections: declared and adjusted time, requests for it; how intervals were left

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

import models.base
from models.append_only import create_triggers

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.add_column("study_interval", sa.Column("left", sa.Boolean(), nullable=True))
    op.add_column("media_progress", sa.Column("allowance_seconds", sa.Integer(), nullable=True))
    op.create_table(
        "time_correction",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("enrollment_id", IDENTIFIER, nullable=False),
        sa.Column("unit_number", sa.Integer(), nullable=True),
        sa.Column("item_id", IDENTIFIER, nullable=True),
        sa.Column("began_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requested_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("intent", sa.String(80), nullable=True),
        sa.Column("decision", sa.String(10), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("decided_at", models.base.UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", IDENTIFIER, nullable=True),
        sa.CheckConstraint("seconds > 0", name=op.f("ck_time_correction_asks_for_time")),
        sa.ForeignKeyConstraint(
            ["enrollment_id"],
            ["enrollment.id"],
            name=op.f("fk_time_correction_enrollment_id_enrollment"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_time_correction_item_id_item")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_time_correction_decided_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_correction")),
        sa.UniqueConstraint("intent", name=op.f("uq_time_correction_intent")),
    )
    op.create_index(
        op.f("ix_time_correction_enrollment_id"), "time_correction", ["enrollment_id"]
    )
    op.create_index(op.f("ix_time_correction_decided_at"), "time_correction", ["decided_at"])
    op.create_table(
        "time_adjustment",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("enrollment_id", IDENTIFIER, nullable=False),
        sa.Column("evidence", sa.String(12), nullable=False),
        sa.Column("unit_number", sa.Integer(), nullable=True),
        sa.Column("item_id", IDENTIFIER, nullable=True),
        sa.Column("began_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", IDENTIFIER, nullable=False),
        sa.Column("recorded_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("correction_id", IDENTIFIER, nullable=True),
        sa.Column("intent", sa.String(80), nullable=True),
        sa.CheckConstraint("seconds <> 0", name=op.f("ck_time_adjustment_changes_something")),
        sa.CheckConstraint(
            "evidence <> 'declared' OR seconds > 0",
            name=op.f("ck_time_adjustment_declares_time"),
        ),
        sa.ForeignKeyConstraint(
            ["enrollment_id"],
            ["enrollment.id"],
            name=op.f("fk_time_adjustment_enrollment_id_enrollment"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_time_adjustment_item_id_item")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_time_adjustment_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["correction_id"],
            ["time_correction.id"],
            name=op.f("fk_time_adjustment_correction_id_time_correction"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_adjustment")),
        sa.UniqueConstraint("correction_id", name=op.f("uq_time_adjustment_correction_id")),
        sa.UniqueConstraint("intent", name=op.f("uq_time_adjustment_intent")),
    )
    op.create_index(
        "ix_time_adjustment_enrollment_id_began_at",
        "time_adjustment",
        ["enrollment_id", "began_at"],
    )
    create_triggers(op.get_bind())


def downgrade():
    op.drop_table("time_adjustment")
    op.drop_table("time_correction")
    op.drop_column("media_progress", "allowance_seconds")
    op.drop_column("study_interval", "left")
