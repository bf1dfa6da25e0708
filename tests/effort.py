"""How hard the tests try: small counts in `make test`, full ones in `make prove`."""

import os


def examples(*, quick: int, full: int) -> int:
    """The count of this run."""
    return full if os.environ.get("CONTACT_HOUR_PROVE") == "full" else quick
