"""How recordings are served: by what they are, at addresses that change with the file."""

import re
from pathlib import Path

import pytest

import clock
from extensions import db
from services.publishing import publish_course
from tests.factories import make_enrollment, make_person
from tests.site import Site
from tests.unit.course_format.folders import VIDEO_PATH, CourseFolder, recording

PLAYER = "/learn/listening-to-families/units/1/hearing"


@pytest.fixture
def folder(tmp_path: Path) -> CourseFolder:
    made = CourseFolder(tmp_path)
    made.replace("course.yaml", "[test-psych]", "[]")
    return made


def publish_and_open(site: Site, folder: CourseFolder) -> str:
    with site.app.app_context():
        publish_course(folder.path, site.app.config["SETTINGS"].media_folder, clock.now())
        make_enrollment(make_person(), slug=folder.path.name)
        db.session.commit()
    site.log_in("alice@example.org")
    return site.get(PLAYER).get_data(as_text=True)


def addresses(page: str) -> dict[str, str]:
    found = re.findall(r'(?:src|poster|href)="(/learn/[^"]*/files/([^"?]+)\?v=[0-9a-f]{12})"', page)
    return {name: address for address, name in found}


def test_a_webinar_may_be_sound_alone(site: Site, folder: CourseFolder) -> None:
    folder.write("media/hearing.m4a", recording(300, (b"mp4a",)))
    folder.replace(VIDEO_PATH, "media/hearing.mp4", "media/hearing.m4a")
    folder.remove("media/hearing.mp4")
    page = publish_and_open(site, folder)
    assert "<audio" in page and "<video" not in page
    response = site.get(addresses(page)["recording.m4a"])
    assert (response.status_code, response.mimetype) == (200, "audio/mp4")


def test_each_file_has_its_type(site: Site, folder: CourseFolder) -> None:
    folder.write("media/hearing.png", b"\x89PNG and so on")
    folder.remove("media/hearing.webp")
    folder.replace(VIDEO_PATH, "media/hearing.webp", "media/hearing.png")
    files = addresses(publish_and_open(site, folder))
    types = {name: site.get(address).mimetype for name, address in files.items()}
    assert types == {
        "recording.mp4": "video/mp4",
        "captions.vtt": "text/vtt",
        "chapters.vtt": "text/vtt",
        "poster": "image/png",
    }
