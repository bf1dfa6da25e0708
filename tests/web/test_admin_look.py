"""The look of certificates in the panel: seen on a sample, kept once, never changing what is."""

import hashlib
import random
import re
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, select, update
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

import clock
from domain import images
from extensions import db
from models import AuditEvent, Certificate, LookDraft, Provider, ProviderImage
from services import certificate_samples, look_drafts, provider, provider_look
from services.certificate_documents import find_pdf, printed_facts, render_certificate
from services.pdf.drawing_process import DrawingFailed
from tests.completed import BASE_URL, complete_all, issue
from tests.factories import PASSWORD, make_enrollment, make_person
from tests.site import Site

FORM = "/admin/provider/look"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10">{}</svg>'
LOGO = SVG.format('<path d="M0 0h20v10H0z"/>').encode()
TYPED: dict[str, object] = {
    "accent": "#0b4f3b",
    "paper": "letter",
    "was_accent": "#0b4f3b",
    "was_paper": "letter",
}


def png(width: int = 30, height: int = 10, mode: str = "RGBA") -> bytes:
    out = BytesIO()
    Image.new(mode, (width, height)).save(out, "PNG")
    return out.getvalue()


def upload(content: bytes, name: str = "image.png") -> tuple[BytesIO, str]:
    return BytesIO(content), name


def propose(site: Site, **typed: object) -> str:
    """The address of the sample of what was typed."""
    sent = site.post(FORM, {**TYPED, **typed})
    assert sent.status_code == 303, sent.text[:300]
    return str(sent.headers["Location"])


def keep(site: Site, sample: str) -> str:
    """The words after keeping what the sample shows."""
    mark = re.search(r'name="mark" value="(\w+)"', site.get(sample).text)
    assert mark
    return site.follow(site.post(f"{sample}/kept", {"mark": mark[1]})).text


def present(site: Site) -> dict[str, str]:
    with site.app.app_context():
        return provider_look.present_look()


def events(site: Site) -> list[dict[str, str]]:
    with site.app.app_context():
        kind = AuditEvent.kind == "provider.look-changed"
        found = select(AuditEvent.facts).where(kind).order_by(AuditEvent.id)
        return list(db.session.scalars(found))


def test_a_look_is_seen_on_a_sample_then_kept_once(carol: Site) -> None:
    before = present(carol)
    sample = propose(carol, accent="#7A1F2B", paper="a4", logo=upload(png()))
    page = carol.get(sample).text
    for words in ("Sample Learner", "Sample, not a certificate", "#7a1f2b", "becomes A4"):
        assert " ".join(words.split()) in " ".join(re.sub("<[^>]+>", "", page).split()), words
    pdf = carol.get(f"{sample}/sample.pdf")
    assert pdf.data.startswith(b"%PDF-")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert present(carol) == before, "seeing it changes nothing"
    with carol.app.app_context():
        for model in (Certificate, ProviderImage):
            assert db.session.scalar(select(func.count()).select_from(model)) == 0, model
    mark = re.search(r'name="mark" value="(\w+)"', page)
    assert mark
    for _ in range(2):
        assert carol.post(f"{sample}/kept", {"mark": mark[1]}).status_code == 303
    after = present(carol)
    logo = hashlib.sha256(png()).hexdigest()
    assert (after["accent"], after["paper"], after["logo"]) == ("#7a1f2b", "a4", logo)
    assert events(carol) == [{"accent": "#7a1f2b", "paper": "a4", "logo": logo}]
    assert carol.follow(carol.get(sample)).request.path == FORM
    found = carol.get("/admin/audit?kind=provider.look-changed").text
    assert f"logo: {logo[:12]}…" in found
    assert "person:" in found
    assert logo in carol.get("/admin/audit?kind=provider.look-changed&format=csv").text


def test_an_image_is_shown_safely_and_taken_away(carol: Site) -> None:
    keep(carol, propose(carol, seal=upload(LOGO, "seal.svg")))
    shown = carol.get(f"{FORM}/images/seal")
    assert shown.data == LOGO
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert carol.get(f"{FORM}/images/logo").status_code == 404
    assert carol.get(f"{FORM}/images/accent").status_code == 404
    keep(carol, propose(carol, without_seal="y"))
    assert present(carol)["seal"] == ""
    assert events(carol)[-1] == {"seal": ""}


def test_issued_certificates_keep_their_look_and_bytes(carol: Site) -> None:
    keep(carol, propose(carol, logo=upload(LOGO, "logo.svg")))
    with carol.app.app_context():
        certificate = issue(complete_all(make_enrollment(make_person())))
        number, certificate_id = certificate.number, certificate.id
        db.session.commit()
        facts = printed_facts(certificate, BASE_URL)
        render_certificate(certificate_id, BASE_URL, lambda facts: str(facts["look"]).encode())
    keep(carol, propose(carol, accent="#000000", logo=upload(png()), signature=upload(png(9, 9))))
    with carol.app.app_context():
        render_certificate(certificate_id, BASE_URL, lambda facts: b"drawn again")
        document = find_pdf(certificate_id)
        assert document is not None
        assert document.content == str(facts["look"]).encode()
        assert printed_facts(db.session.get_one(Certificate, certificate_id), BASE_URL) == facts
    alice = Site(carol.app)
    alice.log_in("alice@example.org")
    assert alice.get(f"/certificates/{number}/images/logo").data == LOGO
    assert alice.get(f"/certificates/{number}/images/signature").status_code == 404


