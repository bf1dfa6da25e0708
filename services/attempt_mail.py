"""Mail about attempts: more of them granted, or one graded again."""

from domain.outline import Outline
from models import Person
from services import mail


def send_attempts_granted(
    learner: Person, outline: Outline, test: str, attempts: int, link: str
) -> None:
    """Tell a learner that a post-test may be taken again; why, stays with the administrator."""
    again = "once more" if attempts == 1 else f"{attempts} more times"
    mail.queue(
        learner.email,
        f"You may take {test} again",
        f"Hello {learner.name_on_license},\n\n"
        f"you may take {test} in {outline.title} {again}:\n\n{link}\n",
    )


def send_graded_again(
    learner: Person, outline: Outline, test: str, reason: str, outcome: str, link: str
) -> None:
    """Tell a learner that a void question has changed a grade, why, and what it comes to."""
    mail.queue(
        learner.email,
        f"{test} has been graded again",
        f"Hello {learner.name_on_license},\n\n"
        f"a question of {test} in {outline.title} no longer counts: {reason}\n\n"
        f"Everyone gets full credit for it. {outcome}\n\n{link}\n",
    )
