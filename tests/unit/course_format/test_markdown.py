"""Markdown becomes HTML that a browser and HTMX do nothing with but show it."""

import nh3
import pytest

from course_format.markdown import heading_ids, render, word_count

FILES = {f"media/a.{kind}": f"/base/media/a.{kind}" for kind in ("pdf", "png")}

RENDERED = [
    ("a paragraph", "*you* and **you**", "<p><em>you</em> and <strong>you</strong></p>"),
    ("a heading can be linked", "## The First Part", '<h2 id="h-the-first-part">'),
    ("a second one of the same name, too", "## A\n\n## A", '<h2 id="h-a-2">'),
    ("a heading without letters, too", "## 心", '<h2 id="h-section">'),
    ("a link finds the heading", "[a](#the-first-part)", 'href="#h-the-first-part"'),
    ("the page has one h1, its title", "# Big", '<h2 id="h-big">Big</h2>'),
    ("a file of the course is under its base", "[a](media/a.pdf)", 'href="/base/media/a.pdf"'),
    ("so is an image", "![chairs](media/a.png)", '<img src="/base/media/a.png" alt="chairs">'),
    ("a page of the center is not", "[a](/policies/privacy)", 'href="/policies/privacy"'),
    ("an address elsewhere is kept", "[a](https://e.org/)", 'href="https://e.org/"'),
    ("a letter is sent by mail", "[a](mailto:a@e.org)", 'href="mailto:a@e.org"'),
    ("a table has headings", "|a|b|\n|-|-|\n|1|2|", '<th scope="col">a</th>'),
    ("a column is aligned by a class", "|a|\n|-:|\n|1|", '<td class="align-right">1</td>'),
    ("a list may begin later", "3. c\n4. d", '<ol start="3">'),
    ("a decorative image says nothing", '![](media/a.png "decorative")',
     '<img src="/base/media/a.png" alt="">'),
    ("an escape is shown", "\\<b>", "<p>&lt;b&gt;</p>"),
    ("code is shown", "`<b>`", "<code>&lt;b&gt;</code>"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "markdown", "html"), RENDERED)
def test_markdown_is_rendered(why: str, markdown: str, html: str) -> None:
    assert html in render(markdown, FILES), why


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a data-hx-get='/admin' data-hx-trigger=load>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](vbscript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://e.org "\\" onclick=\\"alert(1)")',
    '![x" onerror="alert(1)](media/a.png)',
    '```"><script>alert(1)</script>\ncode\n```',
    "``` onclick=alert(1)\ncode\n```",
    "|a|\n|-|\n|<script>|",
    "<iframe src=//e.org></iframe><style>*{}</style><form action=/x><input>",
    "<!-- <script> -->",
    "<![CDATA[<script>]]>",
    "<svg><script>alert(1)</script></svg>",
    "<details open ontoggle=alert(1)>",
    "&lt;script&gt;",
    "## <script>alert(1)</script>",
    '[a](<media/a.pdf" onclick="alert(1)>)',
]
ELEMENTS = {"p", "a", "img", "pre", "code", "table", "thead", "tbody", "tr", "th", "td", "h2", "em"}


@pytest.mark.parametrize("markdown", ATTACKS)
def test_nothing_acts(markdown: str) -> None:
    html = render(markdown, FILES)
    kept = {"a": {"href", "title", "rel"}, "img": {"src", "alt", "title"}, "h2": {"id"}}
    harmless = nh3.clean(
        html, tags=ELEMENTS, attributes={**kept, "th": {"scope"}}, link_rel=None,
        url_schemes={"https", "mailto"},
    )  # fmt: skip
    assert html == harmless
    for sign in (
        "<script",
        "<iframe",
        "<svg",
        "<form",
        "<style",
        "<details",
        'onclick="',
        'src="d',
    ):
        assert sign not in html


def test_no_image_of_another_host_is_loaded() -> None:
    for address in ("https://e.org/a.png", "//e.org/a.png", "http://e.org/a.png"):
        assert "e.org" not in render(f"![x]({address})")


def test_no_attribute_begins_with_data() -> None:
    """With a `data-` prefix allowed, `data-hx-get` would survive (quality.md §3.1)."""
    assert "data-" not in render('<b data-hx-get="/x">a</b>').replace("&lt;b data-", "")


COUNTED = [
    ("nothing", "", 0),
    ("words in all blocks", "## Two words\n\n- one\n- two\n\n> three\n\n|a|b|\n|-|-|\n|c|d|", 9),
    ("marks are no words", "**bold** *it* --- `code`", 3),
    ("a contraction is one word", "don't can’t well-known 3.5", 4),
    ("an address is no word", "[three words here](https://example.org/a/b/c)", 3),
    ("an image's alternative is not read", "one ![two three](media/a.png)", 1),
]


@pytest.mark.parametrize(("why", "markdown", "number"), COUNTED)
def test_words_are_counted(why: str, markdown: str, number: int) -> None:
    assert word_count(markdown) == number, why


def test_headings_that_can_be_linked() -> None:
    assert heading_ids("## A b\n\n### A b\n\ntext") == {"a-b", "a-b-2"}
