"""Pictures of PDFs, compared with kept ones by what the eye sees, not by each pixel.

A kept picture is a small gray PNG. A page is compared after both are blurred, so that another
version of a font passes while another letter, a box, or a line out of its place does not.
"""

import io
import subprocess
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter, ImageStat

KEPT = Path(__file__).with_name("pictures")
DPI = 48
MOST_MEAN_DIFFERENCE = 1.5
"""Of 255, over the whole blurred page."""
MOST_NAME_DIFFERENCE = 1.0
"""Of 255, over the band of the name alone."""
NAME_BAND = (0.10, 0.22, 0.90, 0.42)
"""Left, top, right, bottom as shares of the page: where every certificate has its name."""


def picture_of(pdf: bytes, dpi: int = DPI) -> Image.Image:
    """The first page of a PDF as a gray picture."""
    drawn = subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-gray", "-singlefile", "-"],
        input=pdf,
        capture_output=True,
        check=True,
    )
    return Image.open(io.BytesIO(drawn.stdout)).convert("L")


def difference(one: Image.Image, other: Image.Image, radius: float = 1.6) -> float:
    """The mean difference of two pictures after a blur, from 0 to 255."""
    if one.size != other.size:
        return 255.0
    blurred = [picture.filter(ImageFilter.GaussianBlur(radius)) for picture in (one, other)]
    return float(ImageStat.Stat(ImageChops.difference(*blurred)).mean[0])


def name_band(picture: Image.Image) -> Image.Image:
    """The part of a certificate where the name stands."""
    left, top, right, bottom = NAME_BAND
    box = (
        round(left * picture.width),
        round(top * picture.height),
        round(right * picture.width),
        round(bottom * picture.height),
    )
    return picture.crop(box)


def kept(name: str) -> Image.Image:
    """A kept picture."""
    return Image.open(KEPT / f"{name}.png").convert("L")


def keep(name: str, pdf: bytes) -> None:
    """Keep a picture, after somebody has looked at it."""
    picture_of(pdf).quantize(16).save(KEPT / f"{name}.png", optimize=True)
