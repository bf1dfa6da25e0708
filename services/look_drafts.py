"""Changing the look of certificates in the panel: proposed, seen on a sample, then kept or not."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from domain.images import media_type
from domain.refusals import Conflict, NotFound
from extensions import db
from models import LookDraft
from services import certificate_samples, provider_look
from services.audit import Actor
from services.pdf.data_urls import data_url
from services.provider_look import IMAGES, SET, list_data_urls, look_of, present_look

KEPT = timedelta(days=1)
"""How long a draft waits; it holds nothing but what was sent to be seen."""


@dataclass(frozen=True)
class Wanted:
    """What is wanted of a look. '' leaves color or paper as it is, as does an image not named.

    An image of no bytes takes the present one away.
    """

    accent: str = ""
    paper: str = ""
    images: Mapping[str, bytes] = field(default_factory=dict)


def get_draft(key: str) -> LookDraft:
    """A draft that waits. Raises NotFound once it is kept, discarded or a day old."""
    draft = find_draft(key)
    if draft is None:
        raise NotFound("This look was kept or discarded already.")
    return draft


def find_draft(key: str) -> LookDraft | None:
    """The draft of this key, if it still waits."""
    draft = db.session.get(LookDraft, key)
    return draft if draft is not None and draft.kept_at is None else None


def is_spent(key: str) -> bool:
    """Whether the draft of this key was kept: what is sent with it begins another."""
    draft = db.session.get(LookDraft, key)
    return draft is not None and draft.kept_at is not None


def save_draft(key: str, wanted: Wanted, now: datetime) -> None:
    """Make the draft of this key what is wanted; the same form twice makes one draft.

    Raises Conflict for a key that was kept already.
    """
    draft = db.session.get(LookDraft, key) or _added(key, now)
    if draft.kept_at is not None:
        raise Conflict("This look was kept already. Begin again from the look as it is now.")
    draft.accent, draft.paper = wanted.accent, wanted.paper
    for name in IMAGES:
        setattr(draft, name, wanted.images.get(name))
    db.session.flush()


def discard(key: str) -> None:
    """Delete a draft that was not kept; nothing happens if it is gone."""
    waiting = (LookDraft.key == key, LookDraft.kept_at.is_(None))
    db.session.execute(delete(LookDraft).where(*waiting))


def keep(key: str, wanted: Wanted, actor: Actor, now: datetime) -> list[str]:
    """Give certificates this look from now on, as it was seen; returns the names of what changed.

    Once: raises Conflict if the draft was kept or discarded meanwhile.
    """
    taken = (
        update(LookDraft)
        .where(LookDraft.key == key, LookDraft.kept_at.is_(None))
        .values(kept_at=now, **dict.fromkeys(IMAGES))
        .returning(LookDraft.key)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(taken).first() is None:
        raise Conflict("This look was kept or discarded already.")
    before = present_look()
    after = provider_look.change_look(now, wanted.accent, wanted.paper, dict(wanted.images))
    return provider_look.record_change(before, after, actor)


def sweep(now: datetime) -> None:
    """Delete drafts that are older than KEPT."""
    db.session.execute(delete(LookDraft).where(LookDraft.made_at < now - KEPT))


def wanted_of(draft: LookDraft) -> Wanted:
    """What a draft wants."""
    given = {name: getattr(draft, name) for name in IMAGES}
    images = {name: content for name, content in given.items() if content is not None}
    return Wanted(draft.accent, draft.paper, images)


def proposed_look(wanted: Wanted) -> dict[str, str]:
    """The whole look that would come of it."""
    look = present_look()
    hashes = {
        name: hashlib.sha256(content).hexdigest() if content else ""
        for name, content in wanted.images.items()
    }
    accent, paper = wanted.accent or look["accent"], wanted.paper or look["paper"]
    return look_of({"look": {**look, **hashes, "accent": accent, "paper": paper}})


def mark_of(wanted: Wanted) -> str:
    """A mark of what was seen: it differs for whatever else is wanted."""
    images = {name: hashlib.sha256(given).hexdigest() for name, given in wanted.images.items()}
    text = repr((wanted.accent, wanted.paper, sorted(images.items())))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def find_image(wanted: Wanted, name: str) -> bytes:
    """An image of the look that would come of it; no bytes where there is none."""
    if name in wanted.images:
        return wanted.images[name]
    image = provider_look.find_image(present_look()[name])
    return image.content if image else b""


def list_differences(wanted: Wanted) -> list[str]:
    """The names of what would change."""
    present, proposed = present_look(), proposed_look(wanted)
    return [name for name in SET if present[name] != proposed[name]]


def sample_facts(wanted: Wanted, base_url: str, paper: str = "") -> dict[str, Any]:
    """What a sample certificate with this look prints, on its paper or another."""
    look = proposed_look(wanted)
    urls = list_data_urls({**look, **dict.fromkeys(wanted.images, "")})
    urls |= {
        name: data_url(content, media_type(content))
        for name, content in wanted.images.items()
        if content
    }
    return certificate_samples.sample_facts(base_url, paper, look, urls)


def _added(key: str, now: datetime) -> LookDraft:
    """A new draft; if the same form added it at this moment, that one."""
    draft = LookDraft(key=key, accent="", paper="", made_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(draft)
    except IntegrityError:
        return db.session.get_one(LookDraft, key)
    return draft
