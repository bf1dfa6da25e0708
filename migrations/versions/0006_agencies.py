"""agencies, seats, reminders of the end of access

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

import models.base
from models.append_only import create_triggers

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "agency",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("created_by_id", IDENTIFIER, nullable=True),
        sa.Column("created_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("intent", sa.String(length=64), nullable=True),
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_agency_created_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("intent", name=op.f("uq_agency_intent")),
    )
    op.create_table(
        "agency_contract",
        sa.Column("agency_id", IDENTIFIER, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("valid_from", models.base.UtcDateTime(), nullable=False),
        sa.Column("valid_until", models.base.UtcDateTime(), nullable=False),
        sa.Column("all_courses", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", IDENTIFIER, nullable=True),
        sa.Column("created_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("ended_at", models.base.UtcDateTime(), nullable=True),
        sa.Column("intent", sa.String(length=64), nullable=True),
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.CheckConstraint(
            "used >= 0 AND used <= seats", name=op.f("ck_agency_contract_seats_not_exceeded")
        ),
        sa.CheckConstraint(
            "valid_from < valid_until", name=op.f("ck_agency_contract_begins_before_it_ends")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agency_contract_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_agency_contract_created_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_contract")),
        sa.UniqueConstraint("intent", name=op.f("uq_agency_contract_intent")),
    )
    op.create_index(op.f("ix_agency_contract_agency_id"), "agency_contract", ["agency_id"])
    op.create_table(
        "agency_manager",
        sa.Column("agency_id", IDENTIFIER, nullable=False),
        sa.Column("person_id", IDENTIFIER, nullable=False),
        sa.Column("granted_by_id", IDENTIFIER, nullable=True),
        sa.Column("granted_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("ended_at", models.base.UtcDateTime(), nullable=True),
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agency_manager_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["person.id"], name=op.f("fk_agency_manager_granted_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_agency_manager_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_manager")),
    )
    op.create_index(op.f("ix_agency_manager_person_id"), "agency_manager", ["person_id"])
    op.create_index(
        "uq_agency_manager_in_force",
        "agency_manager",
        ["agency_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "access_extension",
        sa.Column("enrollment_id", IDENTIFIER, nullable=False),
        sa.Column("until_before", models.base.UtcDateTime(), nullable=False),
        sa.Column("until_after", models.base.UtcDateTime(), nullable=False),
        sa.Column("extended_at", models.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id"],
            ["enrollment.id"],
            name=op.f("fk_access_extension_enrollment_id_enrollment"),
        ),
        sa.PrimaryKeyConstraint("enrollment_id", name=op.f("pk_access_extension")),
    )
    op.create_table(
        "access_reminder",
        sa.Column("enrollment_id", IDENTIFIER, nullable=False),
        sa.Column("access_until", models.base.UtcDateTime(), nullable=False),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.Column("noted_at", models.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id"],
            ["enrollment.id"],
            name=op.f("fk_access_reminder_enrollment_id_enrollment"),
        ),
        sa.PrimaryKeyConstraint(
            "enrollment_id", "access_until", "days_before", name=op.f("pk_access_reminder")
        ),
    )
    op.create_table(
        "agency_contract_course",
        sa.Column("contract_id", IDENTIFIER, nullable=False),
        sa.Column("course_id", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["agency_contract.id"],
            name=op.f("fk_agency_contract_course_contract_id_agency_contract"),
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_agency_contract_course_course_id_course")
        ),
        sa.PrimaryKeyConstraint("contract_id", "course_id", name=op.f("pk_agency_contract_course")),
    )
    op.create_index(
        op.f("ix_agency_contract_course_course_id"), "agency_contract_course", ["course_id"]
    )
    op.create_table(
        "agency_key",
        sa.Column("enrollment_key_id", IDENTIFIER, nullable=False),
        sa.Column("contract_id", IDENTIFIER, nullable=False),
        sa.Column("is_invitation", sa.Boolean(), nullable=False),
        sa.Column("invited_name", sa.String(length=120), nullable=False),
        sa.Column("invited_email", sa.String(length=254), nullable=False),
        sa.Column("times_sent", sa.Integer(), nullable=False),
        sa.Column("sent_at", models.base.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["agency_contract.id"],
            name=op.f("fk_agency_key_contract_id_agency_contract"),
        ),
        sa.ForeignKeyConstraint(
            ["enrollment_key_id"],
            ["enrollment_key.id"],
            name=op.f("fk_agency_key_enrollment_key_id_enrollment_key"),
        ),
        sa.PrimaryKeyConstraint("enrollment_key_id", name=op.f("pk_agency_key")),
    )
    op.create_index(op.f("ix_agency_key_contract_id"), "agency_key", ["contract_id"])
    op.create_table(
        "agency_seat",
        sa.Column("contract_id", IDENTIFIER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("enrollment_id", IDENTIFIER, nullable=True),
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["agency_contract.id"],
            name=op.f("fk_agency_seat_contract_id_agency_contract"),
        ),
        sa.ForeignKeyConstraint(
            ["enrollment_id"],
            ["enrollment.id"],
            name=op.f("fk_agency_seat_enrollment_id_enrollment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_seat")),
        sa.UniqueConstraint(
            "contract_id", "number", name=op.f("uq_agency_seat_contract_id_number")
        ),
        sa.UniqueConstraint("enrollment_id", name=op.f("uq_agency_seat_enrollment_id")),
    )
    op.create_table(
        "agency_seat_event",
        sa.Column("seat_id", IDENTIFIER, nullable=False),
        sa.Column("enrollment_id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", IDENTIFIER, nullable=True),
        sa.Column("happened_at", models.base.UtcDateTime(), nullable=False),
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_agency_seat_event_actor_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["enrollment_id"],
            ["enrollment.id"],
            name=op.f("fk_agency_seat_event_enrollment_id_enrollment"),
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["agency_seat.id"], name=op.f("fk_agency_seat_event_seat_id_agency_seat")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_seat_event")),
    )
    op.create_index(
        op.f("ix_agency_seat_event_enrollment_id"), "agency_seat_event", ["enrollment_id"]
    )
    op.create_index(op.f("ix_agency_seat_event_seat_id"), "agency_seat_event", ["seat_id"])
    op.create_index(op.f("ix_enrollment_access_until"), "enrollment", ["access_until"])

    create_triggers(op.get_bind())


def downgrade():
    op.drop_index("ix_enrollment_access_until", table_name="enrollment")
    op.drop_table("agency_seat_event")
    op.drop_table("agency_seat")
    op.drop_table("agency_key")
    op.drop_table("agency_contract_course")
    op.drop_table("access_reminder")
    op.drop_table("access_extension")
    op.drop_table("agency_manager")
    op.drop_table("agency_contract")
    op.drop_table("agency")
