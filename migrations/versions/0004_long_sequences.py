"""long sequences: the numbers of signs of presence need 64 bits

Browsers count them on from the milliseconds since 1970. SQLite's integers have 64 bits anyway.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    if op.get_bind().dialect.name == "postgresql":
        for table in ("page_view", "study_interval"):
            op.alter_column(table, "last_seq", type_=sa.BigInteger(), existing_nullable=False)


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        for table in ("page_view", "study_interval"):
            op.alter_column(table, "last_seq", type_=sa.Integer(), existing_nullable=False)
