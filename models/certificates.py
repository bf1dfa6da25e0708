"""Certificates: the record, its rendered documents, its events. All insert-only."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId

_FIRST = text("predecessor_id IS NULL")


class Certificate(HasId, Base):
    """The immutable record. `facts` is everything printed, copied at issue and never read live."""

    __tablename__ = "certificate"
    __table_args__ = (
        Index(
            "uq_certificate_first",
            "enrollment_id",
            unique=True,
            sqlite_where=_FIRST,
            postgresql_where=_FIRST,
        ),
        Index("ix_certificate_completed_on", "completed_on", "id"),
    )

    number: Mapped[str] = mapped_column(String(24), unique=True)
    verification_code: Mapped[str] = mapped_column(String(32), unique=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    predecessor_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), unique=True)
    printed_name: Mapped[str] = mapped_column(String(120))
    completed_at: Mapped[datetime]
    completed_on: Mapped[date]
    issued_at: Mapped[datetime] = mapped_column(index=True)
    attestation: Mapped[str] = mapped_column(String(500))
    facts: Mapped[dict[str, Any]]


class CertificateDocument(Base):
    """The bytes of a rendered certificate, stored once and served ever after."""

    __tablename__ = "certificate_document"

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    variant: Mapped[str] = mapped_column(String(20), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    rendered_at: Mapped[datetime]


class CertificateEvent(HasId, Base):
    """What happened to a certificate after its issue; its state derives from these.

    `reason` is public, on the page of verification; `note` is for staff only.
    """

    __tablename__ = "certificate_event"

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(300))
    note: Mapped[str | None] = mapped_column(String(500))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    happened_at: Mapped[datetime]
