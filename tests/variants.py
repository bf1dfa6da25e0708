"""Variants of the small test course: the same folder under another name, with facts of its own."""

import shutil
from pathlib import Path

import clock
from services import publishing
from tests.conftest import TEST_COURSE

PLAIN = "minimum_time: advisory}"
LIMIT = ', time_limit: 30, time_limit_reason: "The test board allows thirty minutes for each."'


def publish_variant(
    parent: Path,
    slug: str,
    completion: str = "",
    files: dict[str, str] | None = None,
    *,
    media: Path | None = None,
    approvals: bool = True,
    pictures: Path | None = None,
) -> str:
    """Publish the small course as `slug`; `completion` is added to its rules. Returns the slug.

    `files` are texts in place of the course's own; `media` is where published files go;
    without `approvals` it needs none of the provider's. `pictures` is a folder of media.
    """
    folder = parent / slug
    shutil.copytree(TEST_COURSE, folder)
    facts = (folder / "course.yaml").read_text()
    assert PLAIN in facts
    facts = facts.replace(PLAIN, f"minimum_time: advisory{completion}}}")
    if not approvals:
        facts = facts.replace("approvals: [test-psych, test-sw]", "approvals: []")
    (folder / "course.yaml").write_text(facts.replace("SML-101", slug.upper()))
    if pictures is not None:
        shutil.copytree(pictures, folder / "media")
    for name, text in (files or {}).items():
        (folder / name).write_text(text)
    publishing.publish_course(folder, media or parent / "media", clock.now())
    return slug
