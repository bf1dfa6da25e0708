"""People, what they are licensed to do, and how they are logged in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    delete,
    event,
    insert,
    text,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from domain.search_words import LONGEST_WORD, words_of_person
from models.base import Base, HasId

_SUBSETS = {
    "administrator": text("is_administrator"),
    "instructor": text("is_instructor"),
    "deactivated": text("deactivated_at IS NOT NULL"),
    "unconfirmed": text("email_confirmed_at IS NULL"),
}
"""Few people each, which the panel lists by themselves."""


class Person(HasId, Base):
    """Anyone with an account. `email` is kept in normal form (`domain.identity.normal_email`).

    `latin_name` is the spelling that a PDF prints where its fonts lack a letter of the name: None
    where they have all, '' where a spelling has still to be chosen.

    An address is unique among *confirmed* accounts only, so that registering never tells
    whether somebody else already has an account with it.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index(
            "uq_person_confirmed_email",
            "email",
            unique=True,
            sqlite_where=text("email_confirmed_at IS NOT NULL"),
            postgresql_where=text("email_confirmed_at IS NOT NULL"),
        ),
        Index("ix_person_email", "email"),
        Index("ix_person_registered_at", "registered_at", "id"),
        Index("ix_person_name", "name_on_license", "id"),
        *(
            Index(
                f"ix_person_{name}",
                "registered_at",
                "id",
                sqlite_where=where,
                postgresql_where=where,
            )
            for name, where in _SUBSETS.items()
        ),
    )

    email: Mapped[str] = mapped_column(String(254))
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str] = mapped_column(String(200))
    name_on_license: Mapped[str] = mapped_column(String(120))
    latin_name: Mapped[str | None] = mapped_column(String(120))
    time_zone: Mapped[str] = mapped_column(String(64))
    is_instructor: Mapped[bool] = mapped_column(default=False)
    is_administrator: Mapped[bool] = mapped_column(default=False)
    registered_at: Mapped[datetime]
    registration_intent: Mapped[str | None] = mapped_column(String(64), unique=True)
    deactivated_at: Mapped[datetime | None]

    licenses: Mapped[list["License"]] = relationship(
        back_populates="person", order_by="License.id", cascade="all, delete-orphan"
    )


class PersonWord(Base):
    """A word of a person's name or address, folded, by whose beginning the panel finds them.

    Written with the person's row, by the events below. Sorted by code points, so that a prefix
    is a range of the index on both databases.
    """

    __tablename__ = "person_word"
    __table_args__ = (Index("ix_person_word", "word", "person_id"),)

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    word: Mapped[str] = mapped_column(
        String(LONGEST_WORD).with_variant(String(LONGEST_WORD, collation="C"), "postgresql"),
        primary_key=True,
    )


@event.listens_for(Person, "after_insert")
@event.listens_for(Person, "after_update")
def _write_words(mapper: Mapper[Person], connection: Connection, person: Person) -> None:
    words = words_of_person(person.name_on_license, person.email)
    connection.execute(delete(PersonWord).where(PersonWord.person_id == person.id))
    if words:
        rows = [{"person_id": person.id, "word": word} for word in sorted(words)]
        connection.execute(insert(PersonWord), rows)


class License(HasId, Base):
    """A license to practice: profession, jurisdiction (state), and number as printed.

    `renews_on` is the last day of the present license period, which lasts `cycle_years`.
    """

    __tablename__ = "license"
    __table_args__ = (UniqueConstraint("person_id", "profession", "jurisdiction", "number"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    profession: Mapped[str] = mapped_column(String(80))
    jurisdiction: Mapped[str] = mapped_column(String(80))
    number: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime]
    renews_on: Mapped[date | None]
    cycle_years: Mapped[int | None]

    person: Mapped[Person] = relationship(back_populates="licenses")


class LoginSession(HasId, Base):
    """One logged-in browser. The cookie holds the token; the row only its SHA-256."""

    __tablename__ = "login_session"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class MailedToken(HasId, Base):
    """A single-use link sent by mail: `purpose` is 'password-reset' or 'confirm-email'."""

    __tablename__ = "mailed_token"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class KeptForm(HasId, Base):
    """A form that arrived after its sender's session had ended, kept for its owner.

    Written only after the owner has logged in again; deleted when saved or discarded.
    """

    __tablename__ = "kept_form"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    path: Mapped[str] = mapped_column(String(500))
    fields: Mapped[list[Any]]
    received_at: Mapped[datetime]
    kept_at: Mapped[datetime]
