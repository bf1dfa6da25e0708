"""A demo agency with a contract, a shared key and a manager. Never in production."""

from datetime import datetime, timedelta

from sqlalchemy import select

from extensions import db
from models import Agency, AgencyContract, AgencyKey, AgencyManager, EnrollmentKey, Person
from services.editions import get_course
from services.enrollments import normal_key

AGENCY = "Tidewater Family Services (fictional)"
AGENCY_KEY = "TIDE-WATE-R234"
SEATS = 40
LENGTH = timedelta(days=3650)


def ensure_agency(manager_email: str, course: str, now: datetime) -> None:
    """Make the demo agency, where it is missing."""
    code = normal_key(AGENCY_KEY)
    if db.session.scalar(select(EnrollmentKey).where(EnrollmentKey.code == code)) is not None:
        return
    agency = Agency(name=AGENCY, note="Demonstration", created_at=now)
    db.session.add(agency)
    db.session.flush()
    contract = AgencyContract(
        agency_id=agency.id,
        name="Demonstration",
        seats=SEATS,
        used=0,
        valid_from=now,
        valid_until=now + LENGTH,
        all_courses=True,
        created_at=now,
    )
    key = EnrollmentKey(
        code=code,
        course_id=get_course(course).id,
        seats=SEATS,
        note="Demonstration",
        created_at=now,
        valid_until=now + LENGTH,
    )
    db.session.add_all([contract, key])
    db.session.flush()
    db.session.add(
        AgencyKey(enrollment_key_id=key.id, contract_id=contract.id, is_invitation=False)
    )
    manager = db.session.scalars(select(Person.id).where(Person.email == manager_email)).first()
    if manager is not None:
        db.session.add(AgencyManager(agency_id=agency.id, person_id=manager, granted_at=now))
    db.session.flush()
