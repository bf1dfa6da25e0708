"""Accommodations in force: whose, for which course, until when."""

from datetime import timedelta

from flask import Flask

import clock
from domain.accommodation import NO_EFFECT
from extensions import db
from models import Accommodation
from services import accommodations, editions
from tests.factories import SLUG, make_person

DAY = timedelta(days=1)


def grant(person_id: int, **fields: object) -> None:
    given = {"person_id": person_id, "time_percent": 150, "granted_at": clock.now() - DAY}
    db.session.add(Accommodation(**{**given, **fields}))
    db.session.flush()


def test_only_what_is_in_force_for_this_learner_and_course_counts(context: Flask) -> None:
    now = clock.now()
    course_id = editions.get_course(SLUG).id
    alice, dave = make_person(), make_person("dave@example.org")
    assert accommodations.get_effect(alice.id, course_id, now) == NO_EFFECT
    grant(alice.id, until=now, time_percent=400)
    grant(alice.id, ended_at=now - DAY, time_percent=400)
    grant(alice.id, granted_at=now + DAY, time_percent=400)
    grant(dave.id, time_percent=400)
    assert accommodations.get_effect(alice.id, course_id, now) == NO_EFFECT
    grant(alice.id, course_id=course_id, until=now + DAY)
    assert accommodations.get_effect(alice.id, course_id, now).time_percent == 150
    grant(alice.id, time_percent=200, extra_attempts=2)
    effect = accommodations.get_effect(alice.id, course_id, now)
    assert (effect.time_percent, effect.extra_attempts) == (200, 2)
