"""What is kept of a course's texts: rendered, sanitized, with files led to their addresses.

The same values make the rows of an edition and the content of a revision.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from course_format import markdown
from course_format.source import Course, Evaluation, Item, Media
from services.course_files import media_type_of

TRANSCRIPT_PREFIX = "t-"
FAQ_PREFIX = "f-"
"""Begin the ids of headings in a text that shares its page with another."""

_IN_COLUMNS = {
    "units",
    "evaluation",
    "about",
    "faq",
    "price",
    "currency",
    "code",
    "title",
    "summary",
}


def file_addresses(slug: str, hashes: Mapping[str, str]) -> dict[str, str]:
    """Where images and linked files of a course are served (`catalog.show_course_file`).

    The hash in the address makes it change with the file, and keeps it from being guessed.
    """
    return {
        path: f"/courses/{slug}/files/{digest}/{Path(path).name}"
        for path, digest in hashes.items()
        if path.startswith("media/")
    }


def content_of(source: Course, hashes: Mapping[str, str]) -> dict[str, Any]:
    """Everything of a course that a revision may correct, as JSON values."""
    files = file_addresses(source.slug, hashes)
    return {
        "summary": source.summary,
        "about_html": markdown.render(source.about, files),
        "facts": _facts(source, files),
        "evaluation": _evaluation(source.evaluation, files),
        "units": {
            str(unit.number): {"title": unit.title, "post_test_title": unit.post_test.title}
            for unit in source.units
        },
        "items": {
            item.slug: item_content(item, hashes, files)
            for unit in source.units
            for item in unit.items
        },
    }


def item_content(item: Item, hashes: Mapping[str, str], files: Mapping[str, str]) -> dict[str, Any]:
    """Title, words, body and details of an item."""
    return {
        "title": item.title,
        "words": markdown.word_count(item.body),
        "body_html": markdown.render(item.body, files),
        "details": _details(item, lambda path: hashes[path], files),
    }


def _facts(source: Course, files: Mapping[str, str]) -> dict[str, Any]:
    """The course-page fields without a column."""
    facts = {k: v for k, v in asdict(source).items() if k not in _IN_COLUMNS}
    found: dict[str, Any] = _as_json(facts)
    return {**found, "faq_html": markdown.render(source.faq, files, FAQ_PREFIX)}


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _evaluation(source: Evaluation, files: Mapping[str, str]) -> dict[str, Any]:
    return {
        "title": source.title,
        "intro_html": markdown.render(source.intro, files),
        "questions": [
            {
                "id": question.id,
                "kind": question.kind,
                "prompt_html": markdown.render(question.prompt, files),
                "options": list(question.options),
                "optional": question.optional,
            }
            for question in source.questions
        ],
    }


def _details(
    source: Item, sha256: Callable[[str], str], files: Mapping[str, str]
) -> dict[str, Any]:
    details: dict[str, Any] = {"origin": source.origin, "url": source.url}
    if source.objectives:
        details["objectives"] = list(source.objectives)
    if source.file is not None:
        details["file"] = sha256(source.file)
        details["file_name"] = Path(source.file).name
    if source.media is not None:
        details["media"] = _media(source.media, sha256)
        details["transcript_html"] = markdown.render(
            source.media.transcript_text, files, TRANSCRIPT_PREFIX
        )
    return details


def _media(media: Media, sha256: Callable[[str], str]) -> dict[str, Any]:
    return {
        "file": sha256(media.path),
        "media_type": media_type_of(media.path),
        "duration": media.duration,
        "excerpt": media.excerpt,
        "captions": sha256(media.captions) if media.captions else None,
        "chapters": sha256(media.chapters) if media.chapters else None,
        "poster": sha256(media.poster) if media.poster else None,
        "poster_type": media_type_of(media.poster) if media.poster else None,
        "poster_alt": media.poster_alt,
    }
