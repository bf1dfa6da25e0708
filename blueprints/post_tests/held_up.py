"""Answers that an ended session held up: shown back to their owner, dated by their receipt."""

from datetime import datetime

from flask import request

from blueprints.http import identity
from domain.numerals import read_whole_number
from domain.refusals import NotFound
from models import KeptForm
from services import kept_forms

Pairs = list[tuple[str, str]]


def find_kept_form() -> KeptForm | None:
    """The answer to this question that its owner sent when the session had ended.

    Raises NotFound where the address names one that is gone, or somebody else's.
    """
    kept_form_id = read_whole_number(request.args.get("kept_form", ""))
    return _of_this_page(kept_form_id) if kept_form_id is not None else None


def received_at() -> datetime | None:
    """When the answer in this form was first received; None unless it is the one that was kept."""
    kept_form_id = read_whole_number(request.form.get("kept_form", ""))
    if kept_form_id is None:
        return None
    try:
        kept = _of_this_page(kept_form_id)
    except NotFound:
        return None
    sent: Pairs = list(request.form.items(multi=True))
    return kept.received_at if kept and _answers(pairs(kept)) == _answers(sent) else None


def pairs(kept: KeptForm) -> Pairs:
    """The fields of a kept form."""
    return [(name, value) for name, value in kept.fields]


def _of_this_page(kept_form_id: int) -> KeptForm | None:
    kept = kept_forms.get_kept_form_for(identity().person_id, kept_form_id)
    return kept if kept.path == request.path else None


def _answers(fields: Pairs) -> Pairs:
    """What was answered, whatever the order of the controls; empty ones say nothing."""
    return sorted(
        (name, value.strip())
        for name, value in fields
        if (name == "answer" or name.startswith("answer-")) and value.strip()
    )
