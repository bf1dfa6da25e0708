"""Handouts: Markdown as an accessible PDF (PDF/UA-1: language, title, tags, embedded fonts)."""

import re
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from media.sheet import HERE, write_pdf


def write_handout(source: Path, file: Path) -> None:
    """Draw a handout; ValueError without its title and language, which PDF/UA requires."""
    _, front_matter, body = source.read_text(encoding="utf-8").split("---\n", 2)
    facts = YAML(typ="safe", pure=True).load(front_matter)
    if not facts.get("title") or not facts.get("language"):
        raise ValueError(f"{source.name} needs a title and a language.")
    head = f'<h1>{escape(facts["title"])}</h1><p class="subtitle">{escape(facts["subtitle"])}</p>'
    text = MarkdownIt("commonmark", {"typographer": True}).enable(["table", "smartquotes"])
    content = _name_headers(text.render(body))
    write_pdf(
        f'{head}<div class="rule"></div>{content}',
        facts["title"],
        HERE / "handout.css",
        file,
        facts["language"],
        pdf_variant="pdf/ua-1",
    )


def _name_headers(html: str) -> str:
    """Make the first cell of each row of a table the row's header, as a reader would."""
    columns = html.replace("<th>", '<th scope="col">')
    return re.sub(r"<tr>\n<td>(.*)</td>", r'<tr>\n<th scope="row">\1</th>', columns)
