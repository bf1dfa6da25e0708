"""approving bodies, credit worksheets, rosters, what certificates print besides

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import models.base
from models.append_only import create_triggers

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
INSTANT = models.base.UtcDateTime


def upgrade():
    _create_bodies()
    _create_worksheets()
    _create_rosters()
    op.create_table(
        "provider_image",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", INSTANT(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_provider_image")),
    )
    op.add_column("person", sa.Column("latin_name", sa.String(120), nullable=True))
    op.add_column("license", sa.Column("renews_on", sa.Date(), nullable=True))
    op.add_column("license", sa.Column("cycle_years", sa.Integer(), nullable=True))
    op.add_column("certificate_event", sa.Column("note", sa.String(500), nullable=True))
    _amend_approvals()
    create_triggers(op.get_bind())


def _create_bodies():
    op.create_table(
        "approving_body",
        sa.Column("id", sa.String(60), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("unit_word", sa.String(60), nullable=False),
        sa.Column("hour_minutes", sa.Integer(), nullable=False),
        sa.Column("increment", sa.Numeric(4, 2), nullable=False),
        sa.Column("minimum", sa.Numeric(4, 2), nullable=False),
        sa.Column("maximum", sa.Numeric(5, 2), nullable=True),
        sa.Column("daily_maximum", sa.Numeric(5, 2), nullable=True),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("rules", JSON, nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("unconfirmed", JSON, nullable=False),
        sa.Column("edited_at", INSTANT(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approving_body")),
    )
    op.create_table(
        "approval_change",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("subject_kind", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.String(60), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("actor_id", IDENTIFIER, nullable=True),
        sa.Column("happened_at", INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_approval_change_actor_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_change")),
    )
    op.create_index("ix_approval_change_subject", "approval_change", ["subject_kind", "subject_id"])


def _create_worksheets():
    op.create_table(
        "credit_worksheet",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("edition_id", IDENTIFIER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("method", sa.String(20), nullable=False),
        sa.Column("inputs", JSON, nullable=False),
        sa.Column("results", JSON, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approver_id", IDENTIFIER, nullable=False),
        sa.Column("approved_at", INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_credit_worksheet_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["person.id"], name=op.f("fk_credit_worksheet_approver_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_worksheet")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_credit_worksheet_edition_id_number")),
    )


def _create_rosters():
    op.create_table(
        "board_roster",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("approval_line", sa.String(60), nullable=False),
        sa.Column("body", sa.String(200), nullable=False),
        sa.Column("heads", JSON, nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("intent", sa.String(64), nullable=False),
        sa.Column("made_by_id", IDENTIFIER, nullable=False),
        sa.Column("made_at", INSTANT(), nullable=False),
        sa.Column("sent_at", INSTANT(), nullable=True),
        sa.Column("receipt", sa.String(200), nullable=True),
        sa.Column("withdrawn_at", INSTANT(), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_board_roster_made_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_roster")),
        sa.UniqueConstraint("intent", name=op.f("uq_board_roster_intent")),
    )
    op.create_index(op.f("ix_board_roster_approval_line"), "board_roster", ["approval_line"])
    op.create_table(
        "board_roster_entry",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("roster_id", IDENTIFIER, nullable=False),
        sa.Column("enrollment_id", IDENTIFIER, nullable=False),
        sa.Column("certificate_id", IDENTIFIER, nullable=False),
        sa.Column("approval_line", sa.String(60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("cells", JSON, nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_board_roster_entry_{column}_{table}")
            )
            for column, table in (
                ("roster_id", "board_roster"),
                ("enrollment_id", "enrollment"),
                ("certificate_id", "certificate"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_roster_entry")),
    )
    op.create_index(op.f("ix_board_roster_entry_roster_id"), "board_roster_entry", ["roster_id"])
    op.create_index(
        "uq_board_roster_entry_counted",
        "board_roster_entry",
        ["enrollment_id", "approval_line"],
        unique=True,
        sqlite_where=sa.text("is_counted"),
        postgresql_where=sa.text("is_counted"),
    )


def _amend_approvals():
    with op.batch_alter_table("approval") as batch:
        batch.add_column(sa.Column("series", sa.String(60), nullable=True))
        batch.add_column(sa.Column("body_id", sa.String(60), nullable=True))
        batch.add_column(sa.Column("course_id", IDENTIFIER, nullable=True))
        batch.add_column(sa.Column("course_number", sa.String(60), nullable=True))
        batch.add_column(sa.Column("maximum", sa.Numeric(5, 2), nullable=True))
        batch.add_column(sa.Column("daily_maximum", sa.Numeric(5, 2), nullable=True))
        batch.add_column(sa.Column("wordings", JSON, nullable=True))
        batch.add_column(sa.Column("source", sa.String(300), nullable=True))
        batch.add_column(sa.Column("checked_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("unconfirmed", JSON, nullable=True))
        batch.add_column(sa.Column("edited_at", INSTANT(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_approval_body_id_approving_body"), "approving_body", ["body_id"], ["id"]
        )
        batch.create_foreign_key(
            op.f("fk_approval_course_id_course"), "course", ["course_id"], ["id"]
        )
        batch.create_index(op.f("ix_approval_series"), ["series"])
        batch.create_index(op.f("ix_approval_course_id"), ["course_id"])


def downgrade():
    with op.batch_alter_table("approval") as batch:
        batch.drop_index(op.f("ix_approval_course_id"))
        batch.drop_index(op.f("ix_approval_series"))
        batch.drop_constraint(op.f("fk_approval_course_id_course"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_approval_body_id_approving_body"), type_="foreignkey")
        for name in (
            "edited_at", "unconfirmed", "checked_on", "source", "wordings", "daily_maximum",
            "maximum", "course_number", "course_id", "body_id", "series",
        ):
            batch.drop_column(name)
    op.drop_column("certificate_event", "note")
    op.drop_column("license", "cycle_years")
    op.drop_column("license", "renews_on")
    op.drop_column("person", "latin_name")
    for table in (
        "provider_image", "board_roster_entry", "board_roster", "credit_worksheet",
        "approval_change", "approving_body",
    ):
        op.drop_table(table)
