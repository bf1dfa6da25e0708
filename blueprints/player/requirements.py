"""The requirements of the certificate as rows of the course home, each with its next link."""

from collections.abc import Iterable
from typing import Any

from blueprints.links import address
from domain import wording
from domain.completion import Requirement
from services.enrollments import Study

ACTIONS = {
    "items": "Go to the items",
    "post-test": "Go to the post-test",
    "time": "See my time record",
    "evaluation": "Evaluate the course",
    "attestation": "Confirm and attest",
}


def requirement_rows(study: Study, found: Iterable[Requirement], zone: str) -> list[dict[str, str]]:
    """Rows as `components/requirements.html` takes them."""
    return [_row(study, requirement, zone) for requirement in found]


def _row(study: Study, requirement: Requirement, zone: str) -> dict[str, str]:
    evidence = requirement.evidence
    if requirement.met_at is not None:
        evidence = f"{evidence}; {wording.local(requirement.met_at, zone)}"
    can_act = requirement.is_open and not requirement.met
    return {
        "title": requirement.title,
        "state": "done" if requirement.met else "open" if requirement.is_open else "waiting",
        "status": _status(requirement),
        "evidence": evidence,
        "href": _href(study, requirement) if can_act else "",
        "action": ACTIONS[requirement.kind] if can_act else "",
    }


def _status(requirement: Requirement) -> str:
    if requirement.met:
        return "Met"
    return "Not yet" if requirement.is_open else "Cannot start yet"


def _href(study: Study, requirement: Requirement) -> str:
    slug = study.outline.slug
    values: dict[str, Any] = {"slug": slug}
    match requirement.kind:
        case "items":
            unit = study.outline.find_unit(requirement.unit_number or 0)
            item = unit.items[0] if unit else None
            values |= {"unit": requirement.unit_number, "item": item.slug if item else ""}
            return address("player.show_item", **values)
        case "post-test":
            return address("post_tests.show_post_test", unit=requirement.unit_number, **values)
        case "time":
            return address("player.show_time", **values)
        case "evaluation":
            return address("evaluation.show_evaluation", **values)
        case _:
            return address("certificates.show_completion", **values)
