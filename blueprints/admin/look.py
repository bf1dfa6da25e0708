"""The look of certificates in the panel: change it, see it on a sample, keep it."""

from uuid import uuid4

from flask import Response, flash, make_response, request, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.admin.look_forms import LookForm
from blueprints.admin.views import bp
from blueprints.certificates.views import PAPER_NAMES
from blueprints.http import (
    actor,
    commit_before_slow_work,
    commits,
    page,
    see_other,
    settings,
    write_meanwhile,
)
from blueprints.safe_image import safe_image
from domain.images import media_type
from domain.refusals import Conflict, NotFound
from services import certificate_samples, look_drafts, provider_look
from services.look_drafts import Wanted
from services.pdf.miniature import miniature_svg
from services.pdf.qr_codes import qr_svg
from services.provider_look import IMAGES, PAPERS

AS_IT_IS = Wanted()
NOTHING_DIFFERS = "Nothing was changed: what you sent is the look as it is."
CHANGED_MEANWHILE = "This look was changed in another window. Look at it again before you keep it."
KEPT = "Kept. Certificates issued from now on look like this, after ten seconds at most."
SHEET, QR = "sheet", "qr"


@bp.get("/admin/provider/look")
def show_look() -> ResponseReturnValue:
    """The form, as the look is now or, with ?draft=, as it was sent to be seen."""
    draft = look_drafts.find_draft(request.args.get("draft", ""))
    wanted = look_drafts.wanted_of(draft) if draft else AS_IT_IS
    proposed = look_drafts.proposed_look(wanted)
    form = LookForm(
        formdata=None,
        accent=proposed["accent"],
        paper=proposed["paper"],
        draft=draft.key if draft else uuid4().hex,
        **{f"without_{name}": wanted.images.get(name) == b"" for name in IMAGES},
    )
    return _form_page(form, wanted)


@bp.post("/admin/provider/look")
@commits
def propose_look() -> ResponseReturnValue:
    """Keep what is wanted as a draft, to be seen; images that can be used outlive a refusal."""
    form = LookForm()
    draft = look_drafts.find_draft(form.key)
    key = form.key if draft or not look_drafts.is_spent(form.key) else uuid4().hex
    before = look_drafts.wanted_of(draft) if draft else AS_IT_IS
    commit_before_slow_work()
    is_valid = form.validate_on_submit()
    sent = form.read_files()
    if not is_valid or form.errors:
        chosen = Wanted(before.accent, before.paper, {**before.images, **sent})
        return _refused_page(form, key, chosen, bool(sent))
    wanted = form.wanted(before, sent)
    if not look_drafts.list_differences(wanted):
        look_drafts.discard(key)
        flash(NOTHING_DIFFERS)
        return see_other(url_for("admin.show_look"))
    look_drafts.save_draft(key, wanted, clock.now())
    return see_other(url_for("admin.show_look_draft", key=key))


@bp.get("/admin/provider/look/images/<name>")
def show_look_image(name: str) -> ResponseReturnValue:
    return _image(AS_IT_IS, name)


@bp.get("/admin/provider/look/sample.pdf")
def download_look_sample() -> ResponseReturnValue:
    return _sample(AS_IT_IS)


@bp.get("/admin/provider/look/drafts/<key>")
def show_look_draft(key: str) -> ResponseReturnValue:
    if look_drafts.is_spent(key):
        return see_other(url_for("admin.show_look"))
    wanted = look_drafts.wanted_of(look_drafts.get_draft(key))
    facts = look_drafts.sample_facts(wanted, settings().base_url)
    return page(
        "admin/look_draft.html",
        key=key,
        mark=look_drafts.mark_of(wanted),
        differences=look_drafts.list_differences(wanted),
        before=provider_look.present_look(),
        facts=facts,
        papers=PAPER_NAMES,
        images=_draft_addresses(key, facts["look"]),
    )


@bp.get("/admin/provider/look/drafts/<key>/images/<name>")
def show_look_draft_image(key: str, name: str) -> ResponseReturnValue:
    return _image(look_drafts.wanted_of(look_drafts.get_draft(key)), name)


