"""What the ways of writing signs of presence together have in common."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

GIVEN = ("person", "view", "kind", "seq", "earliest", "now", "final", "token_hash")
"""What is given of a sign; of its session, the token's hash."""
Grown = tuple[int, datetime, datetime]
"""An interval's number, its start and its end."""
Signs = Mapping[int, Mapping[str, Any]]
"""What is given of each person's sign."""
