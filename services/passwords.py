"""Passwords: argon2id with the OWASP figures, and a check that costs the same for nobody."""

import base64
import hmac
import re
from collections.abc import Sequence

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
SHORTEST = 10
LONGEST = 200
NOBODY = HASHER.hash("nobody has this password")
COMMON = frozenset(
    [
        "password123",
        "password1234",
        "1234567890",
        "12345678910",
        "qwertyuiop",
        "qwerty123456",
        "iloveyou123",
        "letmein1234",
        "welcome123",
        "welcome1234",
        "administrator",
        "passw0rd123",
        "abcdefghij",
        "0123456789",
        "1111111111",
        "0000000000",
        "1q2w3e4r5t",
        "qwertyuiop123",
        "password12345",
        "sunshine123",
        "princess123",
    ]
)

GUESSED = re.compile(
    r"(?:password|passw0rd|qwerty|qwertz|letmein|welcome|iloveyou|admin|administrator|abcdef)"
    r"[\W_]*[0-9]*[\W_]*",
    re.IGNORECASE,
)
"""The most common words with whatever numbers after them."""


def hash_password(password: str, like: str | None = None) -> str:
    """The argon2id hash (t=2, m=19 MiB, p=1: OWASP's figures). About 20 ms of CPU.

    `like` is a hash whose salt is used again (`services.logins` says why).
    """
    return HASHER.hash(password, salt=_salt_of(like) if like else None)


def verify(hashed: str | None, password: str) -> bool:
    """Whether the password matches. None costs the same time and never matches."""
    try:
        return HASHER.verify(hashed or NOBODY, password) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


def list_matching(hashes: Sequence[str], password: str) -> set[str]:
    """Those of some hashes with the same settings that the password matches.

    One hash is computed, whether there are many or none.
    """
    example = hashes[0] if hashes else NOBODY
    hasher = PasswordHasher.from_parameters(extract_parameters(example))
    made = hasher.hash(password, salt=_salt_of(example))
    return {hashed for hashed in hashes if hmac.compare_digest(made, hashed)}


def settings_of(hashed: str) -> str:
    """The algorithm, cost and salt a hash was made with."""
    return hashed.rpartition("$")[0]


def _salt_of(hashed: str) -> bytes:
    salt = settings_of(hashed).rpartition("$")[2]
    return base64.b64decode(salt + "=" * (-len(salt) % 4))


def find_fault(password: str) -> str | None:
    """What is wrong with a chosen password, in words, or None. No composition rules."""
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters. A few words in a row work well."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    if password.casefold() in COMMON or GUESSED.fullmatch(password) or len(set(password)) < 4:
        return "That password is among the first that others would guess. Choose another."
    return None
