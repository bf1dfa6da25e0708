"""Anyone checks a certificate: no login, no script, limited in number, not for search engines."""

from datetime import timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.certificates.views import bp
from blueprints.http import client_address, commit_before_slow_work, commits, page, see_other
from blueprints.http import writes_on_get
from domain.verification_code import normal_code, shown_code
from services import certification, throttle

CHECKS_A_MINUTE = 30
NO_SUCH_CODE = (
    "No certificate has this code. Check it letter by letter: it has 21 characters, and never a "
    "zero, a one, an O, an I or a Z."
)


@bp.get("/verify")
def show_verify() -> ResponseReturnValue:
    return render_template("certificates/verify.html", typed="", fault="")


@bp.post("/verify")
@commits
def verify_typed_code() -> ResponseReturnValue:
    typed = request.form.get("code", "").strip()
    code = normal_code(typed)
    if code is None:
        return page("certificates/verify.html", 422, typed=typed[:80], fault=NO_SUCH_CODE)
    return see_other(url_for("certificates.show_verification", code=code))


@bp.get("/v/<code>")
@writes_on_get
@commits
def show_verification(code: str) -> ResponseReturnValue:
    """What a certificate says and how it stands. Counts the check, so that nobody can guess on."""
    throttle.count(
        "verify", client_address(), CHECKS_A_MINUTE, timedelta(minutes=1), clock.now()
    )
    commit_before_slow_work()
    found = certification.find_by_code(code)
    if found is None:
        return page("certificates/verify.html", 404, typed=code[:80], fault=NO_SUCH_CODE)
    response = page(
        "certificates/verification.html",
        certificate=found,
        facts=found.facts,
        code=shown_code(found.verification_code),
        state=certification.get_state(found),
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response
