"""Error pages in the product's design; refusals of the domain mapped once."""

import logging
from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from blueprints.http import request_id, wants_fragment
from domain.refusals import Refusal, TooMany
from extensions import db

LOG = logging.getLogger("contact_hour")
RETRY_AFTER_BUSY_S = 5


@dataclass(frozen=True)
class Words:
    """What an error page says: its title, what happened, and what to do next."""

    title: str
    happened: str
    next_step: str


WORDS = {
    400: Words(
        "We could not read that request",
        "Part of what your browser sent was missing or out of date.",
        "Go back, load the page again, and try once more. What was saved is still saved.",
    ),
    403: Words(
        "This page is not open to you",
        "You are logged in, but your account does not have the role this page needs.",
        "If you think it should, write to us and name the address of the page.",
    ),
    404: Words(
        "There is no such page",
        "The address may be mistyped, or the page may belong to somebody else's account.",
        "Check the address, or start from the catalogue or from your courses.",
    ),
    405: Words(
        "That cannot be done at this address",
        "The address exists, but not for this kind of request.",
        "Go back and use the buttons on the page.",
    ),
    409: Words(
        "That no longer fits",
        "Things have changed since you opened the page, perhaps in another window.",
        "Load the page again to see how it stands now. Nothing was changed.",
    ),
    413: Words(
        "That was too much at once",
        "What you sent is larger than this page can take.",
        "Go back and send less text or a smaller file.",
    ),
    422: Words(
        "Something needs correcting",
        "We understood the request, but not everything in it can be accepted.",
        "Go back, correct it, and send it again.",
    ),
    429: Words(
        "Please wait a little",
        "This was tried too many times in a short while.",
        "Wait a minute, then try again. Nothing you have earned is affected.",
    ),
    500: Words(
        "Something went wrong on our side",
        "The fault is ours, and it has been logged. What was saved before is still saved.",
        "Try again. If it happens again, report it and give us the number below.",
    ),
    503: Words(
        "The learning center is busy",
        "The request could not be handled in time, and nothing was changed.",
        "Wait a few seconds and try again.",
    ),
}


def init_app(app: Flask) -> None:
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(PoolTimeout, _database_busy)
    app.register_error_handler(Exception, _unexpected)


def error_page(status: int, happened: str = "") -> Response:
    """The page of an error status. Uses no database. `happened` replaces the standard words."""
    words = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    return make_response(
        render_template(
            "errors/error.html",
            status=status,
            title=words.title,
            happened=happened or words.happened,
            next_step=words.next_step,
            request_id=request_id(),
            fragment=wants_fragment(),
        ),
        status,
    )


def _refused(refusal: Refusal) -> Response:
    db.session.rollback()
    response = error_page(refusal.status, str(refusal))
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    response = error_page(error.code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "Content-Range"):
            response.headers[name] = value
    return response


def _database_busy(error: DBAPIError | PoolTimeout) -> Response:
    LOG.warning("database busy in request %s: %s", request_id(), type(error).__name__)
    LOG.debug("database busy", exc_info=error)
    db.session.rollback()
    response = error_page(503)
    response.headers["Retry-After"] = str(RETRY_AFTER_BUSY_S)
    return response


def _unexpected(error: Exception) -> Response:
    LOG.error("fault in request %s", request_id(), exc_info=error)
    db.session.rollback()
    return error_page(500)
