"""the index of the catalogue, with each database's own full-text search

Revision ID: 0016
Revises: 0015
"""

import html
import re

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "course_listing",
        sa.Column("course_id", IDENTIFIER, nullable=False),
        sa.Column("edition_id", IDENTIFIER, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("sort_title", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("expires", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("instructors", sa.Text(), nullable=False),
        sa.Column("objectives", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_course_listing_course_id_course")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_course_listing_edition_id_edition")
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_course_listing")),
    )
    op.create_index(op.f("ix_course_listing_expires"), "course_listing", ["expires"])
    op.create_index(
        "ix_course_listing_order",
        "course_listing",
        ["sort_title", "course_id", "expires", "level", "format", "minutes", "price_cents"],
        unique=False,
    )
    op.create_table(
        "listing_approval",
        sa.Column("course_id", IDENTIFIER, nullable=False),
        sa.Column("line", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["course_listing.course_id"],
            name=op.f("fk_listing_approval_course_id_course_listing"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("course_id", "line", name=op.f("pk_listing_approval")),
    )
    op.create_index(op.f("ix_listing_approval_line"), "listing_approval", ["line"], unique=False)
    connection = op.get_bind()
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    list_courses(connection)


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER search_listing ON course_listing")
        op.execute("DROP FUNCTION search_listing()")
        op.execute("DROP FUNCTION search_words(text)")
    op.execute("DROP TABLE course_search")
    op.drop_table("listing_approval")
    op.drop_table("course_listing")


COLUMNS = "code, title, summary, instructors, objectives, body"
NEW = ", ".join(f"NEW.{name}" for name in COLUMNS.split(", "))
OLD = ", ".join(f"OLD.{name}" for name in COLUMNS.split(", "))
REMOVE = (
    f"INSERT INTO course_search (course_search, rowid, {COLUMNS})"
    f" VALUES ('delete', OLD.course_id, {OLD});"
)
ADD = f"INSERT INTO course_search (rowid, {COLUMNS}) VALUES (NEW.course_id, {NEW});"
SQLITE = (
    f"CREATE VIRTUAL TABLE course_search USING fts5({COLUMNS}, content='course_listing',"
    " content_rowid='course_id', tokenize='porter unicode61 remove_diacritics 2')",
    f"CREATE TRIGGER search_listing_insert AFTER INSERT ON course_listing BEGIN {ADD} END",
    f"CREATE TRIGGER search_listing_update AFTER UPDATE ON course_listing BEGIN {REMOVE} {ADD} END",
    f"CREATE TRIGGER search_listing_delete AFTER DELETE ON course_listing BEGIN {REMOVE} END",
)
"""The full-text index of FTS5 holds no text of its own: triggers carry every change to it."""

# Words are cut at everything but letters and digits, as searches are: SML-101 is two words.
POSTGRESQL = (
    "CREATE TABLE course_search (course_id BIGINT PRIMARY KEY REFERENCES course_listing (course_id)"
    " ON DELETE CASCADE, document tsvector NOT NULL)",
    "CREATE INDEX ix_course_search_document ON course_search USING gin (document)",
    """
    CREATE FUNCTION search_words(given text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
      SELECT to_tsvector('english', regexp_replace(left(given, 500000), '[^[:alnum:]]+', ' ', 'g'))
    $$
    """,
    """
    CREATE FUNCTION search_listing() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO course_search (course_id, document) VALUES (
        NEW.course_id,
        setweight(search_words(NEW.code || ' ' || NEW.title), 'A') ||
        setweight(search_words(NEW.objectives), 'B') ||
        setweight(search_words(NEW.summary || ' ' || NEW.instructors), 'C') ||
        setweight(search_words(NEW.body), 'D')
      ) ON CONFLICT (course_id) DO UPDATE SET document = EXCLUDED.document;
      RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER search_listing AFTER INSERT OR UPDATE ON course_listing"
    " FOR EACH ROW EXECUTE FUNCTION search_listing()",
)


def list_courses(connection):
    """List the current edition of every course there is, as publishing does from now on."""
    json = models.base.JsonDocument
    rows = connection.execute(
        sa.text(
            "SELECT c.id, c.slug, e.id AS edition_id, e.code, e.title, e.summary, e.about_html,"
            " e.price_cents, e.currency, e.assessment_minutes, e.expires, e.facts"
            " FROM course c JOIN edition e ON e.id = c.current_edition_id"
        ).columns(expires=sa.Date(), facts=json)
    ).all()
    listing = sa.table(
        "course_listing",
        *(sa.column(name, sa.Date() if name == "expires" else None) for name in LISTED),
    )
    approval = sa.table("listing_approval", sa.column("course_id"), sa.column("line"))
    for row in rows:
        connection.execute(listing.insert().values(**listed(connection, row)))
        for line in row.facts["approvals"]:
            connection.execute(approval.insert().values(course_id=row.id, line=line))


LISTED = (
    "course_id", "edition_id", "revision", "slug", "sort_title", "level", "format", "minutes",
    "price_cents", "currency", "expires", "code", "title", "summary", "instructors", "objectives",
    "body",
)  # fmt: skip


def listed(connection, row):
    units = connection.execute(
        sa.text("SELECT title, minutes FROM unit WHERE edition_id = :id ORDER BY number"),
        {"id": row.edition_id},
    ).all()
    items = connection.execute(
        sa.text(
            "SELECT title, kind, body_html, details FROM item WHERE edition_id = :id ORDER BY id"
        ).columns(details=models.base.JsonDocument),
        {"id": row.edition_id},
    ).all()
    texts = [row.about_html, *(unit.title for unit in units)]
    for item in items:
        texts += [item.title, item.body_html, item.details.get("transcript_html", "")]
    return {
        "course_id": row.id,
        "edition_id": row.edition_id,
        "revision": 0,
        "slug": row.slug,
        "sort_title": row.title.casefold()[:200],
        "level": row.facts["level"],
        "format": format_of({item.kind for item in items}),
        "minutes": sum(unit.minutes for unit in units) + row.assessment_minutes,
        "price_cents": row.price_cents,
        "currency": row.currency,
        "expires": row.expires,
        "code": row.code,
        "title": row.title,
        "summary": row.summary,
        "instructors": "; ".join(one["name"] for one in row.facts["instructors"]),
        "objectives": "\n".join(row.facts["objectives"]),
        "body": "\n".join(as_text(text) for text in texts),
    }


def format_of(kinds):
    found = {kind in ("webinar", "video", "audio") for kind in kinds - {"handout", "link"}}
    if found == {True}:
        return "recordings"
    return "mixed" if found == {True, False} else "readings"


def as_text(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())
