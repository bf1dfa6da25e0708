"""Checking a course folder: all that `flask courses check` says about it."""

from pathlib import Path

from course_format.read import read_folder
from course_format.source import Fault


def check_course(folder: Path) -> list[Fault]:
    """Return every fault of a course folder, by file and line; the folder is not changed."""
    reading, _ = read_folder(folder)
    return reading.report.faults()
