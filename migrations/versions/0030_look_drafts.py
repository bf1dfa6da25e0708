"""looks of certificates that are proposed before they are kept

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "look_draft",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("accent", sa.String(7), nullable=False),
        sa.Column("paper", sa.String(10), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("seal", sa.LargeBinary(), nullable=True),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("kept_at", models.base.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_look_draft")),
    )
    op.create_index(op.f("ix_look_draft_made_at"), "look_draft", ["made_at"])


def downgrade():
    op.drop_table("look_draft")
