"""An image alone, drawn as certificates draw it: whether it can be read to its last pixel.

What merely looks like an image is left out of a document, or drawn as far as it goes, without a
word; here it is refused.
"""

import base64
from io import BytesIO
from typing import Any

from PIL import Image, ImageFile

from services.pdf.data_urls import data_url
from services.pdf.sheet import Facts, Sheet

MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "CMYK"})
"""What the drawing knows how to put into a PDF."""


class UnreadableImage(Exception):
    """The image is damaged, or of a sort that cannot be printed."""


def _context(facts: Facts) -> dict[str, Any]:
    content = base64.b64decode(facts["content"])
    if facts["media_type"] != "image/svg+xml":
        _decode(content)
    return {"src": data_url(content, facts["media_type"])}


def _decode(content: bytes) -> None:
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as image:
            image.load()
            mode = image.mode
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as fault:
        raise UnreadableImage(str(fault)) from fault
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = True
    if mode not in MODES:
        raise UnreadableImage(f"its colors are stored as {mode}")


IMAGE = Sheet("image", _context, needs_images=True)
