"""Load by wrk: requests per second, latencies, errors, CPU per request."""

import itertools
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.server import Server

CONNECTIONS = 24
"""Half as many again as there are threads in two workers, so that none of them has to wait."""
SECONDS = 8
WARM_UP_S = 2
RUNS = itertools.count(1)
"""Each run's numbers are higher than those of the run before, in a million."""
BETWEEN_RUNS_S = 1.1
"""Each run begins with the same learners: nobody sends two signs in one second."""


@dataclass(frozen=True)
class Figure:
    """What one kind of request came to."""

    name: str
    per_second: float
    cpu_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    errors: int


def measure(server: Server, name: str, script: str, seconds: int = SECONDS) -> Figure:
    """Run wrk with a Lua script after a short warm-up."""
    _wrk(server.url, _numbered(script), WARM_UP_S)
    time.sleep(BETWEEN_RUNS_S)
    before = sum(server.cpu_seconds().values())
    out = _wrk(server.url, _numbered(script), seconds)
    return _figure(name, out, sum(server.cpu_seconds().values()) - before)


def _numbered(script: str) -> str:
    return script.replace("@FIRST@", f"{next(RUNS)}000000")


def _figure(name: str, out: str, cpu_s: float) -> Figure:
    requests = int(_find(r"(\d+) requests in", out))
    return Figure(
        name=name,
        per_second=float(_find(r"Requests/sec:\s+([\d.]+)", out)),
        cpu_ms=cpu_s * 1000 / max(requests, 1),
        p50_ms=_ms(_find(r"50%\s+([\d.]+\w+)", out)),
        p95_ms=float(_find(r"P95 ([\d.]+)", out)),
        p99_ms=_ms(_find(r"99%\s+([\d.]+\w+)", out)),
        errors=int(_find(r"ERRORS (\d+)", out)),
    )


def get(path: str, cookie: str = "") -> str:
    """A script that gets one page."""
    header = f'wrk.headers["Cookie"] = "{cookie}"\n' if cookie else ""
    return header + f'wrk.path = "{path}"\n' + COUNT_ERRORS


def post_in_turn(requests: list[tuple[str, str, str]]) -> str:
    """A script that posts (path, cookie, body) in turn; `%d` in a body is a rising number."""
    lines = ",\n".join(f"{{ {p!r}, {c!r}, {b!r} }}" for p, c, b in requests)
    return IN_TURN.replace("@REQUESTS@", lines) + COUNT_ERRORS


COUNT_ERRORS = """
local threads = {}
function setup(thread) table.insert(threads, thread) end
function response(status, headers, body)
  if status >= 400 then bad = (bad or 0) + 1 end
end
function done(summary, latency, requests)
  local total = summary.errors.connect + summary.errors.read + summary.errors.timeout
  for _, thread in ipairs(threads) do total = total + (thread:get("bad") or 0) end
  print("ERRORS " .. total)
  print("P95 " .. latency:percentile(95) / 1000)
end
"""
IN_TURN = """
local requests = { @REQUESTS@ }
local place = 0
local number = @FIRST@
function request()
  place = place % #requests + 1
  number = number + 1
  local one = requests[place]
  local body = string.gsub(one[3], "%%d", tostring(number))
  local headers = { ["Cookie"] = one[2], ["Content-Type"] = "application/x-www-form-urlencoded" }
  return wrk.format("POST", one[1], headers, body)
end
"""


def _wrk(url: str, script: str, seconds: int) -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
        finished = subprocess.run(
            [*command, "-s", str(Path(file.name)), url], capture_output=True, text=True, check=True
        )
    return finished.stdout


def _find(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"wrk said something unexpected:\n{text}")
    return found[1]


def _ms(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]
