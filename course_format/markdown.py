"""Markdown as authors may write it, and the HTML that is made of it.

CommonMark with tables. HTML in the text is shown as text. The result passes an explicit list of
elements and attributes, so nothing that a browser or HTMX would act on survives (quality.md §3.1).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

HEADING_PREFIX = "h-"
"""Begins the id of each heading, so that it never meets an id of the page around it."""

DECORATIVE = "decorative"
"""Title of an image that needs no text alternative: `![](media/line.png "decorative")`."""

NO_FILES: Mapping[str, str] = MappingProxyType({})

SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_TAGS = {
    "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "em",
    "strong", "a", "img", "br", "hr", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "th": {"scope"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
_ALIGNMENTS = {"align-left", "align-center", "align-right"}
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_WORD = re.compile(r"\w+(?:[’'\-–.,]\w+)*")
_ALIGN = re.compile(r"text-align:(left|center|right)")


def make_parser() -> MarkdownIt:
    """Return a parser of the format's Markdown."""
    return MarkdownIt("commonmark", {"html": False}).enable("table")


_parser = make_parser()


def parse(markdown: str) -> list[Token]:
    """Return the tokens of a text."""
    return _parser.parse(markdown)


def render(markdown: str, files: Mapping[str, str] = NO_FILES, prefix: str = HEADING_PREFIX) -> str:
    """Return sanitized HTML.

    `files` maps files of the course (`media/…`) to the addresses at which they are served; links
    and images that name one lead there. Headings get ids that begin with `prefix`, of which
    each text of a page has its own; links to `#heading` are led to them. Images of other hosts
    lose their address. A heading of level 1 becomes one of level 2.
    """
    tokens = parse(markdown)
    _name_headings(tokens, prefix)
    for token in _flat(tokens):
        _adapt(token, files, prefix)
    html = _parser.renderer.render(tokens, _parser.options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes={"th": _ALIGNMENTS, "td": _ALIGNMENTS},
        url_schemes=set(SCHEMES),
        attribute_filter=_without_images_of_others,
    )


@lru_cache(maxsize=64)
def word_count(markdown: str) -> int:
    """Return the number of words that a reader reads; marks, addresses, images do not count."""
    read = (token for token in _flat(parse(markdown)) if token.type != "image")
    return sum(len(_WORD.findall(token.content)) for token in read)


def heading_ids(markdown: str) -> set[str]:
    """Return what a link may name after `#` in this text."""
    return {name for _, name in _named_headings(parse(markdown))}


def linked_files(markdown: str) -> set[str]:
    """Return the files of the course (`media/…`) that a text shows or links to."""
    found = (token.attrGet("href") or token.attrGet("src") for token in _flat(parse(markdown)))
    return {path for address in found if (path := unquote(str(address or ""))).startswith("media/")}


def _flat(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "inline":
            yield from token.children or ()
        else:
            yield token


def _name_headings(tokens: list[Token], prefix: str) -> None:
    for opening, name in _named_headings(tokens):
        opening.attrSet("id", prefix + name)
    for token in tokens:
        if token.tag == "h1":
            token.tag = "h2"


def _named_headings(tokens: list[Token]) -> Iterator[tuple[Token, str]]:
    used: set[str] = set()
    for place, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        text = "".join(child.content for child in tokens[place + 1].children or ())
        stem = _NOT_WORD.sub("-", text.lower()).strip("-") or "section"
        name = stem
        number = 1
        while name in used:
            number += 1
            name = f"{stem}-{number}"
        used.add(name)
        yield token, name


def _adapt(token: Token, files: Mapping[str, str], prefix: str) -> None:
    if token.type == "link_open":
        token.attrSet("href", _lead(str(token.attrGet("href") or ""), files, prefix))
    elif token.type == "image":
        token.attrSet("src", _lead(str(token.attrGet("src") or ""), files, prefix))
        if token.attrGet("title") == DECORATIVE:
            del token.attrs["title"]
    elif token.type in ("th_open", "td_open"):
        _align(token)


def _lead(address: str, files: Mapping[str, str], prefix: str) -> str:
    if address.startswith("#"):
        return f"#{prefix}{address[1:]}"
    return files.get(unquote(address), address)


def _align(cell: Token) -> None:
    if cell.type == "th_open":
        cell.attrSet("scope", "col")
    match = _ALIGN.fullmatch(str(cell.attrs.pop("style", "")))
    if match:
        cell.attrSet("class", f"align-{match[1]}")


def _without_images_of_others(tag: str, attribute: str, value: str) -> str | None:
    if (
        tag == "img"
        and attribute == "src"
        and re.match(r"[a-z][a-z0-9+.-]*:|[/\\]{2}", value, re.I)
    ):
        return None
    return value
