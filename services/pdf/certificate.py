"""The certificate as a sheet: one landscape page, in the largest text size that leaves air."""

# WeasyPrint and pydyf carry no types.
# mypy: disallow-untyped-calls=False

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pydyf

from domain.writing import direction, language, width
from services.pdf.data_urls import data_url
from services.pdf.ornament import Inks, frame_svg, rule_svg, seal_svg
from services.pdf.qr_codes import qr_svg
from services.pdf.sheet import Facts, Finish, LayOut, Sheet

if TYPE_CHECKING:
    from weasyprint.document import Document

TEXT_SIZES_PX = (15.0, 14.25, 13.5, 12.75, 12.0, 11.25, 10.5, 9.75)
"""Tried in turn until the certificate fits one page."""
FOOT_PX = 212.0
"""What the foot takes from the height of the page: above it the text has to end."""
MARGIN_PX = 104.0
SEAL_PX = 100.0
COMFORT_PX = 54.0
"""The space to be left over, so that the page can breathe; sizes below 12.75 do without it."""
SMALLEST_COMFORTABLE_PX = 12.75
AIR_PLACES = 6
MOST_AIR_PX = 24.0
NAME_WIDTHS = (30, 42, 60)
"""Names up to so many narrow letters keep the larger sizes, on one line."""


@dataclass(frozen=True)
class Paper:
    """A paper in landscape; lengths in CSS pixels."""

    size: str
    width: float
    height: float


PAPERS = {
    "letter": Paper("11in 8.5in", 1056.0, 816.0),
    "a4": Paper("297mm 210mm", 297 / 25.4 * 96, 210 / 25.4 * 96),
}


class TooLong(Exception):
    """The facts do not fit one page even in the smallest size."""


def _context(facts: Facts) -> dict[str, Any]:
    name = facts["pdf_name"] or facts["name"]
    return {
        "name": name,
        "name_size": 1 + sum(width(name) > most for most in NAME_WIDTHS),
        "name_direction": direction(name),
        "name_language": language(name),
        "qr": data_url(qr_svg(facts["verify_url"])),
    }


def _styles(facts: Facts) -> dict[str, str]:
    paper = PAPERS[facts["paper"]]
    inks = Inks(facts["look"]["accent"], facts["look"]["tint"])
    text_width = paper.width - 2 * MARGIN_PX
    drawn = {
        "FRAME": frame_svg(paper.width, paper.height, inks),
        "SEAL": seal_svg(inks),
        "RULE": rule_svg(inks),
    }
    return {
        "PAPER": paper.size,
        "WIDTH": f"{text_width:.1f}px",
        "SEAL-LEFT": f"{(text_width - SEAL_PX) / 2:.1f}px",
        "ACCENT": inks.ink,
        **{name: f'url("{data_url(svg.encode())}")' for name, svg in drawn.items()},
    }


def _fit(facts: Facts, lay_out: LayOut) -> "Document":
    """Lay out in the largest size that fits one page well, then share out the space left over."""
    lowest_px = PAPERS[facts["paper"]].height - FOOT_PX
    for size in TEXT_SIZES_PX:
        left = _space_left(lay_out(_sizes(size, 0)), lowest_px)
        if left >= (COMFORT_PX if size > SMALLEST_COMFORTABLE_PX else 0):
            return lay_out(_sizes(size, min(left / AIR_PLACES, MOST_AIR_PX)))
    raise TooLong("the certificate does not fit one page in the smallest size")


def _space_left(document: "Document", lowest_px: float) -> float:
    """The height between the end of the text and the foot; negative where there is none."""
    end = document.pages[0].anchors.get("end")
    return -1.0 if end is None else lowest_px - float(end[1])


def _sizes(size_px: float, air_px: float) -> str:
    return f"html {{ --air: {air_px:.2f}px }} main {{ font-size: {size_px}px }}"


def _finish(facts: Facts) -> Finish:
    """What the PDF lacks to be read aloud and copied rightly, as its finishing touch."""
    name = facts["pdf_name"] or facts["name"]

    def finish(_document: "Document", pdf: pydyf.PDF) -> None:
        for element in pdf.objects:
            if isinstance(element, pydyf.Dictionary) and element.get("S") == "/Sect":
                _say(element, name)
            elif isinstance(element, pydyf.Stream) and b"begincmap" in element.stream:
                element.stream = [_mapped(line) for line in element.stream]

    return finish


def _say(element: pydyf.Dictionary, name: str) -> None:
    """Give the name's tag its text in reading order: its glyphs stand in the order they are seen.

    The name is the only section of the template; in the PDF it becomes a paragraph.
    """
    element["S"] = "/P"
    element["ActualText"] = pydyf.String(name)


def _mapped(line: bytes) -> bytes:
    """Map the further glyphs of a cluster, left without a character, to an invisible one."""
    return line.replace(b"<>", b"<2060>")


CERTIFICATE = Sheet("certificate", _context, _styles, _fit, _finish)
