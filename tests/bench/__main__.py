"""Prints, in one run on one server: rates and costs of the main requests, and how costs grow."""

import tempfile
from pathlib import Path
from statistics import median

from tests.bench import bare, certificates
from tests.bench.cast import Cast, prepare
from tests.bench.database import measure_database
from tests.bench.load import Figure, get, measure, post_in_turn
from tests.bench.many_courses import compare_catalogues
from tests.bench.panel import compare_panels
from tests.bench.server import serve
from tests.bench.signs import compare_signs

LEARNERS = 1500
PAIRS = 5
SHARE = 1 / 3
"""The player's page keeps at least so much of a bare page's rate."""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="contact-hour-bench-") as folder:
        print(f"Preparing {LEARNERS} learners …", flush=True)
        cast = prepare(Path(folder), LEARNERS)
        bases = measure_bare()
        figures = measure_product(Path(folder), cast)
    pairs = measure_player()
    print_table([*bases, *figures], bases[0], bases[1])
    print_player(pairs)
    compare_signs()
    compare_catalogues()
    certificates.main()
    compare_panels()


def measure_bare() -> list[Figure]:
    cookie = bare.prepare()
    with serve("tests.bench.bare:app", {}) as server:
        return [
            measure(server, "bare Flask page", get("/")),
            measure(server, "bare page, 3 queries", get("/queries", cookie)),
            measure(server, "bare Flask empty POST", post_in_turn([("/", "", "")])),
            measure(server, "bare POST, 1 write", post_in_turn(bare.saves(cookie))),
            measure_database(),
        ]


def measure_product(folder: Path, cast: Cast) -> list[Figure]:
    environ = {"CONTACT_HOUR_DATA": str(folder)}
    with serve("tests.bench.quiet:app", environ) as server:
        first = cast.learners[0]
        found = [
            measure(server, "course page (visitor)", get(f"/courses/{cast.slug}")),
            measure(server, "player page", get(cast.item_path, first.cookie)),
            measure(server, "post-test answer", post_in_turn(cast.answers())),
        ]
        print("memory per worker, MiB:", server.memory_mib())
    return found


def measure_player() -> list[tuple[Figure, Figure]]:
    """A bare page and the player's page in turn, on servers that stand beside each other.

    Of a learner just logged in: after five minutes every answer would stamp the cookie anew.
    """
    with tempfile.TemporaryDirectory(prefix="contact-hour-bench-") as folder:
        cast = prepare(Path(folder), 1)
        environ = {"CONTACT_HOUR_DATA": folder}
        page = get(cast.item_path, cast.learners[0].cookie)
        with (
            serve("tests.bench.bare:app", {}) as bare_server,
            serve("tests.bench.quiet:app", environ) as server,
        ):
            return [
                (measure(bare_server, "bare", get("/")), measure(server, "player", page))
                for _ in range(PAIRS)
            ]


def print_player(pairs: list[tuple[Figure, Figure]]) -> None:
    rates = [player.per_second / page.per_second for page, player in pairs]
    costs = [page.cpu_ms / player.cpu_ms for page, player in pairs]
    note = "" if median(rates) >= SHARE else "  BELOW A THIRD"
    print(
        f"\nplayer page against the bare page, {PAIRS} pairs in turn: rate "
        f"{', '.join(f'{rate:.2f}' for rate in sorted(rates))}, median {median(rates):.3f}; "
        f"CPU, median {median(costs):.3f}{note}"
    )


def print_table(figures: list[Figure], page: Figure, queries: Figure) -> None:
    heads = ("req/s", "of bare", "of 3 q.", "CPU ms", "p50 ms", "p95 ms", "p99 ms", "errors")
    print(f"\n{'':24}" + "".join(f"{head:>9}" for head in heads))
    for f in figures:
        of_page, of_queries = f.per_second / page.per_second, f.per_second / queries.per_second
        print(
            f"{f.name:24}{f.per_second:9.0f}{of_page:9.0%}{of_queries:9.0%}{f.cpu_ms:9.2f}"
            f"{f.p50_ms:9.1f}{f.p95_ms:9.1f}"
            f"{f.p99_ms:9.1f}{f.errors:9d}"
        )


if __name__ == "__main__":
    main()
