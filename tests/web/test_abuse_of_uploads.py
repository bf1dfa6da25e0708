"""What somebody may send: too much, in too many parts, of another kind, to nobody."""

from io import BytesIO

from sqlalchemy import func, select

from extensions import db
from models import BulkList, Enrollment, Payment
from tests.factories import SLUG
from tests.site import Site

LIST = "/admin/enrollments/list"


def send(site: Site, content: bytes, **more: str) -> int:
    """The status of an upload to the one form that takes a file."""
    file = (BytesIO(content), "list.csv")
    typed = {"course": SLUG, "reason": "Ask", "intent": "one", "people": "", **more, "file": file}
    return site.post(LIST, typed).status_code


def nothing_was_kept(site: Site) -> bool:
    with site.app.app_context():
        counts = [
            db.session.scalar(select(func.count()).select_from(model))
            for model in (BulkList, Enrollment, Payment)
        ]
    return counts == [0, 0, 0]


def test_case_35_what_is_too_large_or_in_too_many_parts_is_refused(carol: Site) -> None:
    large = _part("file", "x" * 2_000_000)
    many = "".join(_part(f"field{number}", "x") for number in range(10_000))
    for body in (large, many):
        response = carol.client.post(
            LIST, data=f"{body}--x--\r\n", content_type="multipart/form-data; boundary=x"
        )
        assert response.status_code == 413
    assert nothing_was_kept(carol)


def _part(name: str, content: str) -> str:
    return f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{content}\r\n'


def test_case_35_what_is_no_text_is_refused(carol: Site) -> None:
    for content in (
        b"\x89PNG\r\n\x1a\n" + bytes(400),
        b"PK\x03\x04" + bytes(range(256)),
    ):
        assert send(carol, content) == 422, content[:8]
    assert nothing_was_kept(carol)


def test_case_23_no_address_takes_messages_of_a_payment_processor(carol: Site) -> None:
    """Whoever adds one has to prove its signature, age, amount and currency, and change this."""
    rules = [str(rule) for rule in carol.app.url_map.iter_rules()]
    words = ("webhook", "callback", "stripe", "ipn", "notify")
    assert [rule for rule in rules if any(word in rule for word in words)] == []
    for word in words:
        visitor = Site(carol.app)
        assert visitor.client.post(f"/{word}", json={"paid": True}).status_code in (400, 403, 404)
    assert nothing_was_kept(carol)
