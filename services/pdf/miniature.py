"""A certificate's look at a glance: its sheet as one SVG, drawn without laying out a PDF.

Frame, rule and seal are those of the PDF, and images stand in the places and sizes they have
there (templates/pdf/certificate.css). Lengths are in CSS pixels.
"""

from html import escape

from services.pdf.certificate import MARGIN_PX, PAPERS, SEAL_PX
from services.pdf.ornament import Inks, frame_svg, rule_svg, seal_svg
from services.pdf.sheet import Facts

INK = "#17201b"
LOGO = (MARGIN_PX, 70.0, 136.0, 72.0)
SIGNATURE = (MARGIN_PX + 12, 230.0, 54.0)
"""Left, width and height; its lower edge stands on the signatory's line."""
SIGNATURE_LINE_UP = 153.0
SEAL_UP = 198.0
CODE_UP = 188.0
CODE_PX = 88.0
LETTER_WIDTH = 0.72
"""Of a wide letter, in its size."""
SERIF = "Georgia, 'Noto Serif', serif"


def miniature_svg(facts: Facts) -> str:
    """The sheet of a certificate with these facts, its images as addresses of themselves."""
    paper = PAPERS[facts["paper"]]
    inks = Inks(facts["look"]["accent"], facts["look"]["tint"])
    parts = [
        '<rect width="100%" height="100%" fill="#fff"/>',
        frame_svg(paper.width, paper.height, inks),
        *_head(facts, paper.width / 2, inks),
        *_foot(facts, paper.width, paper.height, inks),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{paper.width:.0f}" '
        f'height="{paper.height:.0f}" viewBox="0 0 {paper.width:.1f} {paper.height:.1f}">'
        f"{''.join(parts)}</svg>"
    )


def _head(facts: Facts, middle: float, inks: Inks) -> list[str]:
    credit = facts["credits"][0]
    return [
        _image(facts["images"]["logo"], *LOGO, "xMinYMin"),
        _text(facts["provider"]["name"].upper(), middle, 100, 15, inks.ink, room_px=560),
        _text("Certificate of Completion", middle, 178, 45, inks.ink),
        _text("This certifies that", middle, 222, 14.4, INK),
        _text(facts["name"], middle, 290, 37, INK),
        f'<g transform="translate({middle - 210} 312)">{rule_svg(inks)}</g>',
        _text(f"{facts['statement']}, on {facts['completed_on']}", middle, 352, 14.4, INK),
        _text(facts["course"]["title"], middle, 404, 23.4, INK),
        _text(f"{credit['hours']} {credit['unit_word']}", middle, 478, 22, inks.ink),
        _text(credit["body"], middle, 504, 12, INK),
    ]


def _foot(facts: Facts, width: float, height: float, inks: Inks) -> list[str]:
    left, image_width, image_height = SIGNATURE
    line = height - SIGNATURE_LINE_UP
    seal = facts["images"]["seal"]
    seal_left, seal_top = (width - SEAL_PX) / 2, height - SEAL_UP
    code_left = width - MARGIN_PX - CODE_PX
    return [
        _image(
            facts["images"]["signature"],
            *(left, line + 6 - image_height, image_width, image_height),
            "xMinYMax",
        ),
        f'<rect x="{MARGIN_PX}" y="{line}" width="270" height="1" fill="{INK}"/>',
        _text(facts["signatory"]["name"], MARGIN_PX, line + 20, 13, INK, "start", 270),
        _text(facts["signatory"]["title"], MARGIN_PX, line + 36, 10.5, INK, "start", 270),
        _image(seal, seal_left, seal_top, SEAL_PX, SEAL_PX, "xMidYMid")
        if seal
        else f'<g transform="translate({seal_left} {seal_top}) scale({SEAL_PX / 120:.3f})">'
        f"{seal_svg(inks)}</g>",
        f'<rect x="{code_left}" y="{height - CODE_UP}" width="{CODE_PX}" height="{CODE_PX}" '
        f'fill="none" stroke="{INK}"/>',
        _text("QR code", code_left + CODE_PX / 2, height - CODE_UP + 48, 14, INK),
    ]


def _image(url: str, x: float, y: float, width: float, height: float, keeps: str) -> str:
    if not url:
        return ""
    return (
        f'<image href="{escape(url)}" x="{x}" y="{y}" width="{width}" height="{height}" '
        f'preserveAspectRatio="{keeps} meet"/>'
    )


def _text(
    text: str,
    x: float,
    y: float,
    size_px: float,
    color: str,
    anchor: str = "middle",
    room_px: float = 780,
) -> str:
    """A line of text, smaller where it would not fit its room."""
    size_px = min(size_px, room_px / (LETTER_WIDTH * max(len(text), 1)))
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size_px:.1f}" fill="{color}" '
        f'text-anchor="{anchor}" font-family="{SERIF}">{escape(text)}</text>'
    )
