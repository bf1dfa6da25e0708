"""indexes of the panel's lists, and the words by which people are found

Revision ID: 0018
Revises: 0017
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql")
STATES = {
    "open": "completed_at IS NULL AND ended_at IS NULL",
    "complete": "completed_at IS NOT NULL",
    "withdrawn": "ended_at IS NOT NULL",
}
BY_STATE = {
    "enrolled_at": ["enrolled_at", "id"],
    "course_enrolled_at": ["course_id", "enrolled_at", "id"],
    "access_until": ["access_until", "id"],
}
PEOPLE = {
    "administrator": "is_administrator",
    "instructor": "is_instructor",
    "deactivated": "deactivated_at IS NOT NULL",
    "unconfirmed": "email_confirmed_at IS NULL",
}


def upgrade():
    op.create_index("ix_enrollment_enrolled_at", "enrollment", ["enrolled_at", "id"])
    op.create_index(
        "ix_enrollment_course_enrolled_at", "enrollment", ["course_id", "enrolled_at", "id"]
    )
    for state, condition in STATES.items():
        for name, columns in BY_STATE.items():
            _partial(f"ix_enrollment_{state}_{name}", "enrollment", columns, condition)
    op.create_index("ix_person_registered_at", "person", ["registered_at", "id"])
    op.create_index("ix_person_name", "person", ["name_on_license", "id"])
    for name, condition in PEOPLE.items():
        _partial(f"ix_person_{name}", "person", ["id"], condition)
    _partial("ix_job_failed", "job", ["id"], "state = 'failed'")
    op.create_index(op.f("ix_audit_event_subject"), "audit_event", ["subject"])
    op.create_index(op.f("ix_certificate_issued_at"), "certificate", ["issued_at"])
    op.create_table(
        "person_word",
        sa.Column("person_id", IDENTIFIER, nullable=False),
        sa.Column("word", WORD, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_person_word_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "word", name=op.f("pk_person_word")),
    )
    _write_words()
    op.create_index("ix_person_word", "person_word", ["word", "person_id"])


def downgrade():
    op.drop_table("person_word")
    op.drop_index(op.f("ix_certificate_issued_at"), "certificate")
    op.drop_index(op.f("ix_audit_event_subject"), "audit_event")
    op.drop_index("ix_job_failed", "job")
    for name in (*PEOPLE, "name", "registered_at"):
        op.drop_index(f"ix_person_{name}", "person")
    for state in STATES:
        for name in BY_STATE:
            op.drop_index(f"ix_enrollment_{state}_{name}", "enrollment")
    op.drop_index("ix_enrollment_course_enrolled_at", "enrollment")
    op.drop_index("ix_enrollment_enrolled_at", "enrollment")


def _partial(name, table, columns, condition):
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _write_words():
    connection = op.get_bind()
    people = connection.execute(sa.text("SELECT id, name_on_license, email FROM person"))
    rows = [
        {"person": person, "word": word}
        for person, name, email in people
        for word in sorted(_words(name, email))
    ]
    if rows:
        statement = "INSERT INTO person_word (person_id, word) VALUES (:person, :word)"
        connection.execute(sa.text(statement), rows)


def _words(name, email):
    words = [*_fold(name), *_fold(email.partition("@")[0])][:16]
    return {*words, email[:60]} - {""}


def _fold(text):
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in apart if unicodedata.category(c) != "Mn")
    return [word[:60] for word in re.split(r"[\W_]+", bare.casefold()) if word]
