"""How the provider's certificates look: colors, logo, seal, signature, paper. By configuration."""

import hashlib
from datetime import datetime
from typing import Any

from domain.colors import find_fault as find_color_fault
from domain.colors import lighter
from domain.images import find_fault, media_type
from domain.refusals import Invalid
from extensions import db
from models import Provider, ProviderImage
from services import audit
from services import provider as provider_service
from services.audit import Actor
from services.pdf.data_urls import data_url

ACCENT = "#0b4f3b"
TINT_SHARE = 0.42
IMAGES = ("logo", "seal", "signature")
PAPERS = ("letter", "a4")
SET = ("accent", "paper", *IMAGES)
"""What is set of a look; the tint follows from the accent."""


def look_of(facts: dict[str, Any]) -> dict[str, str]:
    """The look in a provider's or a certificate's facts, with what is not set as it ships.

    Keys: accent and tint (colors), paper, and for each of IMAGES a SHA-256 or ''.
    """
    given = facts.get("look") or {}
    accent = given.get("accent") or ACCENT
    return {
        "accent": accent,
        "tint": lighter(accent, TINT_SHARE),
        "paper": given.get("paper") or PAPERS[0],
        **{name: given.get(name) or "" for name in IMAGES},
    }


def change_look(
    now: datetime, accent: str = "", paper: str = "", images: dict[str, bytes] | None = None
) -> dict[str, str]:
    """Change what is given of the look; certificates issued keep theirs. Returns the whole look.

    Changes made at once follow each other: each changes only what it is given.

    An empty image takes that image away. Raises Invalid, at the field `accent`, `paper` or the
    image's name, for a color too pale to read, or an image that cannot be used safely.
    """
    provider = db.session.get_one(Provider, 1, with_for_update=True, populate_existing=True)
    look = look_of(provider.facts)
    if accent:
        look["accent"] = _color(accent)
    if paper:
        if paper not in PAPERS:
            raise Invalid("paper", "The paper is 'letter' or 'a4'.")
        look["paper"] = paper
    for name, content in (images or {}).items():
        look[name] = add_image(name, content, now) if content else ""
    kept = {key: value for key, value in look.items() if key != "tint"}
    provider.facts = {**provider.facts, "look": kept}
    provider.updated_at = now
    db.session.flush()
    provider_service.forget()
    return look_of(provider.facts)


def present_look() -> dict[str, str]:
    """The look of certificates issued now, as it is in the database."""
    return look_of(db.session.get_one(Provider, 1).facts)


def record_change(before: dict[str, str], after: dict[str, str], actor: Actor | None) -> list[str]:
    """Tell the audit log what was changed, images by their SHA-256; returns the names of it."""
    changed = {name: after[name] for name in SET if after[name] != before[name]}
    if changed:
        audit.record(
            "provider.look-changed",
            actor_id=actor.person_id if actor else None,
            subject="provider:1",
            request_id=actor.request_id if actor else "",
            facts=changed,
        )
    return list(changed)


def add_image(name: str, content: bytes, now: datetime) -> str:
    """Keep an image for good; its SHA-256. Raises Invalid (field `name`) with what is wrong."""
    fault = find_fault(content)
    if fault:
        raise Invalid(name, fault)
    sha256 = hashlib.sha256(content).hexdigest()
    if db.session.get(ProviderImage, sha256) is None:
        db.session.add(
            ProviderImage(
                sha256=sha256, media_type=media_type(content), content=content, added_at=now
            )
        )
        db.session.flush()
    return sha256


def find_image(sha256: str) -> ProviderImage | None:
    """A kept image by its SHA-256."""
    return db.session.get(ProviderImage, sha256)


def list_data_urls(look: dict[str, str]) -> dict[str, str]:
    """The images of a look as addresses of themselves, '' where there is none."""
    return {name: _data_url(look[name]) for name in IMAGES}


def _data_url(sha256: str) -> str:
    image = find_image(sha256) if sha256 else None
    return data_url(image.content, image.media_type) if image else ""


def _color(text: str) -> str:
    fault = find_color_fault(text)
    if fault:
        raise Invalid("accent", fault)
    return text.strip().lower()
