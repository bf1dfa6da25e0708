"""The pages of agencies in their states: people half-way, gone and certified, invitations."""

from datetime import timedelta

from sqlalchemy import select

import clock
from commands.demonstration import REFERENCE_COURSE
from domain.agency import Invitee
from extensions import db
from models import Enrollment, Person
from services import agency_invitations, agency_moves, editions
from services.agency_keys import NewKeys
from services.audit import Actor
from services.enrollments import enroll
from tests.agencies import make_agency, make_agency_key, make_contract, make_manager
from tests.factories import make_person

KEY = "STATESKEY234"
CLOSED = "CLOSEDKEY234"


def prepare_agency(center_url: str) -> dict[str, list[str]]:
    """Make an agency with all it can have; its pages by who sees them."""
    agency = make_agency("Agency of the States")
    contract = make_contract(agency, seats=20)
    make_agency_key(contract, KEY, seats=20, slug=REFERENCE_COURSE)
    make_agency_key(contract, CLOSED, slug=REFERENCE_COURSE, revoked_at=clock.now())
    make_manager(agency, make_person("manages@example.org", "Mona Manages"))
    make_person("reads@example.org", "Rita Reads")
    stays = _enroll("stays@example.org", "Stan Stays")
    stays.access_until = clock.now() + timedelta(days=9)
    ids = (agency.id, contract.id)
    left = _enroll("left@example.org", "Lee Left")
    director = Actor(_id_of("carol@example.org"), "states")
    agency_moves.free_seat(*ids, left.id, director, clock.now())
    people = [Invitee("Ina Invited", "ina@example.org"), Invitee("Lou Listed")]
    asked = NewKeys(REFERENCE_COURSE, None, "states")
    agency_invitations.make_invitations(*ids, asked, people, center_url, director, clock.now())
    home, here = f"/admin/agencies/{ids[0]}", f"/admin/agencies/{ids[0]}/contracts/{ids[1]}"
    return {
        "": [f"/keys/{KEY}", f"/keys/{CLOSED}"],
        "manages@example.org": [f"/agency/{agency.id}", f"/agency/{agency.id}?q=nobody"],
        "stays@example.org": ["/learn", f"/learn/{REFERENCE_COURSE}"],
        "left@example.org": [f"/learn/{REFERENCE_COURSE}"],
        "reads@example.org": [f"/keys/{KEY}"],
        "carol@example.org": [
            "/admin/agencies",
            home,
            f"{home}/contracts/new",
            here,
            f"{here}/terms",
            f"{here}/keys/new",
            f"{here}/invitations/new",
            f"{here}/invitations",
            f"{here}/seats/{stays.id}",
        ],
    }


def _enroll(email: str, name: str) -> Enrollment:
    outline = editions.get_current_outline(REFERENCE_COURSE)
    return enroll(make_person(email, name).id, outline, KEY, clock.now())


def _id_of(email: str) -> int:
    return db.session.scalars(select(Person.id).where(Person.email == email)).one()