HOSTILE = {
    "script": SVG.format("<script>fetch('http://127.0.0.1/')</script>").encode(),
    "address": SVG.format('<image href="http://127.0.0.1:9/x.png"/>').encode(),
    "file": SVG.format('<path fill="url(file:///etc/passwd)" d="M0 0"/>').encode(),
    "escaped": SVG.format('<path style="fill:u\\72l(http://127.0.0.1/)" d="M0 0"/>').encode(),
    "entities": b'<!DOCTYPE svg [<!ENTITY a "aa">]>' + LOGO,
    "no image": b"Dear director, this is a letter.",
    "a page": b"<html><svg xmlns='http://www.w3.org/2000/svg'></svg></html>",
    "empty": b"",
    "large": b"\x89PNG\r\n\x1a\n" + b"x" * 500_000,
    "bomb": png(4000, 4000, "1"),
    "deep colors": png(8, 8, "I;16"),
    "cut off": png(300, 100)[:60],
    "masks of themselves": SVG.format(
        '<mask id="m"><path mask="url(#m)" d="M0 0h9"/></mask><path mask="url(#m)" d="M0 0h9"/>'
    ).encode(),
    "junk": LOGO.replace(b"0 0 20 10", b"a b"),
    "many parts": SVG.format('<path d="M0 0"/>' * 6000).encode(),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_cannot_be_used_is_refused_at_its_field(carol: Site, kind: str) -> None:
    name = "'><img src=x onerror=alert(1)>.svg"
    typed = {"accent": "#123456", "paper": "a4", "signature": upload(HOSTILE[kind], name)}
    refused = carol.post(FORM, {**TYPED, **typed})
    assert refused.status_code == 422
    assert 'aria-describedby="signature-hint signature-error"' in refused.text
    assert "onerror" not in refused.text
    assert "Choose the file again" in refused.text
    assert 'value="#123456"' in refused.text
    assert re.search(r'<input checked[^>]*value="a4"', refused.text)
    with carol.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LookDraft)) == 0


def test_images_that_can_be_used_outlive_a_refusal(carol: Site) -> None:
    typed = {"accent": "#ffff00", "logo": upload(LOGO, "l.svg"), "seal": upload(b"no image")}
    refused = carol.post(FORM, {**TYPED, **typed}).text
    assert "its contrast is 1.0 to 1, and at least 4.5 to 1 is needed" in refused
    assert "Chosen just now, not kept yet" in refused
    assert refused.count("Choose the file again") == 1
    draft = re.search(r'name="draft" value="(\w+)"', refused)
    assert draft
    assert carol.get(f"{FORM}/drafts/{draft[1]}/images/logo").data == LOGO
    keep(carol, propose(carol, accent="#00007f", draft=draft[1]))
    look = present(carol)
    assert (look["accent"], look["logo"]) == ("#00007f", hashlib.sha256(LOGO).hexdigest())


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"accent": ""}, "Enter a color."),
        ({"accent": "green"}, "a number sign and six digits"),
        ({"accent": "#777777"}, "its contrast is 4.4 to 1, and at least 4.5"),
        ({"paper": "a3"}, "Not a valid choice"),
        ({"logo": LOGO, "without_logo": "y"}, "not both"),
        ({"draft": "\u00b2" * 500, "accent": "x" * 20_000}, "a number sign"),
    ],
)
def test_faults_are_told(carol: Site, typed: dict[str, object], words: str) -> None:
    sent = {
        name: upload(given) if isinstance(given, bytes) else given for name, given in typed.items()
    }
    refused = carol.post(FORM, {**TYPED, **sent})
    assert refused.status_code == 422
    assert words in refused.text


def test_three_images_of_the_largest_size_arrive_and_no_more(carol: Site) -> None:
    """The browser sends all of them in one form, larger than any other may be."""
    noise = Image.frombytes("RGB", (363, 363), random.Random(7).randbytes(363 * 363 * 3))
    out = BytesIO()
    noise.save(out, "PNG")
    large = out.getvalue()
    assert 390_000 < len(large) <= images.MOST_BYTES
    carol.get(FORM)
    typed = {**TYPED, "csrf_token": carol.token}
    sent = send_whole(carol, typed | dict.fromkeys(provider_look.IMAGES, large))
    assert sent.status_code == 303
    assert "New" in carol.get(sent.headers["Location"]).text
    assert send_whole(carol, {"logo": bytes(5_000_000)}).status_code == 413


