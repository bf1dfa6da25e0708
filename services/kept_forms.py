"""Forms kept for their owner over an expired session."""

from datetime import datetime

from sqlalchemy import delete, select

from domain.refusals import NotFound
from extensions import db
from models import KeptForm


def keep(
    person_id: int, path: str, fields: list[list[str]], received_at: datetime, now: datetime
) -> KeptForm:
    """Store a form that came in at `received_at`, now that its owner has logged in again."""
    kept = KeptForm(
        person_id=person_id, path=path, fields=fields, received_at=received_at, kept_at=now
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def get_kept_form_for(person_id: int, kept_form_id: int) -> KeptForm:
    """The person's own kept form. Raises NotFound."""
    query = select(KeptForm).where(KeptForm.id == kept_form_id, KeptForm.person_id == person_id)
    kept = db.session.scalar(query)
    if kept is None:
        raise NotFound("What was kept has already been saved or discarded.")
    return kept


def discard(person_id: int, kept_form_id: int) -> None:
    """Delete the person's kept form; nothing happens if it is gone already."""
    db.session.execute(
        delete(KeptForm).where(KeptForm.id == kept_form_id, KeptForm.person_id == person_id)
    )
