"""documents of the search beside their course, and archived courses by an index

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

IS_ARCHIVED = sa.text("archived_at IS NOT NULL")


def upgrade():
    op.create_index(
        "ix_course_archived",
        "course",
        ["archived_at"],
        sqlite_where=IS_ARCHIVED,
        postgresql_where=IS_ARCHIVED,
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in INLINE:
            op.execute(statement)


def downgrade():
    op.drop_index("ix_course_archived", "course")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE course_search ALTER COLUMN document SET STORAGE EXTENDED")


# Documents stored apart made a scan of the table look cheap: it read each of them all the same,
# and the index of words was left unused. Joined with nothing, a document is written anew.
INLINE = (
    "ALTER TABLE course_search ALTER COLUMN document SET STORAGE MAIN",
    "UPDATE course_search SET document = document || ''::tsvector",
)
