"""The address of the next step on the learner's path."""

from blueprints.links import address
from domain.path import Step
from models import Certificate


def step_url(slug: str, step: Step, certificate: Certificate | None) -> str:
    """Where a step is done."""
    match step.kind:
        case "item" | "time":
            return address(
                "player.show_item", slug=slug, unit=step.unit_number, item=step.item_slug
            )
        case "post-test" | "no-attempts":
            return address("post_tests.show_post_test", slug=slug, unit=step.unit_number)
        case "attempt":
            return address("post_tests.show_review", attempt_id=step.attempt_id)
        case "evaluation":
            return address("evaluation.show_evaluation", slug=slug)
        case "certificate" if certificate is not None:
            return address("certificates.show_certificate", number=certificate.number)
        case _:
            return address("certificates.show_completion", slug=slug)
