"""Who a person is to the product: normal forms of addresses, the identity a request acts under."""

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """The logged-in person of a request, read once from the session row.

    `email_confirmed` says whether the person has shown that the address is theirs.
    """

    person_id: int
    session_id: int
    name: str
    email: str
    email_confirmed: bool
    time_zone: str
    is_instructor: bool
    is_administrator: bool


def normal_email(address: str) -> str:
    """The one form under which an address is stored and compared.

    Compatibility forms are unified (NFKC), case is folded and surrounding space removed, so
    that look-alikes of an address in other code points are the same address.
    """
    return unicodedata.normalize("NFKC", address).strip().casefold()


def tidy_name(name: str) -> str:
    """A name as typed, with control characters removed and runs of space made one."""
    visible = "".join(c if unicodedata.category(c) not in ("Cc", "Cs") else " " for c in name)
    return unicodedata.normalize("NFC", " ".join(visible.split()))
