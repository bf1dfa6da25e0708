"""find the attempts that asked a question

Revision ID: 0012
Revises: 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index(op.f("ix_attempt_question_question_id"), "attempt_question", ["question_id"])


def downgrade():
    op.drop_index(op.f("ix_attempt_question_question_id"), "attempt_question")
