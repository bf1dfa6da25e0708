"""Two people edit the same thing: who saves second is told, and undoes nothing unseen."""

import hashlib
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField

NOT_EDITED = {"csrf_token", "seen", "reason", "intent", "renews"}
LONGEST_SHOWN = 100


class EditForm(FlaskForm):  # type: ignore[misc]
    """A form filled from something that exists. `seen` marks what it was filled from."""

    seen = HiddenField()


def remember(form: EditForm) -> EditForm:
    """Mark a form that was just filled from what there is."""
    form.seen.data = _mark(form)
    return form


def is_stale(form: EditForm, present: EditForm) -> bool:
    """Whether somebody else has changed what a form edits since it was shown; then it says so."""
    words = what_changed(form, present)
    if words:
        form.form_errors.append(words)
    return bool(words)


def what_changed(form: EditForm, present: EditForm) -> str:
    """What somebody else has made of it since the form was shown, in words; '' if nothing.

    `present` is filled from what there is now. The form keeps what was typed; sent again, it is
    saved.
    """
    mark = _mark(present)
    if form.seen.data in (mark, None, ""):
        return ""
    form.seen.data = mark
    there = [
        f"{field.label.text}: {_shown(present[field.name].data)}"
        for field in form
        if field.name not in NOT_EDITED and _differ(field.data, present[field.name].data)
    ]
    return (
        "This was changed since you opened it, perhaps by a colleague. Nothing of yours is saved "
        "yet: what you typed stands below. Send it again to put it in place of what is there now"
        + (f" ({'; '.join(there)})." if there else ".")
    )


def _mark(form: EditForm) -> str:
    edited = {name: value for name, value in form.data.items() if name not in NOT_EDITED}
    return hashlib.sha256(repr(sorted(edited.items())).encode()).hexdigest()[:20]


def _differ(typed: Any, there: Any) -> bool:
    """A browser ends lines its own way, and sends what is empty as an empty text."""
    if isinstance(typed, str) and isinstance(there, str):
        typed, there = (" ".join(text.split()) for text in (typed, there))
    return bool((typed or there) and typed != there)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return f"“{text[:LONGEST_SHOWN]}”" if text else "nothing"
