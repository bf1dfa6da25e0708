"""A good course folder for each test."""

from pathlib import Path

import pytest

from tests.unit.course_format.folders import CourseFolder


@pytest.fixture
def folder(tmp_path: Path) -> CourseFolder:
    """A course without any fault, in a folder of its own."""
    return CourseFolder(tmp_path)
