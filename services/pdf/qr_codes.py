"""QR codes of addresses, as drawings."""

import io

import segno


def qr_svg(url: str) -> bytes:
    """The QR code of an address as SVG, without a margin; 15 % of it may be damaged."""
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", border=0, xmldecl=False, svgns=True)
    return out.getvalue()
