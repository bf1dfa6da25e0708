"""The register of all certificates, for staff: found by number, code, name or address."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from domain.refusals import NotFound
from domain.verification_code import normal_code
from extensions import db
from models import Certificate, CertificateDocument, CertificateEvent, CertificateWord, Person
from services import certification, keyset, person_search, word_search
from services.certification import State
from services.keyset import Order, Page
from services.word_search import MOST_FOUND, Found

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


def list_certificates(
    words: str, order: Order, after: str = "", size: int | None = 50
) -> tuple[Page, bool]:
    """A page of certificates, each with its holder's address; whether more match than are read.

    A number or code finds its certificate; else every word has to begin one of the printed name,
    or one of the holder's name or address as they are today.
    """
    query = select(Certificate, Person.email).join(Person, Person.id == Certificate.person_id)
    found = _find(words)
    if found is not None:
        query = query.where(Certificate.id.in_(found.ids))
    page = keyset.get_page(query, order, Certificate.id, after, size)
    return page, found is not None and found.is_cut


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


def _find(words: str) -> Found | None:
    exact = db.session.scalars(
        select(Certificate.id).where(
            or_(
                Certificate.number == words.upper().strip(),
                Certificate.verification_code == (normal_code(words) or words),
            )
        )
    ).all()
    if exact:
        return Found(tuple(exact), is_cut=False)
    printed = word_search.find(words, CertificateWord.certificate_id, CertificateWord.word)
    people = person_search.find_people(words)
    if printed is None or people is None:
        return None
    return word_search.together(printed, _held_by(people))


def _held_by(people: Found) -> Found:
    ids = db.session.scalars(
        select(Certificate.id)
        .where(Certificate.person_id.in_(people.ids))
        .order_by(Certificate.id.desc())
        .limit(MOST_FOUND + 1)
    ).all()
    return Found(tuple(ids[:MOST_FOUND]), is_cut=people.is_cut or len(ids) > MOST_FOUND)


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
