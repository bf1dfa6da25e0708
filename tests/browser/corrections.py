"""A correction of the reference course, so that the course home has one to list."""

import shutil
import tempfile
from pathlib import Path

import clock
from commands.demonstration import REFERENCE_COURSE
from config import PROJECT
from extensions import db
from services.revisions import revise_course
from tests.browser.conftest import Center
from tests.course_copies import replace


def correct_the_course(center: Center) -> None:
    """Change one word of the description, as a revision of the edition."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / REFERENCE_COURSE
        shutil.copytree(PROJECT / "content" / REFERENCE_COURSE, folder)
        shutil.copy(PROJECT / "content" / "provider.yaml", parent)
        shutil.copytree(PROJECT / "content" / "provider", Path(parent) / "provider")
        replace(folder, "about.md", "some were hurried", "some were in a hurry")
        reason = "A word of the description."
        revise_course(folder, center.settings.media_folder, reason, clock.now())
    db.session.commit()
