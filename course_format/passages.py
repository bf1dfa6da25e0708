"""Checks of Markdown: headings, links, images, tables, and HTML, which is never rendered."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from urllib.parse import unquote

from markdown_it.token import Token

from course_format.faults import did_you_mean
from course_format.files import MAX_PAGE_BYTES
from course_format.markdown import DECORATIVE, SCHEMES, heading_ids, make_parser
from course_format.reading import Passage, Reading

IMAGE_SUFFIXES = (".webp", ".png", ".jpg", ".jpeg")
MAX_FAULTS_OF_A_PASSAGE = 50
WEB_SCHEMES = ("http", "https")
VAGUE_LINKS = frozenset({"here", "click here", "this", "this link", "link", "more", "read more"})

_HTML = re.compile(r"<(?:!--|/?[a-z][a-z0-9-]*(?:\s[^<>]*)?/?>)", re.IGNORECASE)
_SCHEME = re.compile(r"(?P<name>[a-z][a-z0-9+.-]*):", re.IGNORECASE)
_WEB = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]+)?(?:[/?#].*)?", re.IGNORECASE)
_WHERE_LINKS_LEAD = "Links lead to https://, mailto:, tel: or a file of the course."
_SCRIPT_LINK = re.compile(r"\]\(\s*<?\s*(?:javascript|vbscript|data|file):", re.IGNORECASE)
_FILE_NAME = re.compile(r"\S+\.(?:webp|png|jpe?g|gif|svg)", re.IGNORECASE)


def check_passages(reading: Reading) -> None:
    """Report what is wrong with every piece of Markdown that was read."""
    for passage in reading.passages:
        if len(passage.text) > MAX_PAGE_BYTES:
            reading.report.error(passage.path, passage.line, "This text is too long.")
            continue
        _PassageCheck(passage, reading).run()


_parser = make_parser().disable("text_join")
"""Keeps what was escaped apart from what was written as it is."""


class _PassageCheck:
    def __init__(self, passage: Passage, reading: Reading) -> None:
        self.passage = passage
        self.reading = reading
        self.tokens = _parser.parse(passage.text)
        self.said = 0
        self.media = frozenset(path for path in reading.files if path.startswith("media/"))

    def run(self) -> None:
        self._check_headings()
        self._check_tables()
        for token, line in _inline(self.tokens, self.passage.line):
            if self.said > MAX_FAULTS_OF_A_PASSAGE:
                return
            self._check_html(_plain_text(token.children or []), line)
            self._check_false_heading(token, line)
            self._check_children(token.children or [], line)

    def _error(self, line: int, message: str) -> None:
        self.said += 1
        self.reading.report.error(self.passage.path, line, message)

    def _warn(self, line: int, message: str) -> None:
        self.reading.report.warn(self.passage.path, line, message)

    @cached_property
    def headings(self) -> set[str]:
        """What a link of this passage may name after `#`."""
        return heading_ids(self.passage.text) if self.passage.deepest_first else set()

    def _check_headings(self) -> None:
        above = max(1, self.passage.deepest_first - 1)
        for place, token in enumerate(self.tokens):
            if token.type != "heading_open":
                continue
            line = self.passage.line + (token.map or [0])[0]
            level = int(token.tag[1:])
            if not self.passage.deepest_first:
                self._error(line, "There can be no heading here.")
            elif level == 1:
                self._error(line, "The title is the only heading of level 1; begin with “##”.")
            elif level > above + 1:
                self._error(line, f"A heading of level {level} cannot follow one of level {above}.")
            if not self.tokens[place + 1].content.strip():
                self._error(line, "This heading is empty.")
            above = level

    def _check_tables(self) -> None:
        line = self.passage.line
        for place, token in enumerate(self.tokens):
            line = self.passage.line + token.map[0] if token.map else line
            if token.type == "th_open" and not self.tokens[place + 1].content.strip():
                self._warn(line, "A column of this table has no heading.")

    def _check_html(self, text: str, line: int) -> None:
        for match in _HTML.finditer(text):
            place = line + text.count("\n", 0, match.start())
            self._error(place, f"HTML is not part of the format: {match.group()[:40]}")
        for match in _SCRIPT_LINK.finditer(text):
            place = line + text.count("\n", 0, match.start())
            self._error(place, _WHERE_LINKS_LEAD)

    def _check_false_heading(self, token: Token, line: int) -> None:
        kinds = [child.type for child in token.children or [] if child.content or child.nesting]
        is_bold = kinds[:1] == ["strong_open"] and kinds[-1:] == ["strong_close"]
        if (
            self.passage.deepest_first
            and token.level == 1
            and is_bold
            and kinds.count("strong_open") == 1
        ):
            self._warn(line, "A line in bold is not a heading. Use “##”, or join it to the text.")

    def _check_children(self, children: list[Token], line: int) -> None:
        for place, child in enumerate(children):
            if self.said > MAX_FAULTS_OF_A_PASSAGE:
                return
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            elif child.type == "image":
                self._check_image(child, line)
            elif child.type == "link_open":
                self._check_link(str(child.attrGet("href") or ""), line)
                self._check_link_text(_link_text(children, place + 1), line)

    def _check_image(self, image: Token, line: int) -> None:
        alternative = image.content.strip()
        if not alternative and image.attrGet("title") != DECORATIVE:
            message = (
                "This image has no text alternative. Write what it shows: ![what it shows](…), "
                f'or ![](… "{DECORATIVE}") where it shows nothing.'
            )
            self._error(line, message)
        elif _FILE_NAME.fullmatch(alternative):
            self._error(line, "The name of a file is no text alternative.")
        address = unquote(str(image.attrGet("src") or ""))
        if self._is_course_file(address, line) and not address.endswith(IMAGE_SUFFIXES):
            self._error(line, f"An image is a file of type {', '.join(IMAGE_SUFFIXES)}.")

    def _check_link(self, address: str, line: int) -> None:
        if address.startswith("#"):
            self._check_fragment(unquote(address[1:]), line)
            return
        scheme = _SCHEME.match(address)
        if scheme and scheme["name"].lower() not in SCHEMES:
            self._error(line, _WHERE_LINKS_LEAD)
        elif scheme and scheme["name"].lower() in WEB_SCHEMES and not _WEB.fullmatch(address):
            self._error(line, f"“{address}” is not a whole address.")
        elif address.startswith("//"):
            self._error(line, "Begin the address with https://.")
        elif not scheme and not address.startswith("/"):
            self._is_course_file(unquote(address), line)

    def _check_fragment(self, name: str, line: int) -> None:
        if name not in self.headings:
            hint = did_you_mean(name, self.headings)
            self._error(line, f"There is no heading “#{name}” on this page.{hint}")

    def _check_link_text(self, text: str, line: int) -> None:
        if not text:
            self._error(line, "This link has no text.")
        elif text.casefold().strip(" .") in VAGUE_LINKS:
            self._warn(line, f"“{text}” does not say where the link leads.")

    def _is_course_file(self, address: str, line: int) -> bool:
        if address in self.media:
            self.reading.linked.add(address)
            return True
        hint = did_you_mean(address, self.media)
        self._error(line, f"There is no file “{address}” in the course's media.{hint}")
        return False


def _inline(tokens: Iterable[Token], first_line: int) -> Iterator[tuple[Token, int]]:
    line = first_line
    for token in tokens:
        if token.map:
            line = first_line + token.map[0]
        if token.type == "inline":
            yield token, line


def _plain_text(children: list[Token]) -> str:
    """The text outside code and escapes, with its line ends."""
    texts = {"text": None, "softbreak": "\n", "hardbreak": "\n"}
    return "".join(texts.get(child.type, " ") or child.content for child in children)


def _link_text(children: list[Token], first: int) -> str:
    texts: list[str] = []
    while children[first].type != "link_close":
        texts.append(children[first].content)
        first += 1
    return "".join(texts).strip()
