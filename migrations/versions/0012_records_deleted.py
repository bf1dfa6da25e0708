"""when the records of an enrollment were deleted

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "enrollment", sa.Column("records_deleted_at", models.base.UtcDateTime(), nullable=True)
    )


def downgrade():
    op.drop_column("enrollment", "records_deleted_at")
