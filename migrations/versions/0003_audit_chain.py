"""audit chain, and deletion of what has been kept long enough

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "audit_seal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", IDENTIFIER, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("sealed_at", models.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["audit_event.id"], name=op.f("fk_audit_seal_event_id_audit_event")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_seal_event_id")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("sealed_at", models.base.UtcDateTime(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_segment",
        sa.Column("first", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.String(64), nullable=False),
        sa.Column("newest_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("removed_at", models.base.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("first", name=op.f("pk_audit_segment")),
    )
    op.create_table(
        "audit_break",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("acknowledged_at", models.base.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_break")),
    )
    op.create_table(
        "retention_pass",
        sa.Column("reason", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("reason", name=op.f("pk_retention_pass")),
    )


def downgrade():
    for table in ("retention_pass", "audit_break", "audit_segment", "audit_head", "audit_seal"):
        op.drop_table(table)
