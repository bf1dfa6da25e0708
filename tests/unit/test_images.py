"""Images of a provider: harmless drawings pass; whatever runs, fetches or embeds is refused."""

import struct

import pytest

from domain.images import find_fault, media_type

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{}</svg>'
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 300, 100) + b"\x08\x06\x00\x00\x00"
)
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x64\x01\x2c\x03\x01\x22\x00"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (SVG.format('<path d="M0 0L9 9" stroke="#000"/>').encode(), "image/svg+xml"),
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
    ],
)
def test_plain_images_pass(content: bytes, kind: str) -> None:
    assert find_fault(content) == ""
    assert media_type(content) == kind


@pytest.mark.parametrize(
    ("inner", "why"),
    [
        ("<script>alert(1)</script>", "it would run"),
        ('<path onload="alert(1)" d="M0 0"/>', "it would run"),
        ('<image href="file:///etc/passwd"/>', "it reads files"),
        ('<image xlink:href="http://127.0.0.1/x.png" xmlns:xlink="x"/>', "it asks a host"),
        ('<use href="http://127.0.0.1/x.svg#a"/>', "it asks a host"),
        ('<path fill="url(http://127.0.0.1/p)" d="M0 0"/>', "it asks a host"),
        ("<style>@import url(http://127.0.0.1/x.css);</style>", "it asks a host"),
        ("<foreignObject><p>text</p></foreignObject>", "it holds a page"),
        ("<text>Harborlight</text>", "it needs a font that may be missing"),
        ('<a href="javascript:alert(1)"><path d="M0 0"/></a>', "it links"),
        (
            '<path style="fill:u\\72l(http://127.0.0.1/)" d="M0 0"/>',
            "it asks a host, spelled oddly",
        ),
        ('<path d="M0 0"/>' * 5_000, "every certificate would wait for it"),
        ("<path", "it is no XML"),
    ],
)
def test_an_svg_that_does_more_than_draw_is_refused(inner: str, why: str) -> None:
    assert find_fault(SVG.format(inner).encode()), why


def test_entities_and_stylesheets_are_refused_before_they_are_read() -> None:
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'
    assert "entities" in find_fault(bomb)
    assert find_fault(b'<?xml-stylesheet href="x.css"?>' + SVG.format("").encode())


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"<html><body>no</body></html>", b"\x89PNG\r\n\x1a\nshort", b"%PDF-1.7"],
)
def test_other_files_are_refused(content: bytes) -> None:
    assert find_fault(content)


@pytest.mark.parametrize("size", [(40_000, 100), (4_000, 4_000), (2_000, 2_001)])
def test_images_too_large_are_refused(size: tuple[int, int]) -> None:
    assert "pixels" in find_fault(PNG[:16] + struct.pack(">II", *size) + PNG[24:])


def test_more_than_can_be_stored_is_refused() -> None:
    assert "kB" in find_fault(PNG + b"0" * 500_000)
    assert find_fault(b"") == "This file is empty."
    assert "16 bits" in find_fault(PNG[:24] + b"\x10" + PNG[25:])


def test_only_an_svg_is_an_svg() -> None:
    page = b'<html xmlns="http://www.w3.org/1999/xhtml"><svg/></html>'
    assert find_fault(page) == find_fault(b'<svg viewBox="0 0 9 9"/>') != ""
