"""What a kind of document adds to the drawing: its template, its images, how it fits its pages."""

# WeasyPrint and pydyf carry no types.
# mypy: disallow-untyped-calls=False

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pydyf

if TYPE_CHECKING:  # or every process of the web server, which draws nothing, would load it
    from weasyprint.document import Document

Facts = dict[str, Any]
Finish = Callable[["Document", pydyf.PDF], None]


class LayOut(Protocol):
    """Lays the document out once, with a little style of this trial added to its stylesheet."""

    def __call__(self, added_style: str = "") -> "Document": ...


def _nothing(_facts: Facts) -> dict[str, Any]:
    return {}


def _at_once(_facts: Facts, lay_out: LayOut) -> "Document":
    return lay_out()


def _leave(_facts: Facts) -> Finish | None:
    return None


@dataclass(frozen=True)
class Sheet:
    """One kind of document, drawn from `templates/pdf/<template>.html` and `<template>.css`.

    The template is given `facts` (JSON values) and what `context` makes of them. `styles` gives
    the texts that replace `var(--<name>)` in the stylesheet: the same facts, the same texts.
    `fit` lays it out, in as many trials as it needs; `finish` amends the PDF before it is written.
    `needs_images` refuses a document of which an image could not be drawn.
    """

    template: str
    context: Callable[[Facts], dict[str, Any]] = _nothing
    styles: Callable[[Facts], dict[str, str]] = _nothing
    fit: Callable[[Facts, LayOut], "Document"] = _at_once
    finish: Callable[[Facts], Finish | None] = _leave
    needs_images: bool = False
