"""when the records of an enrollment were deleted

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "enrollment", sa.Column("records_deleted_at", models.base.UtcDateTime(), nullable=True)
    )


def downgrade():
    op.drop_column("enrollment", "records_deleted_at")
