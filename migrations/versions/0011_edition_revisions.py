"""edition revisions

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "edition_revision",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("edition_id", IDENTIFIER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changes", models.base.JsonDocument, nullable=False),
        sa.Column("content", models.base.JsonDocument, nullable=False),
        sa.Column("published_by", IDENTIFIER, nullable=True),
        sa.Column("published_at", models.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_revision_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_edition_revision_published_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_revision")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_edition_revision_edition_id_number")),
    )
    op.create_table(
        "revision_file",
        sa.Column("revision_id", IDENTIFIER, nullable=False),
        sa.Column("path", sa.String(300), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("media_type", sa.String(80), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["edition_revision.id"],
            name=op.f("fk_revision_file_revision_id_edition_revision"),
        ),
        sa.PrimaryKeyConstraint("revision_id", "path", name=op.f("pk_revision_file")),
    )
    op.create_index(op.f("ix_revision_file_sha256"), "revision_file", ["sha256"])


def downgrade():
    op.drop_table("revision_file")
    op.drop_table("edition_revision")
