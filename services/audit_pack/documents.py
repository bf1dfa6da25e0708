"""The documents of a pack that people read: its index and the course pages, as HTML and PDF."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from domain.outline import Outline
from domain.wording import money

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "pdf"
INDEX = "audit_pack"
COURSE_PAGE = "audit_course_page"


def course_page(outline: Outline, provider: str) -> bytes:
    """The course page of an edition as one HTML file without links to anywhere else."""
    facts = outline.facts
    return _render(
        COURSE_PAGE,
        {
            "provider": provider,
            "title": outline.title,
            "edition": outline.edition_number,
            "revision": outline.revision,
            "code": outline.code,
            "summary": outline.summary,
            "about": Markup(outline.about_html),  # noqa: S704 - made by course_format.markdown
            "facts": [
                ("Minutes", str(outline.minutes)),
                ("Price", money(outline.price_cents, outline.currency)),
                ("Pass mark of post-tests", f"{outline.pass_mark} %"),
                ("Attempts allowed", str(outline.attempts_allowed)),
                ("Access", f"{outline.access_days} days"),
                ("Released", outline.released.isoformat()),
                ("Offered until", outline.expires.isoformat()),
                ("Level", facts["level"]),
                ("For", facts["audience"]),
                ("Format", facts["format"]),
                ("Conflicts of interest", facts["conflicts"]),
                ("Commercial support", facts["commercial_support"]),
                ("What you need", facts["system_requirements"]),
                ("Content notes", facts["content_notes"]),
                ("Not accepted in", facts["not_accepted_in"]),
                ("Lines of approvals", ", ".join(facts["approvals"]) or "None"),
            ],
            "objectives": list(outline.objectives),
            "units": [
                (f"{unit.number}. {unit.title}", unit.minutes, [_item(i) for i in unit.items])
                for unit in outline.units
            ],
            "instructors": facts["instructors"],
            "references": facts["references"],
        },
    )


def index_page(facts: dict[str, Any]) -> bytes:
    """The index as HTML, from the same facts as its PDF."""
    return _render(INDEX, {**facts, "style": style()})


def style() -> Markup:
    """The stylesheet of documents that are read in a browser."""
    return Markup((TEMPLATES / "audit_page.css").read_text(encoding="utf-8"))  # noqa: S704 - ours


def _item(item: Any) -> str:
    needed = "" if item.required else ", not required"
    return f"{item.title} ({item.kind}, {item.minutes} min{needed})"


def _render(template: str, facts: dict[str, Any]) -> bytes:
    page = _environment().get_template(f"{template}.html")
    return page.render(facts={"style": style(), **facts}).encode()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
