"""Signs of presence from the player's pages."""

from flask import request
from flask.typing import ResponseReturnValue

import clock
from blueprints.http import commits, identity
from blueprints.player import signs, signs_region
from blueprints.player.views import bp
from domain.numerals import read_whole_number
from domain.refusals import Invalid
from domain.time_record import Evidence
from services import time_record
from services.growing import Sent
from services.time_record import LARGEST_SEQ


@bp.post("/beats")
@commits
def create_beat() -> ResponseReturnValue:
    """Record that somebody is here: no durations and no times come from the browser.

    Most signs are answered before they come here (`sign_lane`).
    """
    who = identity()
    token = signs.unseal(request.form.get("token", ""), who.person_id)
    signs.refuse_after_access(token, clock.now())
    known = signs.with_view(token)
    recorded = time_record.record_sign(who.person_id, _sent(known), clock.now)
    if recorded.growing is not None:
        context = signs.signs(known, recorded.growing.seconds)
    else:
        context = signs.counted_again(known)
    return signs_region.region(context)


def _sent(token: signs.ViewToken) -> Sent:
    return Sent(
        token.page_view_id,
        Evidence.ACTIVE,
        _sequence(request.form.get("seq", "")),
        final=request.form.get("final") == "1",
        stops=request.form.get("stops") == "1",
    )


def _sequence(text: str) -> int:
    number = read_whole_number(text, LARGEST_SEQ)
    if not number:
        raise Invalid("seq", "A sign of presence carries a whole number.")
    return number
