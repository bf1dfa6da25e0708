"""The printed day of completions at 23:59 and 00:01, whatever the zone of the server's clock."""

import os
import subprocess
import sys

import pytest

from config import PROJECT

CASES = """
from datetime import UTC, datetime
from domain.completion import printed_date
from services.certificate_facts import day
ZONE = "America/New_York"
MOMENTS = (
    ("2026-03-08T04:59", "March 7, 2026"), ("2026-03-08T05:01", "March 8, 2026"),
    ("2026-03-09T03:59", "March 8, 2026"), ("2026-03-09T04:01", "March 9, 2026"),
    ("2026-11-01T03:59", "October 31, 2026"), ("2026-11-01T04:01", "November 1, 2026"),
    ("2026-11-02T04:59", "November 1, 2026"), ("2026-11-02T05:01", "November 2, 2026"),
)
for text, expected in MOMENTS:
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    found = day(printed_date(moment, ZONE))
    assert found == expected, (text, found)
    local = moment.astimezone()
    assert day(printed_date(local, ZONE)) == expected, (text, local)
import clock
assert clock.now().utcoffset().total_seconds() == 0
print("all", len(MOMENTS))
"""
"""Around both nights on which the clocks of the provider change."""


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Kolkata", "Pacific/Kiritimati"])
def test_the_day_is_the_providers_on_a_server_in_any_zone(zone: str) -> None:
    finished = subprocess.run(
        [sys.executable, "-c", CASES],
        cwd=PROJECT,
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.strip() == "all 8"