def send_whole(site: Site, fields: dict[str, object]) -> TestResponse:
    """Send a form from memory: the test client would leave a large one in an open file."""
    values = {
        name: FileStorage(BytesIO(value), "image.png") if isinstance(value, bytes) else value
        for name, value in fields.items()
    }
    boundary, body = encode_multipart(values)
    kind = f"multipart/form-data; boundary={boundary}"
    return site.client.post(FORM, data=body, content_type=kind)


def test_two_directors_change_what_they_touched(carol: Site) -> None:
    """Each page was opened before either was kept."""
    color = propose(carol, accent="#7a1f2b")
    paper = propose(carol, paper="a4")
    keep(carol, color)
    keep(carol, paper)
    assert (present(carol)["accent"], present(carol)["paper"]) == ("#7a1f2b", "a4")
    late = propose(carol, logo=upload(LOGO))
    assert "<dt>Color" not in carol.get(late).text, "the old color in the page was not touched"
    keep(carol, late)
    assert present(carol)["accent"] == "#7a1f2b"


def test_only_what_was_seen_is_kept(carol: Site) -> None:
    key = "a" * 32
    sample = propose(carol, accent="#7a1f2b", draft=key)
    mark = re.search(r'name="mark" value="(\w+)"', carol.get(sample).text)
    assert mark
    assert propose(carol, accent="#00007f", draft=key) == sample
    told = carol.follow(carol.post(f"{sample}/kept", {"mark": mark[1]})).text
    assert "changed in another window" in told
    assert present(carol)["accent"] == "#0b4f3b"


def test_what_is_discarded_or_nothing_new_changes_nothing(carol: Site) -> None:
    sample = propose(carol, accent="#7a1f2b")
    for _ in range(2):
        assert carol.post(f"{sample}/discarded").status_code == 303
    assert carol.get(sample).status_code == 404
    assert carol.get(f"{sample}/sample.pdf").status_code == 404
    assert carol.post(f"{sample}/kept", {"mark": "x"}).headers["Location"] == FORM
    assert propose(carol) == FORM
    assert "Nothing was changed" in carol.get(FORM).text
    assert events(carol) == []


def test_a_session_that_ended_says_that_files_are_chosen_again(carol: Site) -> None:
    carol.get(FORM)
    carol.forget_login()
    login = carol.post(FORM, {**TYPED, "accent": "#7a1f2b", "logo": upload(LOGO, "<our> logo.svg")})
    assert login.status_code == 401
    kept = re.search(r'name="kept" value="([^"]+)"', login.text)
    assert kept
    typed = {"email": "carol@example.org", "password": PASSWORD, "kept": kept[1]}
    shown = carol.follow(carol.post("/login", typed)).text
    assert "&lt;our&gt; logo.svg (a file is not kept: choose it again after this)" in shown
    assert "#7a1f2b" in shown


def test_a_spent_form_begins_another_look(carol: Site) -> None:
    key = "b" * 32
    keep(carol, propose(carol, accent="#7a1f2b", draft=key))
    again = propose(carol, accent="#00007f", draft=key)
    assert key not in again
    keep(carol, again)
    assert len(events(carol)) == 2


def test_a_look_that_cannot_be_drawn_is_not_kept(
    carol: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = propose(carol, accent="#7a1f2b")

    def fail(*_: object) -> bytes:
        raise DrawingFailed("no paper")

    monkeypatch.setattr(certificate_samples._process, "draw", fail)
    assert "could not be drawn" in keep(carol, sample)
    assert carol.get(f"{sample}/sample.pdf").status_code == 409
    assert present(carol)["accent"] == "#0b4f3b"


def test_the_name_of_the_center_is_words_in_the_picture_of_the_sheet(carol: Site) -> None:
    with carol.app.app_context():
        db.session.execute(update(Provider).values(name='A & B <script>"'))
        db.session.commit()
        provider.forget()
    sheet = carol.get(f"{FORM}/images/sheet")
    assert sheet.mimetype == "image/svg+xml"
    assert b"<script" not in sheet.data.lower()
    assert images.ElementTree.fromstring(sheet.data) is not None


def test_drafts_are_deleted_after_a_day(carol: Site) -> None:
    sample = propose(carol, accent="#7a1f2b")
    with carol.app.app_context():
        look_drafts.sweep(clock.now() + look_drafts.KEPT - timedelta(minutes=1))
        db.session.commit()
    assert carol.get(sample).status_code == 200
    with carol.app.app_context():
        look_drafts.sweep(clock.now() + look_drafts.KEPT + timedelta(minutes=1))
        db.session.commit()
    assert carol.get(sample).status_code == 404


def test_only_administrators_come_here(site: Site) -> None:
    with site.app.app_context():
        make_person()
        db.session.commit()
    assert site.get(FORM).status_code == 303
    site.log_in("alice@example.org")
    for path in (FORM, f"{FORM}/sample.pdf", f"{FORM}/images/logo", f"{FORM}/drafts/x"):
        assert site.get(path, may_write=True).status_code == 403, path
    assert site.post(FORM, TYPED).status_code == 403
