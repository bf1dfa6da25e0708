"""forget the kept sums of study time, which are written more briefly: the worker makes them anew

Revision ID: 0031
Revises: 0030
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("DELETE FROM report_summary WHERE report = 'study-time'")


def downgrade():
    op.execute("DELETE FROM report_summary WHERE report = 'study-time'")
