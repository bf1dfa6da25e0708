"""Checks of recordings, their captions and chapters, handouts, and files nobody refers to."""

from pathlib import Path

from course_format.captions import check_captions, check_chapters
from course_format.mp4 import (
    AUDIO_CODECS,
    VIDEO_CODECS,
    Recording,
    UnreadableRecordingError,
    read_recording,
)
from course_format.reading import Reading
from course_format.source import Course, Item, Media

DURATION_TOLERANCE_SECONDS = 2


def check_media(course: Course, reading: Reading) -> None:
    """Report what is wrong with the files of every item."""
    for item in (item for unit in course.units for item in unit.items):
        if item.media:
            _check_recording(item, item.media, reading)
            _check_texts(item.media, reading)
            _check_excerpt(course, item, item.media, reading)
        if item.file:
            _check_handout(item, item.file, reading)
    _report_unused_files(course, reading)


def _check_recording(item: Item, media: Media, reading: Reading) -> None:
    if not media.path:
        return
    try:
        recording = read_recording(reading.folder / media.path)
    except UnreadableRecordingError as problem:
        reading.report.error(media.path, 0, str(problem))
        return
    _check_codecs(media.path, recording, reading)
    if media.duration and abs(recording.seconds - media.duration) > DURATION_TOLERANCE_SECONDS:
        path, line = reading.place("item", item.slug, "duration")
        message = (
            f"“duration” says {media.duration} s, but {media.path} lasts {recording.seconds:.1f} s."
        )
        reading.report.error(path, line, message)


def _check_codecs(path: str, recording: Recording, reading: Reading) -> None:
    is_video = path.endswith(".mp4")
    wanted = VIDEO_CODECS | AUDIO_CODECS if is_video else AUDIO_CODECS
    strange = sorted(recording.codecs - wanted)
    if strange:
        names = ", ".join(strange)
        message = f"Some browsers cannot play this ({names}). Use H.264 video and AAC sound."
        reading.report.error(path, 0, message)
    if not recording.codecs & AUDIO_CODECS:
        reading.report.error(path, 0, "There is no AAC sound in this recording.")
    if is_video and not recording.codecs & VIDEO_CODECS:
        reading.report.error(path, 0, "There is no H.264 picture in this video.")
    if not recording.index_comes_first:
        message = "This cannot be played before all of it is loaded. Save it with “fast start”."
        reading.report.warn(path, 0, message)


def _check_texts(media: Media, reading: Reading) -> None:
    if media.captions:
        check_captions(media.captions, media.duration, reading)
    if media.chapters:
        check_chapters(media.chapters, media.duration, reading)


def _check_excerpt(course: Course, item: Item, media: Media, reading: Reading) -> None:
    if media.excerpt and not course.demonstration:
        path, line = reading.place("item", item.slug, "excerpt")
        message = "Only a demonstration course may count minutes that its recording does not have."
        reading.report.error(path, line, message)


def _check_handout(item: Item, file: str, reading: Reading) -> None:
    if not _begins_with(reading.folder / file, b"%PDF-"):
        path, line = reading.place("item", item.slug, "file")
        reading.report.error(path, line, f"“{file}” is not a PDF file.")


def _begins_with(file: Path, signature: bytes) -> bool:
    with file.open("rb") as stream:
        return stream.read(len(signature)) == signature


def _report_unused_files(course: Course, reading: Reading) -> None:
    used = set(reading.linked)
    for item in (item for unit in course.units for item in unit.items):
        used.add(item.file or "")
        media = item.media
        if media:
            used |= {media.path, media.captions, media.transcript}
            used |= {media.chapters or "", media.poster or ""}
    for path in sorted(reading.files):
        if path.startswith("media/") and path not in used:
            reading.report.warn(path, 0, "No page of the course refers to this file.")
