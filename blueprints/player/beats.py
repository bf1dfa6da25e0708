"""Signs of presence from the player's pages."""

from flask import request
from flask.typing import ResponseReturnValue

import clock
from blueprints.http import commits, identity, region
from blueprints.player import signs
from blueprints.player.views import bp
from domain.numerals import read_whole_number
from domain.refusals import Invalid
from domain.time_record import Evidence
from services import recorded_time, time_record

LARGEST_SEQ = 2**53
"""Pages count on from the milliseconds since 1970."""


@bp.post("/beats")
@commits
def create_beat() -> ResponseReturnValue:
    """Record that somebody is here: no durations and no times come from the browser."""
    who = identity()
    token = signs.with_view(signs.unseal(request.form.get("token", ""), who.person_id))
    recorded = time_record.record_sign(
        who.person_id,
        token.page_view_id,
        Evidence.ACTIVE,
        _sequence(request.form.get("seq", "")),
        final=request.form.get("final") == "1",
        read_clock=clock.now,
    )
    if recorded.growing is not None:
        context = signs.signs(token, recorded.growing.seconds)
    else:
        growing_s = recorded_time.growing_seconds(token.page_view_id)
        context = signs.signs(signs.counted_again(token), growing_s)
    return region("player/_recorded_time.html", time_signs=context)


def _sequence(text: str) -> int:
    number = read_whole_number(text, LARGEST_SEQ)
    if not number:
        raise Invalid("seq", "A sign of presence carries a whole number.")
    return number
