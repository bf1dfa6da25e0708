"""Whether a name can be printed: shaped with the fonts of the certificates, in a process apart.

Character maps alone would refuse joiners and pass what no font can set together; only drawing
tells. A process that fails tells nothing, and nothing then stands in the way of the person.
"""

import logging
import re
from functools import lru_cache

from services.pdf.drawing_process import DrawingFailed, DrawingProcess

LOG = logging.getLogger("contact_hour.certificates")
LONGEST_CHECK_S = 10.0
_MISSING = re.compile(r"U\+([0-9A-F]{4,6})")
_process = DrawingProcess(LONGEST_CHECK_S)


class _Unknown(Exception):
    """The check could not be made this time."""


def find_missing(text: str) -> str:
    """The characters that the fonts cannot print, each once; '' if all can be printed.

    Plain ASCII needs no look: every font has it. Not to be called inside a write transaction.
    """
    if text.isascii():
        return ""
    try:
        return _drawn(text)
    except _Unknown:
        return ""


@lru_cache(maxsize=4096)
def _drawn(text: str) -> str:
    try:
        _process.draw("name", {"name": text})
    except DrawingFailed as failure:
        found = _MISSING.findall(str(failure))
        if not found:
            LOG.warning("a name could not be checked: %s", failure)
            raise _Unknown from failure
        return "".join(dict.fromkeys(chr(int(code, 16)) for code in found))
    return ""
