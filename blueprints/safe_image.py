"""An image that somebody gave, as an answer that can neither run nor fetch anything."""

from flask import Response, make_response

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
"""Even opened by itself: a drawing may style itself and hold images, and that is all."""


def safe_image(content: bytes, media_type: str) -> Response:
    """The image as it is; nosniff comes with every answer."""
    response = make_response(content)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Security-Policy"] = POLICY
    return response
