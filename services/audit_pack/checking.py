"""A pack is added up again from its own files before anybody gets it.

By the same script that travels in it, which knows nothing of this program: what it finds in the
rows must equal the totals, and these come from the queries of the screens.
"""

import subprocess
import sys
from pathlib import Path

from config import PROJECT

CHECKER = PROJECT / "tools" / "retotal_audit_pack.py"
LONGEST_S = 900
DIFFERS = "The totals of the pack are not those of the reports; it is built anew. "


class PackDiffers(Exception):
    """The rows of a pack do not add up to what the screens say. The message says where."""


def check(path: Path) -> None:
    """Raises PackDiffers."""
    finished = subprocess.run(  # noqa: S603 - our own script, our own file
        [sys.executable, "-I", str(CHECKER), str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_S,
    )
    if finished.returncode != 0:
        raise PackDiffers(DIFFERS + (finished.stdout + finished.stderr).strip()[:350])
