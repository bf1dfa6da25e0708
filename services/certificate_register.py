"""The register of all certificates, for staff: found by number, code, name or address."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from domain.refusals import NotFound
from domain.verification_code import normal_code
from extensions import db
from models import Certificate, CertificateDocument, CertificateEvent, Person
from services import certification, keyset
from services.certification import State
from services.keyset import Order, Page

ORDERS = {"issued": Order(Certificate.id, descending=True)}
"""By id, which follows the time of issue and is never equal."""


@dataclass(frozen=True)
class Entry:
    """One certificate with all that happened to it. Events come with the name of who acted."""

    certificate: Certificate
    holder: Person
    state: State
    predecessor: Certificate | None
    successor: Certificate | None
    events: list[tuple[CertificateEvent, str | None]]
    documents: list[tuple[str, str, int]]


def list_certificates(words: str, order: Order, after: str = "", size: int | None = 50) -> Page:
    """A page of certificates, each with its holder's address; every word has to match."""
    query = (
        select(Certificate, Person.email)
        .join(Person, Person.id == Certificate.person_id)
        .where(*(_matches(word) for word in _parts(words)))
    )
    return keyset.get_page(query, order, Certificate.id, after, size)


def get_entry(number: str) -> Entry:
    """The certificate of a number with its history. Raises NotFound."""
    found = db.session.scalar(select(Certificate).where(Certificate.number == number))
    if found is None:
        raise NotFound("There is no certificate with this number.")
    return Entry(
        certificate=found,
        holder=db.session.get_one(Person, found.person_id),
        state=certification.get_state(found),
        predecessor=(
            db.session.get(Certificate, found.predecessor_id) if found.predecessor_id else None
        ),
        successor=certification.find_successor(found),
        events=_list_events(found.id),
        documents=_list_documents(found.id),
    )


def _parts(words: str) -> list[str]:
    """The words looked for; a verification code stays whole, however it was typed."""
    code = normal_code(words)
    return [code] if code else words.split()


def _matches(word: str) -> ColumnElement[bool]:
    return or_(
        Certificate.number == word.upper(),
        Certificate.verification_code == (normal_code(word) or word),
        Certificate.printed_name.icontains(word, autoescape=True),
        Person.email.icontains(word, autoescape=True),
    )


def _list_events(certificate_id: int) -> list[tuple[CertificateEvent, str | None]]:
    rows = db.session.execute(
        select(CertificateEvent, Person.name_on_license)
        .outerjoin(Person, Person.id == CertificateEvent.actor_id)
        .where(CertificateEvent.certificate_id == certificate_id)
        .order_by(CertificateEvent.id)
    )
    return [(event, name) for event, name in rows]


def _list_documents(certificate_id: int) -> list[tuple[str, str, int]]:
    """Each stored document: its name, its hash, its length in bytes."""
    rows = db.session.execute(
        select(
            CertificateDocument.variant,
            CertificateDocument.sha256,
            func.length(CertificateDocument.content),
        )
        .where(CertificateDocument.certificate_id == certificate_id)
        .order_by(CertificateDocument.variant)
    )
    return [(variant, sha256, size) for variant, sha256, size in rows]
