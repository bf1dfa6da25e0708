"""The product as served, for a server that is killed: its clock runs fast from a fixed instant.

A learner may send one sign a second; on this clock a second passes in a twentieth.
"""

import os
import time
from datetime import UTC, datetime, timedelta

import clock
from app import create_app

PACE = 20
BEGAN_S = float(os.environ["CONTACT_HOUR_TEST_BEGAN"])


def _now() -> datetime:
    passed = (time.time() - BEGAN_S) * PACE
    return datetime.fromtimestamp(BEGAN_S, UTC) + timedelta(seconds=passed)


clock.now = _now
app = create_app()
