"""An agency with a contract, and its keys, for tests."""

from datetime import timedelta

import clock
from extensions import db
from models import Agency, AgencyContract, AgencyKey, AgencyManager, EnrollmentKey, Person
from tests.factories import SLUG, make_key


def make_agency(name: str = "Harbor Agency") -> Agency:
    agency = Agency(name=name, note="", created_at=clock.now())
    db.session.add(agency)
    db.session.flush()
    return agency


def make_contract(agency: Agency, seats: int = 5, **fields: object) -> AgencyContract:
    """A contract in force that covers all courses."""
    now = clock.now()
    contract = AgencyContract(
        **{
            "agency_id": agency.id,
            "name": "Contract 2026",
            "seats": seats,
            "used": 0,
            "valid_from": now - timedelta(days=1),
            "valid_until": now + timedelta(days=365),
            "all_courses": True,
            "created_at": now,
            **fields,
        }
    )
    db.session.add(contract)
    db.session.flush()
    return contract


def make_agency_key(
    contract: AgencyContract,
    code: str = "AGENCYKEY234",
    seats: int = 5,
    invited: str = "",
    slug: str = SLUG,
    email: str = "",
    **fields: object,
) -> EnrollmentKey:
    """A shared key of a contract; with `invited`, an invitation of one seat."""
    key = make_key(code, seats=1 if invited else seats, slug=slug, **fields)
    db.session.add(
        AgencyKey(
            enrollment_key_id=key.id,
            contract_id=contract.id,
            is_invitation=bool(invited),
            invited_name=invited,
            invited_email=email,
        )
    )
    db.session.flush()
    return key


def make_manager(agency: Agency, person: Person) -> AgencyManager:
    manager = AgencyManager(agency_id=agency.id, person_id=person.id, granted_at=clock.now())
    db.session.add(manager)
    db.session.flush()
    return manager
