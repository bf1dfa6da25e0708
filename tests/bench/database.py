"""The bare database: one connection, one row written and committed at a time."""

import sqlite3
import tempfile
import time
from pathlib import Path

from tests.bench.load import Figure

SECONDS = 3.0


def measure_database() -> Figure:
    """Upserts as the product's, each committed as durably, without framework or network."""
    with tempfile.TemporaryDirectory(prefix="contact-hour-floor-") as folder:
        connection = sqlite3.connect(Path(folder) / "floor.sqlite3", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE answer (id INTEGER PRIMARY KEY, response, revision)")
        times = _write(connection)
        connection.close()
    ordered = sorted(times)
    return Figure(
        name="bare database write",
        per_second=len(times) / sum(times),
        cpu_ms=0.0,
        p50_ms=_at(ordered, 50),
        p95_ms=_at(ordered, 95),
        p99_ms=_at(ordered, 99),
        errors=0,
    )


def _write(connection: sqlite3.Connection) -> list[float]:
    times: list[float] = []
    end = time.perf_counter() + SECONDS
    while (began := time.perf_counter()) < end:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "INSERT INTO answer VALUES (?, ?, 1) ON CONFLICT (id)"
            " DO UPDATE SET response = excluded.response, revision = revision + 1",
            (len(times) % 1500, '{"chosen": [1]}'),
        )
        connection.execute("COMMIT")
        times.append(time.perf_counter() - began)
    return times


def _at(ordered: list[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000
