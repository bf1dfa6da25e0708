"""Error pages in the product's design; refusals of the domain mapped once."""

import logging

from flask import Flask, Response, make_response, render_template
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from blueprints.http import request_id
from domain.refusals import Refusal, TooMany
from extensions import db

LOG = logging.getLogger("contact_hour")
RETRY_AFTER_BUSY_S = 5


def init_app(app: Flask) -> None:
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DataError, _not_storable)
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(PoolTimeout, _database_busy)
    app.register_error_handler(Exception, _unexpected)


def error_page(status: int, words: str = "", retry_after: int | None = None) -> Response:
    """The page of an error status. Uses no database. `words` replace the standard ones."""
    text = render_template(
        "errors/error.html",
        status=status,
        words=words or None,
        request_id=request_id(),
        retry_after=retry_after,
    )
    response = make_response(text, status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _refused(refusal: Refusal) -> Response:
    db.session.rollback()
    retry_after = refusal.retry_after if isinstance(refusal, TooMany) else None
    return error_page(refusal.status, str(refusal), retry_after)


def _http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    response = error_page(error.code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "Content-Range"):
            response.headers[name] = value
    return response


def _not_storable(error: DataError) -> Response:
    """A value that a form should have refused: too long, or out of the column's range."""
    LOG.error("value refused in request %s", request_id(), exc_info=error)
    db.session.rollback()
    return error_page(422)


def _database_busy(error: DBAPIError | PoolTimeout) -> Response:
    LOG.warning("database busy in request %s: %s", request_id(), type(error).__name__)
    LOG.debug("database busy", exc_info=error)
    db.session.rollback()
    return error_page(503, retry_after=RETRY_AFTER_BUSY_S)


def _unexpected(error: Exception) -> Response:
    LOG.error("fault in request %s", request_id(), exc_info=error)
    db.session.rollback()
    return error_page(500)
