"""Variants of a certificate's document: wording for one license, on one paper.

A variant is another document of the same certificate, never another certificate: its number, code,
hours and dates are the same. 'standard' is the document for all licenses on letter paper.
"""

from typing import Any

from domain.outline import Outline
from models import Approval
from services import statements
from services.provider import ProviderFacts
from services.provider_look import PAPERS

STANDARD = "standard"
A4 = "-a4"


def list_wordings(
    granting: list[tuple[Approval, dict[str, Any]]], outline: Outline, provider: ProviderFacts
) -> list[dict[str, str]]:
    """The statements that differ by license: for whom, under which line, and what they say.

    An empty jurisdiction means all of them.
    """
    return [
        {
            "line": approval.line,
            "profession": wording["profession"],
            "jurisdiction": wording["jurisdiction"],
            "statement": statements.statement(
                approval,
                granted["hours"],
                outline.title,
                provider.legal_name,
                wording["statement"],
            ),
        }
        for approval, granted in granting
        for wording in approval.wordings or []
    ]


def list_variants(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """The names of a certificate's documents on letter paper, each with words for people."""
    found = [(STANDARD, "All licenses" if facts["licenses"] else "Certificate")]
    for number, one in enumerate(facts["licenses"], start=1):
        if _wordings_for(facts, one):
            found.append((f"license-{number}", f"{one['profession']}, {one['jurisdiction']}"))
    return found


def list_documents(facts: dict[str, Any]) -> list[str]:
    """The names of all documents, on every paper."""
    return [name_of(variant, paper) for variant, _ in list_variants(facts) for paper in PAPERS]


def name_of(variant: str, paper: str) -> str:
    """The name of a variant's document on a paper."""
    return variant + (A4 if paper == "a4" else "")


def paper_of(document: str) -> str:
    """The paper of a document, by its name."""
    return "a4" if document.endswith(A4) else "letter"


def facts_of(facts: dict[str, Any], document: str) -> dict[str, Any]:
    """The facts that a document prints: for one license, in the wording of that license."""
    variant = document.removesuffix(A4)
    if variant == STANDARD:
        return facts
    one = facts["licenses"][int(variant.removeprefix("license-")) - 1]
    wordings = {w["line"]: w["statement"] for w in _wordings_for(facts, one)}
    credits = [
        {**c, "statement": wordings.get(c["line"], c["statement"])} for c in facts["credits"]
    ]
    return {**facts, "licenses": [one], "credits": credits}


def _wordings_for(facts: dict[str, Any], one: dict[str, str]) -> list[dict[str, str]]:
    """The wordings for a license, that of its own jurisdiction last so that it wins."""
    fitting = [
        wording
        for wording in facts.get("wordings", [])
        if wording["profession"] == one["profession"]
        and wording["jurisdiction"] in ("", one["jurisdiction"])
    ]
    return sorted(fitting, key=lambda wording: wording["jurisdiction"] != "")
