"""Make the recordings and handouts of the courses again, from their text in `media-src`.

    python3 -m venv .venv-media
    .venv-media/bin/pip install -r tools/media/requirements.txt
    .venv-media/bin/python tools/make_media.py [--force] [COURSE ...]

For each `content/COURSE/media-src/NAME.yaml` it writes into `media/`: the recording (MP4 or M4A, as
the item that names it says), captions and chapters (WebVTT), the transcript (Markdown), the poster
(WebP), and the length in seconds into the item's front matter; for each `NAME.md` a handout (PDF);
for each figure named in `pictures.txt` a picture (PNG).
What is up to date, by `media-src/made.json`, is left alone.

Needs, apart from requirements.txt: ffmpeg with libx264, and pdftoppm (Debian: ffmpeg,
poppler-utils). Nothing is asked of the network: the voice comes inside its package.
"""

import argparse
import hashlib
import json
import math
import tempfile
from collections.abc import Callable
from pathlib import Path

from media.captions import write_captions, write_chapters
from media.film import measure_seconds, write_film, write_sound
from media.handout import write_handout
from media.picture import list_pictures, write_picture
from media.script import Script, read_scripts, write_duration
from media.sheet import ROOT
from media.slides import Figure, draw_slides, read_figure, write_poster
from media.speech import VOICE, Speech, speak
from media.timing import list_appearances
from media.transcript import write_transcript

RECIPE = 1
"""Raise this when a change of the tools should change what was made."""

LANGUAGE = "en-US"


class Ledger:
    """What was made from what, in `media-src/made.json`."""

    def __init__(self, course: Path, force: bool) -> None:
        self._course = course
        self._file = course / "media-src" / "made.json"
        self._force = force
        known = self._file.exists() and not force
        self._made = json.loads(self._file.read_text()) if known else {}

    def make(self, name: str, sources: list[Path], work: Callable[[], list[Path]]) -> None:
        """Do the work unless its sources and its results are as they were; say what was done."""
        digest = _digest(sources)
        entry = self._made.get(name)
        if entry and entry["from"] == digest and self._is_whole(entry["files"]):
            print(f"{self._course.name}: {name} is up to date", flush=True)
            return
        files = work()
        self._made[name] = {"from": digest, "files": {f.name: _digest([f]) for f in files}}
        self._file.write_text(json.dumps(self._made, indent=1, sort_keys=True) + "\n")

    def _is_whole(self, files: dict[str, str]) -> bool:
        media = self._course / "media"
        return all((media / n).exists() and _digest([media / n]) == d for n, d in files.items())


def main() -> None:
    """Make the media of the courses named on the command line, or of all."""
    parser = argparse.ArgumentParser(description="Make recordings and handouts again.")
    parser.add_argument("courses", nargs="*", metavar="COURSE", help="folder name in content/")
    parser.add_argument("--force", action="store_true", help="make also what is up to date")
    arguments = parser.parse_args()
    for course in sorted((ROOT / "content").glob("*/media-src")):
        if not arguments.courses or course.parent.name in arguments.courses:
            make_course(course.parent, Ledger(course.parent, arguments.force))


def make_course(course: Path, ledger: Ledger) -> None:
    """Make what a course's `media-src` holds."""
    (course / "media").mkdir(exist_ok=True)
    for script in read_scripts(course):
        sources = [course / "media-src" / f"{script.name}.yaml", *_list_figures(course, script)]
        ledger.make(script.name, sources, lambda script=script: make_recording(course, script))
    for source in sorted((course / "media-src").glob("*.md")):
        ledger.make(source.stem, [source], lambda source=source: make_handout(course, source))
    for name in list_pictures(course):
        figure = course / "media-src" / "figures" / f"{name}.svg"
        ledger.make(f"picture {name}", [figure], lambda figure=figure: make_picture(course, figure))


def make_recording(course: Path, script: Script) -> list[Path]:
    """Make one recording with all that belongs to it; return its files."""
    media = course / "media"
    figures = {
        file.stem: read_figure(file.parent, file.stem) for file in _list_figures(course, script)
    }
    speech = speak(script)
    recording = media / f"{script.name}.{script.suffix}"
    with tempfile.TemporaryDirectory() as folder:
        pictures = _record(script, speech, figures, recording, Path(folder))
    seconds = math.ceil(measure_seconds(recording))
    write_duration(script.item, seconds)
    texts = {
        ".vtt": write_captions(speech, LANGUAGE),
        ".chapters.vtt": write_chapters(speech, "Opening", LANGUAGE),
        ".md": write_transcript(script, figures, seconds),
    }
    for suffix, text in texts.items():
        (media / f"{script.name}{suffix}").write_text(text, encoding="utf-8")
    files = [recording, *pictures, *(media / f"{script.name}{suffix}" for suffix in texts)]
    return _tell(files, f"{seconds} s, voice {VOICE}")


def make_handout(course: Path, source: Path) -> list[Path]:
    """Make one handout; return its file."""
    file = course / "media" / f"{source.stem}.pdf"
    write_handout(source, file)
    return _tell([file], "handout")


def make_picture(course: Path, source: Path) -> list[Path]:
    """Make one picture of a figure; return its file."""
    file = course / "media" / f"{source.stem}.png"
    write_picture(read_figure(source.parent, source.stem), source.stem, file)
    return _tell([file], "picture")


def _record(
    script: Script, speech: Speech, figures: dict[str, Figure], recording: Path, folder: Path
) -> list[Path]:
    """Write the recording itself, and the poster if it has pictures; return the poster."""
    wav = folder / "speech.wav"
    speech.write_wav(wav)
    if not script.has_picture:
        write_sound(wav, recording, script.title, "eng")
        return []
    states = draw_slides(script, figures, folder)
    frames = [
        frame
        for passage, pictures in zip(speech.passages, states, strict=True)
        for frame in _merge(pictures, [passage.start, *list_appearances(passage)])
    ]
    write_film(wav, frames, speech.seconds, recording, script.title, "eng")
    poster = recording.with_suffix(".webp")
    write_poster(states[0][0], poster)
    return [poster]


def _merge(pictures: list[Path], starts: list[float]) -> list[tuple[Path, float]]:
    """Return pictures with their starts; of those that would start together, the last."""
    frames = zip(pictures, starts, strict=True)
    return list({start: (picture, start) for picture, start in frames}.values())


def _list_figures(course: Path, script: Script) -> list[Path]:
    folder = course / "media-src" / "figures"
    names = sorted({slide.figure for slide in script.slides if slide.figure})
    return [folder / f"{name}.svg" for name in names if script.has_picture]


def _tell(files: list[Path], what: str) -> list[Path]:
    for file in files:
        print(
            f"{file.relative_to(ROOT)}  {file.stat().st_size / 1000:,.0f} kB  ({what})", flush=True
        )
    return files


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256(f"{RECIPE} {VOICE}".encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
