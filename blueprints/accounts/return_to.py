"""Where to go after logging in: only ever a path of our own site."""

from urllib.parse import urlsplit

from flask import url_for


def safe_path(path: str | None) -> str:
    """`path` if it is a plain path of this site, else the learner's courses.

    Refuses other hosts in every spelling a browser would follow: `//host`, `/\\host`,
    `https:host`, and control characters that browsers drop.
    """
    home = url_for("enrollment.list_my_courses")
    if not path or any(ord(c) < 0x21 or c == "\\" or ord(c) == 0x7F for c in path):
        return home
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or not path.startswith("/") or path.startswith("//"):
        return home
    return home if parts.path in ("/login", "/register", "/logout") else path
