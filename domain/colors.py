"""Colors of a provider's certificates: read, checked for contrast, mixed."""

import math
import re

LEAST_CONTRAST = 4.5
"""Of text on white paper (WCAG 1.4.3); it also keeps a black and white print readable."""
NO_COLOR = "Write the color as #0b4f3b: a number sign and six digits."
TOO_PALE = (
    "This color is too pale to be read on white paper: its contrast is {:.1f} to 1, and at least "
    "4.5 to 1 is needed. Choose a darker one."
)
_HEX = re.compile(r"#[0-9a-f]{6}")


def normal_color(text: str) -> str | None:
    """'#0b4f3b' from any case of it; None if it is no such color."""
    color = text.strip().lower()
    return color if _HEX.fullmatch(color) else None


def contrast_on_white(color: str) -> float:
    """The contrast ratio of a color on white, from 1 to 21 (WCAG 2, relative luminance)."""
    red, green, blue = (_linear(part) for part in _parts(color))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def find_fault(text: str) -> str:
    """Why a color cannot be that of texts on white paper, in words; '' if it can."""
    color = normal_color(text)
    if color is None:
        return NO_COLOR
    found = contrast_on_white(color)
    if found >= LEAST_CONTRAST:
        return ""
    shown = math.floor(found * 10) / 10
    return TOO_PALE.format(shown)


def lighter(color: str, share: float) -> str:
    """The color mixed with a share of white, from 0 to 1."""
    return "#" + "".join(f"{round(part + (255 - part) * share):02x}" for part in _parts(color))


def _parts(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _linear(part: int) -> float:
    share = part / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
