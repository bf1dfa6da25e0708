"""The script of a recording: what is said, and what each slide shows."""

import re
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

FOOTER = "Demonstration recording, made for Contact Hour"
OPENING = "A demonstration recording, made for Contact Hour and read by a computer voice."


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: its heading, its points in order of appearance, what is said while it is shown."""

    title: str
    points: tuple[str, ...]
    narration: str
    figure: str | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """A whole recording. `suffix` is `mp4` for video and `m4a` for sound only."""

    name: str
    title: str
    course_title: str
    slides: tuple[Slide, ...]
    suffix: str
    item: Path

    @property
    def has_picture(self) -> bool:
        """Say whether the recording is a video."""
        return self.suffix == "mp4"

    @property
    def opening(self) -> str:
        """What is said over the opening card: the title, and that this is no person speaking."""
        end = "" if self.title[-1] in "?!." else "."
        return f"{self.title}{end} {OPENING}"


def split_label(point: str) -> tuple[str, str]:
    """Return the one or two words before a point's colon, and the rest; no label is empty."""
    label, _, rest = point.partition(": ")
    return (label, rest) if rest and len(label.split()) <= 2 else ("", point)


def read_scripts(course: Path) -> list[Script]:
    """Return the scripts in the course's `media-src`, in order of name.

    Raises LookupError when no item of the course names a script's recording.
    """
    course_title = str(read_yaml(course / "course.yaml")["title"])
    files = sorted((course / "media-src").glob("*.yaml"))
    return [_read_script(file, course, course_title) for file in files]


def _read_script(file: Path, course: Path, course_title: str) -> Script:
    facts = read_yaml(file)
    item, suffix = _find_item(course, file.stem)
    slides = tuple(_read_slide(slide) for slide in facts["slides"])
    return Script(file.stem, facts["title"], course_title, slides, suffix, item)


def _read_slide(facts: dict) -> Slide:
    points = tuple(str(point) for point in facts["points"])
    return Slide(facts["title"], points, facts["narration"].strip(), facts.get("figure"))


def _find_item(course: Path, name: str) -> tuple[Path, str]:
    names_it = re.compile(rf"^media: media/{re.escape(name)}\.(mp4|m4a)$", re.MULTILINE)
    for item in sorted(course.glob("units/*/*.md")):
        found = names_it.search(item.read_text(encoding="utf-8"))
        if found:
            return item, found[1]
    raise LookupError(f"No item of {course.name} names media/{name}.mp4 or .m4a.")


def read_yaml(file: Path) -> dict:
    """Return the facts in a YAML file."""
    return YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))


def write_duration(item: Path, seconds: int) -> None:
    """Write the length of the recording into the item's front matter."""
    text = item.read_text(encoding="utf-8")
    changed = re.sub(r"^duration: \d+$", f"duration: {seconds}", text, count=1, flags=re.MULTILINE)
    if changed != text:
        item.write_text(changed, encoding="utf-8")
