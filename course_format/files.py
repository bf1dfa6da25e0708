"""The files of a course folder: which belong to it, and reading them without being harmed.

Links are never followed, sizes are limited before anything is read, and whatever is wrong becomes
a fault with its line.
"""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from course_format.faults import Report

MAX_FILES = 2_000
MAX_YAML_BYTES = 256 * 1024
MAX_PAGE_BYTES = 128 * 1024
"""A page of Markdown: some 20,000 words. More would take the parser long, and much memory."""

MAX_TEXT_BYTES = 512 * 1024
MAX_ALL_TEXTS_BYTES = 4 * 1024**2
"""Some 700,000 words: more than anybody studies in one course."""

MAX_MEDIA_BYTES = 1024**3
MAX_DEPTH = 3

IGNORED_NAMES = frozenset({"Thumbs.db", "desktop.ini"})
SOURCES_OF_MEDIA = "media-src"
"""Folder for what media are made from: part of the repository, not of the course."""

ID_PATTERN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
ID_RULE = "lower-case letters, digits and single hyphens"
MAX_ID_LENGTH = 100

BELONGS = re.compile(
    r"course\.yaml|about\.md|faq\.md|evaluation\.md|tests/[^/]+\.md|units/[^/]+/[^/]+\.md|media/[^/]+"
)
MEDIA_NAME = re.compile(r"media/[a-z0-9][a-z0-9_.-]{0,120}\.(?P<suffix>[a-z0-9]{2,4})")
MEDIA_SUFFIXES = ("mp4", "m4a", "vtt", "md", "pdf", "webp", "png", "jpg", "jpeg")

TEXT_SUFFIXES = (".md", ".yaml", ".vtt")

UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ufeff]")


def is_id(text: str) -> bool:
    """Say whether `text` may be an id or slug of the format."""
    return len(text) <= MAX_ID_LENGTH and ID_PATTERN.fullmatch(text) is not None


def survey(folder: Path, report: Report) -> frozenset[str]:
    """Return the files that belong to the course; report links, strangers, sizes and numbers."""
    found: set[str] = set()
    size = 0
    for count, (path, entry) in enumerate(walk(folder)):
        if count >= MAX_FILES:
            report.error(".", 0, f"The folder holds more than {MAX_FILES:,} files.")
            break
        if not _is_sound(path, entry, report):
            continue
        if path.endswith(TEXT_SUFFIXES):
            size += entry.stat(follow_symlinks=False).st_size
        if size > MAX_ALL_TEXTS_BYTES:
            report.error(".", 0, "The texts of the course are larger than 4 MB together.")
            break
        found.add(path)
    return frozenset(found)


def walk(folder: Path, prefix: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield path and entry of all that is in the folder; what is hidden or a backup is passed over.

    Links are yielded, never followed.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = prefix + entry.name
        if _is_ignored(entry.name) or path == SOURCES_OF_MEDIA:
            continue
        if entry.is_dir(follow_symlinks=False) and path.count("/") < MAX_DEPTH:
            yield from walk(Path(entry.path), path + "/")
        else:
            yield path, entry


def _is_ignored(name: str) -> bool:
    return name.startswith(".") or name.endswith(("~", ".bak", ".swp")) or name in IGNORED_NAMES


def _is_sound(path: str, entry: os.DirEntry[str], report: Report) -> bool:
    if _printable(path) != path:
        report.error(_printable(path), 0, "The name of this file cannot be read as UTF-8.")
    elif entry.is_symlink():
        report.error(path, 0, "This is a link. Put the file itself into the course folder.")
    elif not entry.is_file(follow_symlinks=False):
        report.error(path, 0, "This is not a plain file.")
    elif not BELONGS.fullmatch(path):
        report.error(path, 0, "This file has no place in a course. Remove it or move it.")
    elif path.startswith("media/"):
        return _is_sound_media(path, entry, report)
    else:
        return True
    return False


def _is_sound_media(path: str, entry: os.DirEntry[str], report: Report) -> bool:
    match = MEDIA_NAME.fullmatch(path)
    if not match:
        report.error(path, 0, "A media file's name has lower-case letters, digits, - _ and .")
    elif match["suffix"] not in MEDIA_SUFFIXES:
        known = ", ".join(MEDIA_SUFFIXES)
        report.error(path, 0, f"Files of type .{match['suffix']} are not used; use {known}.")
    elif entry.stat(follow_symlinks=False).st_size > MAX_MEDIA_BYTES:
        report.error(path, 0, "The file is larger than 1 GB. Cut the recording into parts.")
    else:
        return True
    return False


def _printable(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def read_text(folder: Path, path: str, report: Report, limit: int = MAX_PAGE_BYTES) -> str | None:
    """Return the text of a file, its line ends as `\\n`, or None after reporting why not."""
    data = _read_bytes(folder / path, path, report, limit)
    if data is None:
        return None
    text = _decode(data, path, report)
    if text is None:
        return None
    unseen = UNSEEN.search(text)
    if unseen:
        line = text.count("\n", 0, unseen.start()) + 1
        code = f"U+{ord(unseen.group()):04X}"
        report.error(path, line, f"There is a character that cannot be seen ({code}). Remove it.")
        return None
    return text


def _read_bytes(file: Path, path: str, report: Report, limit: int) -> bytes | None:
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        report.error(path, 0, "This file is missing.")
        return None
    except OSError as problem:
        report.error(path, 0, f"This file cannot be opened: {problem.strerror}.")
        return None
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            report.error(path, 0, "This is not a plain file.")
            return None
        data = stream.read(limit + 1)
    if len(data) > limit:
        report.error(path, 0, f"This file is larger than {limit // 1024} kB.")
        return None
    return data


def _decode(data: bytes, path: str, report: Report) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        report.error(path, 1, "This file is UTF-16. Save it as UTF-8.")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        report.error(path, line, "This line is not UTF-8. Save the file as UTF-8.")
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")
