"""Images and linked files of courses: shown to those who may see the text they stand in."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

import clock
from extensions import db
from services.publishing import publish_course
from tests.course_copies import (
    FIRST_READING,
    PNG,
    add_picture,
    copy_small_course,
    replace,
)
from tests.factories import (
    SLUG,
    complete_items,
    make_administrator,
    make_enrollment,
    make_instructor,
    make_person,
)
from tests.site import Site

PDF = b"%PDF-1.7 and so on"
READING = f"/learn/{SLUG}/units/1/the-first-reading"


@pytest.fixture
def folder(tmp_path: Path, site: Site) -> Path:
    """The small course with a picture and a link in its first reading, published."""
    folder = copy_small_course(tmp_path)
    add_picture(folder)
    (folder / "media/handout.pdf").write_bytes(PDF)
    replace(folder, FIRST_READING, "Look", "[The sheet](media/handout.pdf) Look")
    publish(site, folder)
    return folder


def publish(site: Site, folder: Path) -> None:
    with site.app.app_context():
        publish_course(folder, site.app.config["SETTINGS"].media_folder, clock.now())
        db.session.commit()


def enroll(site: Site, email: str = "alice@example.org", **fields: object) -> None:
    with site.app.app_context():
        make_enrollment(make_person(email), **fields)
        db.session.commit()
    site.log_in(email)


def addresses(page: str) -> list[str]:
    return re.findall(rf'(?:src|href)="(/courses/{SLUG}/files/[^"]+)"', page)


def addresses_of_reading(site: Site) -> list[str]:
    return addresses(site.get(READING).get_data(as_text=True))


def test_a_learner_sees_the_picture_and_the_linked_file(site: Site, folder: Path) -> None:
    enroll(site)
    picture, sheet = addresses_of_reading(site)
    shown = site.get(picture)
    assert (shown.status_code, shown.data, shown.mimetype) == (200, PNG, "image/png")
    assert "immutable" in shown.headers["Cache-Control"]
    assert "private" in shown.headers["Cache-Control"]
    opened = site.get(sheet)
    assert (opened.data, opened.mimetype) == (PDF, "application/pdf")


def test_nobody_else_does(site: Site, folder: Path) -> None:
    enroll(site)
    files = addresses_of_reading(site)
    site.client.delete_cookie("session")
    anonymous = Site(site.app)
    stranger = Site(site.app)
    with site.app.app_context():
        make_person("dave@example.org", "Dave Stranger")
        make_instructor("eve@example.org", "Eve Instructor", SLUG)
        other = make_person("frank@example.org", "Frank Instructor", is_instructor=True)
        db.session.commit()
        assert other.is_instructor
    for file in files:
        assert anonymous.get(file).status_code == 404
    for email in ("dave@example.org", "frank@example.org"):
        stranger.log_in(email)
        for file in files:
            assert stranger.get(file).status_code == 404


@pytest.mark.parametrize("make", [make_instructor, make_administrator])
def test_staff_see_them_in_a_preview(site: Site, folder: Path, make) -> None:  # type: ignore[no-untyped-def]
    enroll(site)
    files = addresses_of_reading(site)
    with site.app.app_context():
        email = make().email
        db.session.commit()
    staff = Site(site.app)
    staff.log_in(email)
    assert [staff.get(file).status_code for file in files] == [200, 200]


def test_a_learner_of_an_earlier_edition_sees_only_its_files(site: Site, tmp_path: Path) -> None:
    enroll(site)
    folder = copy_small_course(tmp_path)
    add_picture(folder)
    publish(site, folder)
    late = Site(site.app)
    enroll(late, "late@example.org")
    (picture,) = addresses_of_reading(late)
    assert late.get(picture).status_code == 200
    assert site.get(picture).status_code == 404


def test_after_access_has_ended_only_pictures_remain(site: Site, folder: Path) -> None:
    """Answers of a past test show their pictures for as long as the answers are shown."""
    enroll(site)
    picture, sheet = addresses_of_reading(site)
    ended = Site(site.app)
    enroll(ended, "ended@example.org", access_until=clock.now() - timedelta(days=1))
    assert [ended.get(file).status_code for file in (picture, sheet)] == [200, 404]


def test_what_the_course_page_shows_is_open_to_all(site: Site, folder: Path) -> None:
    replace(folder, "about.md", "", "![Two chairs](media/chairs.png)\n\n")
    (folder / "faq.md").write_text("### May I print it?\n\n[Yes](media/handout.pdf), gladly.\n")
    publish(site, folder)
    page = site.get(f"/courses/{SLUG}").get_data(as_text=True)
    assert "Questions about this course" in page and "May I print it?" in page
    files = addresses(page)
    assert len(files) == 2
    assert [site.get(file).status_code for file in files] == [200, 200]


def test_an_address_that_is_none(site: Site, folder: Path) -> None:
    enroll(site)
    picture, _ = addresses_of_reading(site)
    digest = picture.split("/")[-2]
    for wrong in (
        f"/courses/{SLUG}/files/{digest}/other.png",
        f"/courses/{SLUG}/files/{'0' * 64}/chairs.png",
        f"/courses/{SLUG}/files/..%2f..%2fsecret/chairs.png",
        f"/courses/other-course/files/{digest}/chairs.png",
    ):
        assert site.get(wrong).status_code == 404


def test_a_question_may_show_a_picture(site: Site, tmp_path: Path) -> None:
    folder = copy_small_course(tmp_path)
    add_picture(folder)
    for number in ("one", "two", "three", "four"):
        replace(folder, "tests/1.md", f"## {number} {{", f"## {number} {{")
    text = (
        (folder / "tests/1.md")
        .read_text()
        .replace("}\n\n", "}\n\n![Two chairs](media/chairs.png)\n\n")
    )
    (folder / "tests/1.md").write_text(text)
    publish(site, folder)
    with site.app.app_context():
        complete_items(make_enrollment(make_person()))
        db.session.commit()
    site.log_in("alice@example.org")
    response = site.follow(site.post(f"/learn/{SLUG}/units/1/post-test"))
    (picture,) = set(addresses(response.get_data(as_text=True)))
    assert 'alt="Two chairs"' in response.get_data(as_text=True)
    assert site.get(picture).data == PNG
