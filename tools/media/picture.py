"""Pictures for readings: figures of the course as PNG, at twice the size they are shown in."""

import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from media.sheet import HERE, write_pdf
from media.slides import Figure

DOTS_PER_INCH = "192"
COLORS = 64


def list_pictures(course: Path) -> list[str]:
    """Return the names of the figures that readings show, one a line in `pictures.txt`."""
    file = course / "media-src" / "pictures.txt"
    return file.read_text(encoding="utf-8").split() if file.exists() else []


def write_picture(figure: Figure, name: str, file: Path) -> None:
    """Draw a figure on paper of its own, so that it can be read in the dark, too."""
    with tempfile.TemporaryDirectory() as folder:
        page, drawn = Path(folder) / "picture.pdf", Path(folder) / "picture"
        write_pdf(f'<div class="picture">{figure.svg}</div>', name, HERE / "picture.css", page)
        command = ["pdftoppm", "-png", "-singlefile", "-r", DOTS_PER_INCH, page, drawn]
        subprocess.run(command, check=True)
        with Image.open(drawn.with_suffix(".png")) as image:
            image.convert("RGB").quantize(COLORS).save(file, "PNG", optimize=True)
