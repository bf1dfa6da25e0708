"""what boards are known to accept

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "acceptance_rule",
        sa.Column("profession", sa.String(length=80), nullable=False),
        sa.Column("jurisdiction", sa.String(length=80), nullable=False),
        sa.Column("line", sa.String(length=60), nullable=False),
        sa.Column("accepts", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance_rule")),
    )
    op.create_index(
        "ix_acceptance_rule_license",
        "acceptance_rule",
        ["profession", "jurisdiction"],
        unique=False,
    )


def downgrade():
    op.drop_table("acceptance_rule")
