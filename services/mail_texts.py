"""The words of every mail. Plain text; no link does anything by itself when it is opened."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MailText:
    subject: str
    body: str


def confirm_email(link: str) -> MailText:
    return MailText(
        "Please confirm your e-mail address",
        "Hello,\n\n"
        "an account at our learning center was made with this address. Please confirm that it is"
        f" yours:\n\n{link}\n\n"
        "The link works for 7 days. Where you are not logged in, you are asked for the password of"
        " the account. You can start studying before you confirm.\n\n"
        "If you already have an account with this address, go on using that one. If you did not"
        " make an account, you need not do anything: it cannot be confirmed without you, and is"
        " deleted after 30 days if it is never used.\n",
    )


def password_reset(link: str) -> MailText:
    return MailText(
        "Choose a new password",
        "Hello,\n\n"
        f"here you can choose a new password:\n\n{link}\n\n"
        "The link works once, for one hour. If you did not ask for it, you need not do anything:"
        " your password stays as it is.\n",
    )


def invited_by_center(name: str, center: str, course: str, link: str) -> MailText:
    return MailText(
        f"You are enrolled in {course}",
        f"Hello {name},\n\n{center} has made an account for you and enrolled you in {course}."
        f" Choose a password here, then log in and begin:\n\n{link}\n\n"
        "The link works once, for 14 days. After that, follow “Choose a new password” on the page"
        " where one logs in. If you do not expect this, you need not do anything.\n",
    )


def enrolled_by_center(name: str, center: str, course: str, link: str) -> MailText:
    return MailText(
        f"You are enrolled in {course}",
        f"Hello {name},\n\n{center} has enrolled you in {course}. Begin whenever you like:"
        f"\n\n{link}\n",
    )


def problem_reported(kind: str, link: str) -> MailText:
    return MailText(
        f"{kind} reported", f"Hello,\n\nsomebody has written to the center:\n\n{link}\n"
    )


def problem_answered(kind: str, center: str, answer: str) -> MailText:
    return MailText(
        f"Your report to {center}",
        f"Hello,\n\n{center} has looked into what you reported ({kind.lower()}):\n\n{answer}\n\n"
        "If this does not settle it, report it again, or answer to the address of the center.\n",
    )


def question_received(name: str, course: str, due: str, link: str) -> MailText:
    return MailText(
        f"A learner's question in {course}",
        f"Hello {name},\n\na learner has written to you in {course}. An answer is expected by"
        f" {due}.\n\n{link}\n",
    )


def question_waits(name: str, course: str, due: str, left: str, link: str) -> MailText:
    """`left`: 'due in 4 hours' or 'overdue by 2 hours'."""
    return MailText(
        f"A learner's question in {course} is {left}",
        f"Hello {name},\n\na learner's question in {course} still waits. An answer was promised by"
        f" {due}.\n\n{link}\n",
    )


def question_answered(name: str, course: str, link: str) -> MailText:
    return MailText(
        f"Your question in {course} has been answered",
        f"Hello {name},\n\nthe instructor has answered your question in {course}:\n\n{link}\n",
    )


def certificate_replaced(name: str, course: str, link: str) -> MailText:
    return MailText(
        f"A new certificate for {course}",
        f"Hello {name},\n\na new certificate for {course} replaces the one you had. The old one is"
        " marked as replaced, and its code leads to the new one. If you have given the old one to"
        f" a board, send it the new one:\n\n{link}\n",
    )


def certificate_revoked(name: str, course: str, number: str, reason: str) -> MailText:
    return MailText(
        f"Your certificate for {course} has been revoked",
        f"Hello {name},\n\nyour certificate {number} for {course} has been revoked, because"
        f" {reason}. It does not count any more, and whoever checks its code is told so."
        " If you think that this is wrong, answer this mail.\n",
    )


def certificate_issued(name: str, course: str, link: str) -> MailText:
    return MailText(
        f"Your certificate for {course}",
        f"Hello {name},\n\nyour certificate for {course} has been issued. You can see, print and"
        f" download it at any time:\n\n{link}\n",
    )


def accommodation_asked(link: str) -> MailText:
    """Names nobody and says nothing of the reason: mail is not private enough for either."""
    return MailText(
        "A learner asks for an accommodation",
        f"Hello,\n\na learner asks for an accommodation. What they ask for is here:\n\n{link}\n",
    )


def accommodation_decided(name: str, link: str) -> MailText:
    return MailText(
        "We have answered your request",
        f"Hello {name},\n\nwe have answered the request you made on your account page:\n\n{link}\n",
    )


def correction_decided(name: str, course: str, link: str) -> MailText:
    return MailText(
        f"Your request about the time record of {course}",
        f"Hello {name},\n\nwe have decided on the correction you asked for in the time record of"
        f" {course}. The decision and its reason are here:\n\n{link}\n",
    )


def may_review(course: str, until: str, link: str) -> MailText:
    return MailText(
        f"You may review {course}",
        f"Hello,\n\nyou may walk through the course {course} until {until}: every item, every"
        " post-test with its key and rationales, the evaluation and a sample certificate. Nothing"
        f" you open is counted.\n\n{link}\n\n"
        "Log in with this address, or create an account with it and confirm it by the link we"
        " mail you then.\n",
    )


def access_extended(name: str, course: str, until: str, link: str) -> MailText:
    return MailText(
        f"You have more time for {course}",
        f"Hello {name},\n\nyour access to {course} has been extended. It now lasts until {until}."
        f" Go on whenever you like:\n\n{link}\n",
    )


def enrollment_ended(name: str, course: str, center: str) -> MailText:
    return MailText(
        f"Your enrollment in {course} has ended",
        f"Hello {name},\n\n{center} has ended your enrollment in {course}. You cannot go on with"
        " it; what was recorded in it stays, and certificates you have do not change."
        " If you think that this is wrong, answer this mail.\n",
    )


def account_corrected(name: str, center: str, link: str) -> MailText:
    return MailText(
        "Your account was corrected",
        f"Hello {name},\n\n{center} has corrected your name or your time zone. Please look whether"
        f" they are right now; you can change them there yourself:\n\n{link}\n\n"
        "Certificates already issued do not change by it. If you did not expect this, answer this"
        " mail.\n",
    )
