"""Published text as HTML for templates."""

from markupsafe import Markup

BLOCKS = ("<ul", "<ol", "<table", "<blockquote", "<pre", "<h")


def as_html(published: str) -> Markup:
    """Text that was sanitized when it was published (`course_format.markdown.render`)."""
    return Markup(published)  # noqa: S704 - sanitized at publishing


def has_blocks(html: str) -> bool:
    """Whether HTML holds what a legend may not: lists, tables, quotations, headings."""
    return any(tag in html for tag in BLOCKS)


def as_phrase(html: str) -> Markup:
    """Paragraphs as lines, since a legend holds phrases only."""
    phrase = html.strip().removeprefix("<p>").removesuffix("</p>")
    return as_html(phrase.replace("</p>\n<p>", "<br><br>"))
