"""Telling a person which letters of their name a PDF cannot print, and asking for a spelling."""

from flask import flash
from flask_wtf import FlaskForm

from blueprints.accounts.forms import refuse
from services import printed_names

CHOOSE = (
    "Your name is saved. The fonts of the certificate’s PDF lack {} of it. Choose a spelling "
    "in Latin letters for the PDF in your account; the certificate’s page keeps the original."
)
NOT_THIS_EITHER = "The fonts of the PDF lack {} of this spelling too. Use Latin letters only."


def letters(missing: str) -> str:
    """'the letter X' or 'the letters X, Y', for a sentence."""
    noun = "the letter" if len(missing) == 1 else "the letters"
    return f"{noun} {', '.join(missing)}"


def tell_missing(missing: str) -> None:
    """Say at the next page that a spelling is to be chosen."""
    if missing:
        flash(CHOOSE.format(letters(missing)), "warning")


def refuse_unprintable(form: FlaskForm, field: str = "latin_name") -> bool:
    """Whether the spelling itself cannot be printed; said at the field. Slow: see the service."""
    missing = printed_names.find_missing(form[field].data or "")
    if missing:
        refuse(form, field, NOT_THIS_EITHER.format(letters(missing)))
    return bool(missing)
