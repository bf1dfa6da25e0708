"""lists of few people in the order of their registration

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

PEOPLE = {
    "administrator": "is_administrator",
    "instructor": "is_instructor",
    "deactivated": "deactivated_at IS NOT NULL",
    "unconfirmed": "email_confirmed_at IS NULL",
}


def upgrade():
    _make(["registered_at", "id"])


def downgrade():
    _make(["id"])


def _make(columns):
    for name, condition in PEOPLE.items():
        where = sa.text(condition)
        op.drop_index(f"ix_person_{name}", "person")
        op.create_index(
            f"ix_person_{name}", "person", columns, sqlite_where=where, postgresql_where=where
        )
