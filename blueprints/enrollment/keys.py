"""The page of an enrollment key: what it opens, whose it is, what an agency will see."""

from datetime import timedelta

from flask import flash, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.enrollment.views import TRIES_AN_HOUR, bp
from blueprints.http import (
    commit_before_slow_work,
    commits,
    find_identity,
    identity,
    page,
    person_id,
    see_other,
)
from domain.agency import NOT_SEEN_BY_AGENCY, SEEN_BY_AGENCY
from domain.enrollment_key import shown_code
from domain.refusals import Invalid
from services import catalogue, enrollments, key_offers, throttle
from services.key_offers import KeyOffer


@bp.get("/keys/<code>")
def show_key(code: str) -> ResponseReturnValue:
    """Open to visitors: an invitation is read before there is an account."""
    offer = key_offers.get_offer(code)
    who = find_identity()
    if who is not None and enrollments.find_open(who.person_id, offer.outline.course_id):
        return see_other(url_for("player.show_course_home", slug=offer.outline.slug))
    now = clock.now()
    catalogue.refuse_closed(offer.outline, now)
    return _key_page(offer, offer.why_closed(person_id(), now))


@bp.post("/keys/<code>")
@commits
def use_key(code: str) -> ResponseReturnValue:
    now = clock.now()
    who = identity().person_id
    throttle.count("enroll", str(who), TRIES_AN_HOUR, timedelta(hours=1), now)
    commit_before_slow_work()
    offer = key_offers.get_offer(code)
    catalogue.refuse_closed(offer.outline, now)
    try:
        enrollments.enroll(who, offer.outline, code, now)
    except Invalid as refusal:
        return _key_page(offer, refusal.message, 422)
    flash(f"You are enrolled in {offer.outline.title}.", "success")
    return see_other(url_for("player.show_course_home", slug=offer.outline.slug))


def _key_page(offer: KeyOffer, closed: str, status: int = 200) -> ResponseReturnValue:
    return page(
        "enrollment/key.html",
        status,
        offer=offer,
        closed=closed,
        code=shown_code(offer.key.code),
        access_until=clock.now() + timedelta(days=offer.outline.access_days),
        sees=SEEN_BY_AGENCY,
        sees_not=NOT_SEEN_BY_AGENCY,
    )
