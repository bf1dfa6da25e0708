"""Anyone checks a certificate: no login, no script, limited in number, not for search engines."""

from datetime import timedelta

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.certificates.views import bp
from blueprints.http import (
    client_address,
    commit_before_slow_work,
    commits,
    page,
    see_other,
    writes_on_get,
)
from domain.verification_code import CODE_CHARACTERS, normal_code, shown_code
from services import certification, throttle

CHECKS_A_MINUTE = 30
LONGEST_SHOWN = 80
NO_CODE = "Type the code that is printed on the certificate."
NOT_A_CODE = (
    f"This is not a complete code. It has {CODE_CHARACTERS} letters and digits, and never a zero, "
    "a one, an I, an O or a Z. Check it letter by letter."
)
NO_SUCH_CODE = (
    "No certificate has this code. Check it letter by letter. If it is right, the certificate was "
    "not issued here."
)


@bp.get("/verify")
def show_verify() -> ResponseReturnValue:
    return _verify_page("", "", 200)


@bp.post("/verify")
def verify_typed_code() -> ResponseReturnValue:
    """To the page of a code that can be one; looking it up is left to that page, and counted."""
    typed = request.form.get("code", "").strip()
    code = normal_code(typed)
    if code is None:
        return _verify_page(typed, NOT_A_CODE if typed else NO_CODE, 422)
    return see_other(url_for("certificates.show_verification", code=code))


@bp.get("/v/<code>")
@writes_on_get
@commits
def show_verification(code: str) -> ResponseReturnValue:
    """What a certificate says and how it stands. Counts the check, so that nobody can guess on."""
    throttle.count("verify", client_address(), CHECKS_A_MINUTE, timedelta(minutes=1), clock.now())
    commit_before_slow_work()
    found = certification.find_by_code(code)
    if found is None:
        return _verify_page(code, NO_SUCH_CODE, 404)
    successor = certification.find_successor(found)
    response = page(
        "certificates/verification.html",
        certificate=found,
        facts=found.facts,
        code=shown_code(found.verification_code),
        state=certification.get_state(found),
        successor_code=successor.verification_code if successor else None,
    )
    return _for_people_only(response)


def _verify_page(typed: str, fault: str, status: int) -> Response:
    response = page("certificates/verify.html", status, typed=typed[:LONGEST_SHOWN], fault=fault)
    return response if status == 200 else _for_people_only(response)


def _for_people_only(response: Response) -> Response:
    """Keep a certificate out of search engines and shared caches; its state may change."""
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response
