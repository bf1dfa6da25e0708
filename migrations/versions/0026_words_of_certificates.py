"""words by which certificates and problem reports are found

Revision ID: 0026
Revises: 0025
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql")
AT_ONCE = 2_000


def upgrade():
    for table, key, of in (
        ("certificate_word", "certificate_id", "certificate"),
        ("problem_word", "report_id", "problem_report"),
    ):
        op.create_table(
            table,
            sa.Column(key, IDENTIFIER, nullable=False),
            sa.Column("word", WORD, nullable=False),
            sa.ForeignKeyConstraint(
                [key], [f"{of}.id"], name=op.f(f"fk_{table}_{key}_{of}"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint(key, "word", name=op.f(f"pk_{table}")),
        )
        op.create_index(f"ix_{table}", table, ["word", key])
    op.create_index("ix_course_order_edition_id", "course_order", ["edition_id", "id"])
    _fill("certificate_word", "certificate_id", "SELECT id, printed_name, '' FROM certificate", 16)
    _fill("problem_word", "report_id", "SELECT id, text, email FROM problem_report", 400)


def downgrade():
    op.drop_index("ix_course_order_edition_id", "course_order")
    op.drop_table("problem_word")
    op.drop_table("certificate_word")


def _fill(table, key, query, most):
    connection = op.get_bind()
    into = sa.table(table, sa.column(key), sa.column("word"))
    rows = []
    for id_, text, email in connection.execute(sa.text(query)).all():
        words = [*_fold(email.partition("@")[0]), email.strip().casefold()[:60], *_fold(text)]
        rows += [
            {key: id_, "word": word} for word in list(dict.fromkeys(w for w in words if w))[:most]
        ]
        if len(rows) > AT_ONCE:
            connection.execute(sa.insert(into), rows)
            rows = []
    if rows:
        connection.execute(sa.insert(into), rows)


def _fold(text):
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in apart if unicodedata.category(c) != "Mn")
    return [word[:60] for word in re.split(r"[\W_]+", bare.casefold()) if word]
