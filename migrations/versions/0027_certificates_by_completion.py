"""an index of certificates by the day of completion, for rosters

Revision ID: 0027
Revises: 0026
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_certificate_completed_on", "certificate", ["completed_on", "id"])


def downgrade():
    op.drop_index("ix_certificate_completed_on", "certificate")
