"""What is gathered while a course folder is read: values, their places, and Markdown to look at."""

from dataclasses import dataclass, field
from pathlib import Path

from course_format.faults import Report

Name = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of Markdown and the line it begins on.

    A page may have headings. The first is no deeper than `deepest_first`: 2 for a page of its own,
    3 for a transcript, which stands below a heading. What stands inside a page has none (0).
    """

    path: str
    line: int
    text: str
    deepest_first: int


@dataclass(slots=True)
class Reading:
    """The state of one reading of one folder.

    `files` are the files that belong to the course, `linked` those that Markdown refers to.
    """

    folder: Path
    files: frozenset[str]
    report: Report
    linked: set[str] = field(default_factory=set)
    passages: list[Passage] = field(default_factory=list)
    places: dict[Name, tuple[str, int]] = field(default_factory=dict)

    def mark(self, path: str, line: int, *name: str | int) -> None:
        """Remember where something stands, such as `("unit", 3, "minutes")`."""
        self.places.setdefault(name, (path, line))

    def place(self, *name: str | int) -> tuple[str, int]:
        """Return file and line of something marked before."""
        return self.places.get(name, ("course.yaml", 0))

    def add_page(self, path: str, line: int, text: str, deepest_first: int = 2) -> str:
        """Remember Markdown that may have headings, and return it."""
        self.passages.append(Passage(path, line, text, deepest_first))
        return text

    def add_fragment(self, path: str, line: int, text: str) -> str:
        """Remember Markdown that stands inside a page, and return it."""
        if text:
            self.passages.append(Passage(path, line, text, deepest_first=0))
        return text
