"""Mail about agencies: the invitation of one person to one course."""

from dataclasses import dataclass

from domain.agency import NOT_SEEN_BY_AGENCY, SEEN_BY_AGENCY
from domain.enrollment_key import shown_code
from services import mail


@dataclass(frozen=True)
class Invitation:
    """What an invitation says. `last_day` in words, '' where the key has no end."""

    name: str
    email: str
    agency: str
    course: str
    code: str
    last_day: str
    base_url: str

    @property
    def link(self) -> str:
        return f"{self.base_url}/keys/{shown_code(self.code)}"


def send_invitation(invitation: Invitation) -> None:
    """Put an invitation in the outbox: the same words whether or not there is an account."""
    until = f", until the end of {invitation.last_day}" if invitation.last_day else ""
    sees = "".join(f"\n- {line}" for line in SEEN_BY_AGENCY)
    mail.queue(
        invitation.email,
        f"{invitation.agency} invites you to {invitation.course}",
        f"Hello {invitation.name},\n\n"
        f"{invitation.agency} has a seat for you in the course {invitation.course}. You pay"
        f" nothing.\n\n{invitation.link}\n\n"
        f"The link works once{until}. You can use it with an account that you have here, or make"
        f" one. If you are asked for a key, it is {shown_code(invitation.code)}.\n\n"
        f"If you enroll with it, {invitation.agency} can see:{sees}\n\n"
        f"It does not see {NOT_SEEN_BY_AGENCY}.\n\n"
        "If you do not know why you get this, you need not do anything.\n",
    )


def tell_leaver(name: str, email: str, agency: str, course: str, base_url: str) -> None:
    """Tell a learner that the agency has given the seat to somebody else, and what stays."""
    mail.queue(
        email,
        f"Your enrollment in {course} has ended",
        f"Hello {name},\n\n"
        f"{agency} has given your seat in {course} to somebody else, so your access has ended.\n\n"
        "What you have earned stays yours: your time record, the post-tests you passed and your"
        f" certificates are in your account, and {agency} sees them no more.\n\n"
        f"{base_url}/learn\n\n"
        "If this is a mistake, ask your supervisor or write to us.\n",
    )
