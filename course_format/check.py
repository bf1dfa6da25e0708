"""Checking a course folder: all that `flask courses check` says about it."""

from pathlib import Path

from course_format.credit import check_promises
from course_format.media import check_media
from course_format.minutes import check_minutes
from course_format.passages import check_passages
from course_format.pools import check_pools
from course_format.read import read_folder
from course_format.source import Fault


def check_course(folder: Path) -> list[Fault]:
    """Return every fault of a course folder, by file and line; the folder is not changed.

    Errors keep the course from being published; warnings are for the author to judge; notes say
    what a reviewer should know, such as the excerpts of a demonstration.
    """
    reading, course = read_folder(folder)
    check_passages(reading)
    if course:
        check_media(course, reading)
        check_minutes(course, reading)
        check_promises(course, reading)
        check_pools(course, reading)
    return reading.report.faults()
