"""Who a person is to the product: normal forms of addresses, the identity a request acts under."""

import unicodedata
from dataclasses import dataclass

from domain import names


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
    manages_agency: bool = False


def normal_email(address: str) -> str:
    """The one form under which an address is stored and compared.

    Compatibility forms are unified (NFKC), case is folded and surrounding space removed, so
    that look-alikes of an address in other code points are the same address. Folding can leave
    characters that NFKC changes again; what comes out is the same when it is put in again.
    """
    folded = unicodedata.normalize("NFKC", address).casefold()
    return unicodedata.normalize("NFKC", folded).casefold().strip()


def tidy_name(name: str) -> str:
    """A name as typed, without what nobody sees (`domain.names`)."""
    return names.tidy(name)
