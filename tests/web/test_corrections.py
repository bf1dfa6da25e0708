"""What a learner sees of corrections to the edition that they are studying."""

from pathlib import Path

import pytest

import clock
from extensions import db
from services.revisions import revise_course
from tests.course_copies import FIRST_READING, add_picture, copy_small_course, replace
from tests.factories import SLUG, make_enrollment, make_person
from tests.site import Site

HOME = f"/learn/{SLUG}"
READING = f"/learn/{SLUG}/units/1/the-first-reading"


@pytest.fixture
def alice(site: Site) -> Site:
    with site.app.app_context():
        make_enrollment(make_person())
        db.session.commit()
    site.log_in("alice@example.org")
    return site


def revise(site: Site, folder: Path, reason: str) -> None:
    with site.app.app_context():
        revise_course(folder, site.app.config["SETTINGS"].media_folder, reason, clock.now())
        db.session.commit()


def text_of(site: Site, path: str) -> str:
    return site.get(path).get_data(as_text=True)


def test_without_corrections_nothing_is_said(alice: Site) -> None:
    assert "Corrections" not in text_of(alice, HOME)
    assert "revision" not in text_of(alice, f"/courses/{SLUG}")


def test_a_correction_is_read_and_listed(alice: Site, tmp_path: Path) -> None:
    folder = copy_small_course(tmp_path)
    replace(folder, FIRST_READING, "carefully", "with care & joy")
    revise(alice, folder, "A better word & more.")
    assert "with care &amp; joy" in text_of(alice, READING)
    home = text_of(alice, HOME)
    assert "A better word &amp; more." in home
    assert "Nothing that earns credit changed." in home
    assert "is now “*with care &amp; joy*.”" in home
    assert "edition 1, revision 1" in text_of(alice, f"/courses/{SLUG}")


def test_a_corrected_picture_has_an_address_of_its_own(alice: Site, tmp_path: Path) -> None:
    """Browsers keep the old one for good, and so would go on showing it."""
    folder = copy_small_course(tmp_path)
    add_picture(folder)
    revise(alice, folder, "A picture.")
    before = text_of(alice, READING)
    (folder / "media/chairs.png").write_bytes(b"\x89PNG\r\n\x1a\n another")
    revise(alice, folder, "A better picture.")
    after = text_of(alice, READING)
    addresses = [page.split('<img src="')[1].split('"')[0] for page in (before, after)]
    assert addresses[0] != addresses[1]
    assert alice.get(addresses[1]).data.endswith(b"another")
    assert text_of(alice, HOME).index("A better picture.") < text_of(alice, HOME).index(
        "A picture."
    )
