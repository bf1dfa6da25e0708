"""The status panel of pages without scripts: the server's `Refresh` header is its heartbeat.

It always answers 200 with `Refresh`, also on trouble and after the login has ended, in words: one
error page would end the chain of reloads. Paused, it is another address, without `Refresh`.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.headers import FRAMED_POLICY
from blueprints.http import commits, find_identity, page, request_id, writes_on_get
from blueprints.player import signs
from blueprints.player.signs import TimeSigns, ViewToken
from domain.refusals import Refusal, TooMany
from domain.time_record import Evidence
from extensions import db
from services import time_record
from services.growing import Sent

bp = Blueprint("time_panel", __name__)
LOG = logging.getLogger("contact_hour")
REFRESH_S = 60
LOGGED_OUT = "You are logged out, so time is not being recorded. What was recorded is kept."
TROUBLE = "Time could not be recorded just now. This panel tries again every minute."


@dataclass(frozen=True)
class State:
    """What the panel shows: a heading, words, the time so far, and where its link leads."""

    title: str
    words: str = ""
    time_signs: TimeSigns | None = None
    link: str = ""
    href: str = ""
    leaves_frame: bool = False


@bp.get("/time-panel")
@writes_on_get
@commits
def show_panel() -> ResponseReturnValue:
    """Record that the page is open, and show the time that is recorded."""
    now = clock.now()
    token = _read_token()
    if token is None:
        return _panel(_logged_out())
    if _is_idle(token, now):
        return _panel(_ask(token, now))
    counted = _record(token, now)
    paused = url_for("time_panel.show_paused", view=counted.token, page=_page())
    return _panel(State("Time is being recorded", "", counted, "Pause recording", paused))


@bp.get("/time-panel/paused")
@writes_on_get
@commits
def show_paused() -> ResponseReturnValue:
    """End what was open: nothing is recorded, and nothing reloads, until it goes on."""
    now = clock.now()
    token = _read_token()
    if token is None:
        return _panel(_logged_out())
    counted = _record(token, now, stops=True)
    words = "No time is recorded until you go on."
    state = State("Recording is paused", words, counted, "Go on recording", _go_on(token, now))
    return _panel(state, refresh=False)


@bp.errorhandler(Refusal)
def tell_refusal(refusal: Refusal) -> Response:
    """Refused, such as for a course that is complete."""
    db.session.rollback()
    return _panel(State("Time is not being recorded", str(refusal)))


@bp.errorhandler(Exception)
def tell_trouble(error: Exception) -> Response:
    """Anything else, such as a database that is busy."""
    LOG.error("time panel in trouble in request %s", request_id(), exc_info=error)
    db.session.rollback()
    return _panel(State("Time is not being recorded", TROUBLE))


def _record(token: ViewToken, now: datetime, *, stops: bool = False) -> TimeSigns:
    """The time after this sign. Its number comes of the page's age, so that it rises by itself;
    a pause in the very second of a reload is still the later of the two."""
    signs.refuse_after_access(token, now)
    known = signs.with_view(token)
    age_s = max(0, int(now.timestamp()) - token.opened_s)
    seq = 2 * age_s + (2 if stops else 1)
    sent = Sent(known.page_view_id, Evidence.PAGE, seq, stops=stops)
    try:
        time_record.record_sign(token.person_id, sent, clock.now)
    except TooMany:
        LOG.debug("the panel was reloaded within a second")
    return signs.counted_again(known)


def _read_token() -> ViewToken | None:
    """The page's token; None after the login has ended. Raises NotFound if it is no token."""
    who = find_identity()
    return signs.unseal(request.args.get("view", ""), who.person_id) if who else None


def _is_idle(token: ViewToken, now: datetime) -> bool:
    return token.idle_s > 0 and int(now.timestamp()) - token.acted_s > token.idle_s


def _ask(token: ViewToken, now: datetime) -> State:
    words = (
        f"Recording is paused: nothing was done here for {token.idle_s // 60} minutes. "
        "Nothing that was recorded is taken away."
    )
    return State("Are you still here?", words, None, "I am still here", _go_on(token, now))


def _go_on(token: ViewToken, now: datetime) -> str:
    """Where recording goes on: using the link is an action of the learner's own."""
    acted = signs.seal(replace(token, acted_s=int(now.timestamp())))
    return url_for("time_panel.show_panel", view=acted, page=_page())


def _logged_out() -> State:
    login = url_for("accounts.show_login", next=_page())
    return State("Time is not being recorded", LOGGED_OUT, None, "Log in", login, True)


def _page() -> str:
    """The path of the page around the panel, where one comes back after logging in."""
    path = request.args.get("page", "")
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/learn"


def _panel(state: State, *, refresh: bool = True) -> Response:
    response = page("time_panel/panel.html", state=state, now=clock.now())
    response.headers["Content-Security-Policy"] = FRAMED_POLICY
    response.headers["Cache-Control"] = "no-store"
    if refresh:
        response.headers["Refresh"] = str(REFRESH_S)
    return response
