"""Copies of the small test course, to be published, changed and published again."""

import shutil
from pathlib import Path

from config import PROJECT

SMALL_COURSE = PROJECT / "tests" / "courses" / "small-course"
FIRST_READING = "units/1-first/01-the-first-reading.md"
PNG = b"\x89PNG\r\n\x1a\n and so on"


def copy_small_course(parent: Path) -> Path:
    """A copy of the small course, byte for byte: the same edition."""
    folder = parent / "small-course"
    shutil.copytree(SMALL_COURSE, folder)
    return folder


def replace(folder: Path, path: str, old: str, new: str) -> None:
    """Replace a text that must be there, once."""
    text = (folder / path).read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path}"
    (folder / path).write_text(text.replace(old, new, 1), encoding="utf-8")


def add_picture(folder: Path, content: bytes = PNG) -> None:
    """Show a picture in the first reading."""
    (folder / "media").mkdir(exist_ok=True)
    (folder / "media" / "chairs.png").write_bytes(content)
    replace(folder, FIRST_READING, "carefully", "carefully*. ![Two chairs](media/chairs.png) *Look")
