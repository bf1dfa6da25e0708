"""The files of an item: under which name each is served, and of which type."""

from typing import Any

from flask import url_for

from domain.outline import ItemOutline
from domain.refusals import NotFound

TRACK_FILES = {"captions.vtt": "captions", "chapters.vtt": "chapters", "poster": "poster"}
TRACK_TYPE = "text/vtt"
VERSION_LENGTH = 12


def file_url(slug: str, item: ItemOutline, name: str) -> str:
    """The address of an item's file; it changes with the file, so that no old copy is shown."""
    digest, _ = find_file(item, name)
    return url_for(
        "player.show_media",
        slug=slug,
        unit=item.unit_number,
        item=item.slug,
        name=name,
        v=digest[:VERSION_LENGTH],
    )


def find_file(item: ItemOutline, name: str) -> tuple[str, str]:
    """SHA-256 and media type of an item's file. Raises NotFound."""
    details = item.details
    media = details.get("media")
    if media is not None and name == recording_name(item):
        return media["file"], media["media_type"]
    if media is not None and name in TRACK_FILES and media[TRACK_FILES[name]]:
        return media[TRACK_FILES[name]], _track_type(media, name)
    if not details.get("file") or name != details["file_name"]:
        raise NotFound("This item has no such file.")
    return details["file"], "application/pdf"


def is_sound(item: ItemOutline) -> bool:
    """Whether an item's recording has no picture."""
    media = item.details.get("media") or {}
    return str(media.get("media_type", "")).startswith("audio/")


def recording_name(item: ItemOutline) -> str:
    """The name under which an item's recording is served."""
    return "recording.m4a" if is_sound(item) else "recording.mp4"


def _track_type(media: dict[str, Any], name: str) -> str:
    is_poster = name == "poster"
    return str(media.get("poster_type") or "image/webp") if is_poster else TRACK_TYPE
