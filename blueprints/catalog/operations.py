"""What load balancers, browsers and search engines ask for."""

from flask import Response, current_app, jsonify, make_response, redirect
from flask.typing import ResponseReturnValue

from blueprints.catalog.views import bp
from services import readiness

PERSONAL_PLACES = (
    "/account",
    "/admin",
    "/attempts",
    "/certificates",
    "/instructor",
    "/kept",
    "/learn",
    "/login",
    "/orders",
    "/password-reset",
    "/confirm-email",
    "/register",
    "/v/",
)
ONE_DAY_S = 86_400


@bp.get("/healthz")
def show_health() -> ResponseReturnValue:
    """200 when this process can answer requests, else 503 with what is wrong."""
    found = readiness.check()
    is_ready = all(state == readiness.OK for state in found.values())
    response = jsonify(status="ok" if is_ready else "not ready", **found)
    response.status_code = 200 if is_ready else 503
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/favicon.ico")
def show_favicon() -> ResponseReturnValue:
    """Browsers that look for it here are led to the drawn one."""
    response = make_response(redirect(current_app.jinja_env.globals["asset"]("favicon.svg")))
    return _kept_a_day(response)


@bp.get("/robots.txt")
def show_robots() -> ResponseReturnValue:
    lines = ["User-agent: *", *(f"Disallow: {place}" for place in PERSONAL_PLACES)]
    response = make_response("\n".join([*lines, ""]))
    response.mimetype = "text/plain"
    return _kept_a_day(response)


def _kept_a_day(response: Response) -> Response:
    response.headers["Cache-Control"] = f"public, max-age={ONE_DAY_S}"
    return response
