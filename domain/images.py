"""Images that a provider gives: what they are by their bytes, and whether they are harmless."""

import re
import struct
from xml.etree import ElementTree

MOST_BYTES = 400_000
MOST_SIDE_PX = 4_000
MOST_PIXELS = 4_000_000
"""Every certificate draws it: four million pixels are a fifth of a second, sixteen a whole one."""
MOST_ELEMENTS = 5_000
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
EMPTY = "This file is empty."
WRONG_KIND = "The image must be a PNG, a JPEG or an SVG file."
TOO_LARGE = (
    "The image must have at most 400 kB, 4,000 pixels on each side, and 4 million pixels in all."
)
TOO_DEEP = "This PNG has 16 bits for each color. Save it with 8."
TOO_INTRICATE = "This SVG has more than 5,000 parts. Save it as a PNG instead."
DRAWS_ONLY = (
    "This SVG does more than draw: {}. Export it as a plain drawing, with its text as outlines."
)
DRAWING_ELEMENTS = frozenset({
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs",
    "title", "desc", "clipPath", "mask", "linearGradient", "radialGradient", "stop",
})  # fmt: skip
"""What an SVG may be made of: nothing that runs, embeds, repeats, or needs a font."""
SVG = "{http://www.w3.org/2000/svg}svg"
_ELSEWHERE = re.compile(r"url\(\s*['\"]?(?!#)|@import|expression|javascript:", re.IGNORECASE)
_NAMESPACE = re.compile(r"^\{[^}]*\}")


def media_type(content: bytes) -> str:
    """'image/png', 'image/jpeg', 'image/svg+xml', or '' for anything else, by the bytes alone."""
    if content.startswith(PNG):
        return "image/png"
    if content.startswith(JPEG):
        return "image/jpeg"
    return "image/svg+xml" if b"<svg" in content[:2_000] else ""


def find_fault(content: bytes) -> str:
    """What is wrong with an image, in words; '' for one that can be used."""
    kind = media_type(content)
    if not kind:
        return WRONG_KIND if content else EMPTY
    if len(content) > MOST_BYTES:
        return TOO_LARGE
    if kind == "image/png":
        return _fault_of_png(content)
    return _fault_of_svg(content) if kind == "image/svg+xml" else _fault_of_jpeg(content)


def _fault_of_png(content: bytes) -> str:
    if len(content) < 25 or content[12:16] != b"IHDR":
        return WRONG_KIND
    if content[24] > 8:
        return TOO_DEEP
    return _fault_of_size(*struct.unpack(">II", content[16:24]))


def _fault_of_jpeg(content: bytes) -> str:
    """Walk the segments to the frame's header, which holds height and width."""
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return _fault_of_size(width, height)
        at += 2 + length
    return WRONG_KIND


def _fault_of_size(width: int, height: int) -> str:
    if not (width and height):
        return WRONG_KIND
    sides_fit = max(width, height) <= MOST_SIDE_PX
    return "" if sides_fit and width * height <= MOST_PIXELS else TOO_LARGE


def _fault_of_svg(content: bytes) -> str:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"<?xml-stylesheet" in content:
        return DRAWS_ONLY.format("it has a document type, entities or a stylesheet of its own")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - entities are refused above
    except (ElementTree.ParseError, ValueError, LookupError):
        return WRONG_KIND
    if root.tag != SVG:
        return WRONG_KIND
    elements = list(root.iter())
    if len(elements) > MOST_ELEMENTS:
        return TOO_INTRICATE
    return next(filter(None, map(_fault_of_element, elements)), "")


def _fault_of_element(element: ElementTree.Element) -> str:
    name = _NAMESPACE.sub("", str(element.tag))
    if name not in DRAWING_ELEMENTS:
        return DRAWS_ONLY.format(f"it has an element “{name[:40]}”")
    for key, value in element.attrib.items():
        attribute = _NAMESPACE.sub("", key).lower()
        if attribute.startswith("on"):
            return DRAWS_ONLY.format(f"it reacts to events (“{attribute[:40]}”)")
        if attribute in ("href", "src") and not value.startswith("#"):
            return DRAWS_ONLY.format("it asks for another file")
        if _ELSEWHERE.search(value) or (key == attribute and "\\" in value):
            return DRAWS_ONLY.format("it asks for another file")
    return ""
