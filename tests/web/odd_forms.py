"""The forms of a page, as a browser would send them, for sending them with something odd."""

from dataclasses import dataclass

import html5lib

XHTML = "{http://www.w3.org/1999/xhtml}"


@dataclass(frozen=True)
class Form:
    """One form that is posted: where to, and what it holds."""

    action: str
    fields: dict[str, object]


def list_forms(page: str, path: str) -> list[Form]:
    """Every form of a page that is posted, with the values it would be sent with."""
    tree = html5lib.parse(page)
    return [
        Form(form.get("action") or path, _fields(form))
        for form in tree.iter(f"{XHTML}form")
        if (form.get("method") or "").lower() == "post"
    ]


def _fields(form) -> dict[str, object]:  # type: ignore[no-untyped-def]
    found: dict[str, object] = {}
    for element in form.iter():
        name = element.get("name")
        if not name:
            continue
        if element.tag == f"{XHTML}select":
            options = list(element.iter(f"{XHTML}option"))
            chosen = [option for option in options if option.get("selected") is not None]
            values = [option.get("value") or "" for option in (*chosen, *options)]
            found[name] = values[0] if chosen else next(filter(None, values), "")
        elif element.get("type") in ("radio", "checkbox") and name in found:
            continue
        else:
            found[name] = element.get("value") or (element.text or "")
    return found
