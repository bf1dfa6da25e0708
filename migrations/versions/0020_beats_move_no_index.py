"""beats move no index: the index that followed the end of every interval follows its start

Revision ID: 0020
Revises: 0019
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    op.drop_index("ix_study_interval_person_id_ended_at", "study_interval")
    op.create_index(
        "ix_study_interval_person_id_started_at", "study_interval", ["person_id", "started_at"]
    )


def downgrade():
    op.drop_index("ix_study_interval_person_id_started_at", "study_interval")
    op.create_index(
        "ix_study_interval_person_id_ended_at", "study_interval", ["person_id", "ended_at"]
    )
