"""What an MP4 or M4A file says of itself: length, codecs, and where its index stands.

Only the headers of boxes are read (ISO/IEC 14496-12), so a recording of any size costs a few
kilobytes of memory. mutagen would tell the length, too, but its license is the GPL.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MAX_BOXES = 10_000
MAX_PAYLOAD = 4_096

VIDEO_CODECS = frozenset({"avc1", "avc3"})
AUDIO_CODECS = frozenset({"mp4a"})

_PATH_TO_CODEC = ("mdia", "minf", "stbl", "stsd")


class UnreadableRecordingError(ValueError):
    """The file is no MP4, or is cut off."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Length in seconds, the four-letter codecs of its tracks, and the place of its index."""

    seconds: float
    codecs: frozenset[str]
    index_comes_first: bool


@dataclass(frozen=True, slots=True)
class _Box:
    kind: str
    start: int
    end: int


def read_recording(file: Path) -> Recording:
    """Read the facts of a recording. Raises UnreadableRecordingError."""
    with file.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        top = list(_boxes(stream, 0, size))
        kinds = [box.kind for box in top]
        if kinds[:1] != ["ftyp"] or "moov" not in kinds or "mdat" not in kinds:
            raise UnreadableRecordingError("This is not an MP4 file, or it is cut off.")
        index = top[kinds.index("moov")]
        inner = list(_boxes(stream, index.start, index.end))
        return Recording(
            seconds=_seconds(stream, inner),
            codecs=frozenset(_codecs(stream, inner)),
            index_comes_first=kinds.index("moov") < kinds.index("mdat"),
        )


def _boxes(stream: BinaryIO, start: int, end: int) -> Iterator[_Box]:
    for _ in range(MAX_BOXES):
        if start >= end:
            return
        stream.seek(start)
        head = stream.read(16)
        if len(head) < 8:
            raise UnreadableRecordingError("The file is cut off.")
        length, header = int.from_bytes(head[:4], "big"), 8
        if length == 1 and len(head) == 16:
            length, header = int.from_bytes(head[8:], "big"), 16
        elif length == 0:
            length = end - start
        if length < header or start + length > end:
            raise UnreadableRecordingError("The file is cut off or damaged.")
        yield _Box(head[4:8].decode("latin-1"), start + header, start + length)
        start += length


def _seconds(stream: BinaryIO, boxes: list[_Box]) -> float:
    header = next((box for box in boxes if box.kind == "mvhd"), None)
    payload = _payload(stream, header) if header else b""
    try:
        layout = ">20xIQ" if payload[:1] == b"\x01" else ">12xII"
        scale, length = struct.unpack_from(layout, payload)
    except struct.error:
        scale, length = 0, 0
    if not scale or not length:
        raise UnreadableRecordingError("The file does not say how long it is.")
    return float(length / scale)


def _codecs(stream: BinaryIO, boxes: list[_Box]) -> Iterator[str]:
    for track in (box for box in boxes if box.kind == "trak"):
        box: _Box | None = track
        for kind in _PATH_TO_CODEC:
            inner = _boxes(stream, box.start, box.end) if box else iter(())
            box = next((one for one in inner if one.kind == kind), None)
        payload = _payload(stream, box) if box else b""
        if len(payload) >= 16:
            yield payload[12:16].decode("latin-1")


def _payload(stream: BinaryIO, box: _Box) -> bytes:
    stream.seek(box.start)
    return stream.read(min(box.end - box.start, MAX_PAYLOAD))
