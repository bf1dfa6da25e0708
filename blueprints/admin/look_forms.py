"""The form of the look of certificates: colors, paper, and images as files."""

import re
from collections.abc import Mapping
from uuid import uuid4

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectChoice,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Optional

from blueprints.accounts.forms import refuse, stripped
from domain import colors
from domain.images import MOST_BYTES
from services import provider_images
from services.look_drafts import Wanted
from services.provider_look import IMAGES

PAPER_CHOICES = [
    SelectChoice("letter", "Letter, 11 × 8.5 inches"),
    SelectChoice("a4", "A4, 297 × 210 mm"),
]
NOT_BOTH = "Either choose a file, or ask for none: not both."
_KEY = re.compile(r"[0-9a-f]{32}")


class LookForm(FlaskForm):  # type: ignore[misc]
    """What is wanted of the look. `draft` is the key of what was sent to be seen before.

    `was_accent` and `was_paper` are what the page said: who did not touch them changes nothing.
    """

    accent = StringField("Color", [InputRequired("Enter a color.")], filters=[stripped])
    paper = RadioField(
        "Paper offered first", [InputRequired("Choose a paper.")], choices=PAPER_CHOICES
    )
    logo = FileField("New logo", [Optional()])
    without_logo = BooleanField("No logo")
    seal = FileField("New seal", [Optional()])
    without_seal = BooleanField("No image: the seal is drawn in the color")
    signature = FileField("New signature", [Optional()])
    without_signature = BooleanField("No signature")
    draft = HiddenField()
    was_accent = HiddenField()
    was_paper = HiddenField()

    def validate_accent(self, field: StringField) -> None:
        fault = colors.find_fault(field.data or "")
        if fault:
            raise ValidationError(fault)

    @property
    def key(self) -> str:
        """The key of the draft; a new one where the form has none."""
        sent = self.draft.data or ""
        return sent if _KEY.fullmatch(sent) else uuid4().hex

    def read_files(self) -> dict[str, bytes]:
        """The images that were sent and can be used; for the others, why, at their fields.

        Draws each of them: not to be called inside a write transaction.
        """
        usable = {}
        for name in IMAGES:
            if not self[name].data:
                continue
            content = self[name].data.read(MOST_BYTES + 1)
            fault = provider_images.find_fault(content)
            if fault or self[f"without_{name}"].data:
                refuse(self, name, f"{name.capitalize()}: {fault or NOT_BOTH}")
            else:
                usable[name] = content
        return usable

    def wanted(self, before: Wanted, sent: Mapping[str, bytes]) -> Wanted:
        """What is wanted now: images chosen before stay unless another or none is asked for."""
        images = {name: content for name, content in before.images.items() if content}
        images |= {name: b"" for name in IMAGES if self[f"without_{name}"].data}
        accent = (colors.normal_color(self.accent.data or "")) or ""
        return Wanted(
            "" if accent == self.was_accent.data else accent,
            "" if self.paper.data == self.was_paper.data else self.paper.data,
            {**images, **sent},
        )
