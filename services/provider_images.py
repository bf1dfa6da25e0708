"""Whether an image can be used on certificates: by its bytes, then by drawing it apart.

A damaged image would be left out of every certificate, one too intricate would keep all of them
waiting. Not to be called inside a write transaction.
"""

import base64
import logging

from domain import images
from services.pdf.drawing_process import DrawingFailed, DrawingProcess

LOG = logging.getLogger("contact_hour.certificates")
LONGEST_DRAWING_S = 6.0
CANNOT_BE_DRAWN = (
    "This image cannot be drawn: the file is damaged or too intricate. "
    "Save it again, best as a PNG."
)
_process = DrawingProcess(LONGEST_DRAWING_S)


def find_fault(content: bytes) -> str:
    """What is wrong with an image, in words; '' for one that can be used."""
    return images.find_fault(content) or _draw(content)


def _draw(content: bytes) -> str:
    facts = {
        "content": base64.b64encode(content).decode(),
        "media_type": images.media_type(content),
    }
    try:
        _process.draw("image", facts)
    except DrawingFailed as failure:
        LOG.warning("an image of the provider could not be drawn: %s", failure)
        return CANNOT_BE_DRAWN
    return ""
