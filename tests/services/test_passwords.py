"""How the product itself hashes; the other tests hash cheaply (`tests.conftest`)."""

import runpy

from argon2 import Type

from services import passwords


def test_passwords_are_hashed_with_the_figures_of_owasp() -> None:
    """argon2id with 19 MiB, two passes, one lane: OWASP's Password Storage Cheat Sheet."""
    found = runpy.run_path(passwords.__file__)
    hasher = found["HASHER"]
    assert hasher.type is Type.ID
    assert (hasher.memory_cost, hasher.time_cost, hasher.parallelism) == (19 * 1024, 2, 1)
    assert found["NOBODY"].startswith("$argon2id$v=19$m=19456,t=2,p=1$"), "no cheaper for nobody"