@bp.get("/admin/provider/look/drafts/<key>/sample.pdf")
def download_look_draft_sample(key: str) -> ResponseReturnValue:
    return _sample(look_drafts.wanted_of(look_drafts.get_draft(key)))


@bp.post("/admin/provider/look/drafts/<key>/kept")
@commits
def keep_look(key: str) -> ResponseReturnValue:
    """Keep it as it was seen, once a certificate has been drawn with it."""
    draft = look_drafts.find_draft(key)
    wanted = look_drafts.wanted_of(draft) if draft else AS_IT_IS
    if draft and look_drafts.mark_of(wanted) != request.form.get("mark", ""):
        flash(CHANGED_MEANWHILE, "warning")
        return see_other(url_for("admin.show_look_draft", key=key))
    facts = look_drafts.sample_facts(wanted, settings().base_url)
    commit_before_slow_work()
    try:
        if draft:
            certificate_samples.draw_sample(facts)
        look_drafts.keep(key, wanted, actor(), clock.now())
    except Conflict as refusal:
        flash(str(refusal), "warning")
        here = url_for("admin.show_look_draft", key=key) if draft else url_for("admin.show_look")
        return see_other(here)
    flash(KEPT, "success")
    return see_other(url_for("admin.show_look"))


@bp.post("/admin/provider/look/drafts/<key>/discarded")
@commits
def discard_look(key: str) -> ResponseReturnValue:
    look_drafts.discard(key)
    flash("Discarded. The look is as it was.")
    return see_other(url_for("admin.show_look"))


def _refused_page(form: LookForm, key: str, chosen: Wanted, has_files: bool) -> ResponseReturnValue:
    if has_files:
        write_meanwhile(lambda: look_drafts.save_draft(key, chosen, clock.now()))
    form.draft.data = key
    return _form_page(form, chosen, 422)


def _form_page(form: LookForm, chosen: Wanted, status: int = 200) -> ResponseReturnValue:
    """The form; `chosen` are the images it shows, those not chosen as they are now."""
    present = provider_look.present_look()
    form.was_accent.data, form.was_paper.data = present["accent"], present["paper"]
    key = form.draft.data
    addresses = _addresses(present)
    for name, content in chosen.images.items():
        if content:
            addresses[name] = url_for("admin.show_look_draft_image", key=key, name=name)
    return page(
        "admin/look.html",
        status,
        form=form,
        present=present,
        addresses=addresses,
        chosen={name for name, content in chosen.images.items() if content},
        sheet=url_for("admin.show_look_image", name=SHEET),
        papers=PAPER_NAMES,
    )


def _addresses(look: dict[str, str]) -> dict[str, str]:
    return {
        name: url_for("admin.show_look_image", name=name) if look[name] else "" for name in IMAGES
    }


def _draft_addresses(key: str, look: dict[str, str]) -> dict[str, str]:
    names = [name for name in (*IMAGES, QR, SHEET) if look.get(name, name)]
    given = {name: url_for("admin.show_look_draft_image", key=key, name=name) for name in names}
    return {**dict.fromkeys(IMAGES, ""), **given}


def _image(wanted: Wanted, name: str) -> Response:
    """An image of the look, the code of the sample, or its whole sheet at a glance."""
    if name == QR:
        return safe_image(qr_svg(f"{settings().base_url}/verify"), "image/svg+xml")
    if name == SHEET:
        facts = look_drafts.sample_facts(wanted, settings().base_url)
        return safe_image(miniature_svg(facts).encode(), "image/svg+xml")
    content = look_drafts.find_image(wanted, name) if name in IMAGES else b""
    if not content:
        raise NotFound("There is no such image.")
    return safe_image(content, media_type(content))


def _sample(wanted: Wanted) -> Response:
    """A sample certificate as PDF, on the paper asked for; nothing of it is kept."""
    paper = request.args.get("paper", "")
    facts = look_drafts.sample_facts(wanted, settings().base_url, paper if paper in PAPERS else "")
    commit_before_slow_work()
    response = make_response(certificate_samples.draw_sample(facts))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = 'attachment; filename="sample-certificate.pdf"'
    return response
