"""Images as addresses of themselves: the only kind of address that a drawing may open."""

import base64


def data_url(content: bytes, media_type: str = "image/svg+xml") -> str:
    """The address that holds the image itself."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"
