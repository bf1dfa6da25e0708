"""Prints, in one run on one server: rates and costs of the main requests, and of certificates."""

import socket
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench import bare, certificates
from tests.bench.cast import prepare
from tests.bench.database import measure_database
from tests.bench.load import Figure, get, measure, post_in_turn
from tests.bench.many_courses import compare_catalogues
from tests.bench.panel import compare_panels
from tests.bench.server import serve
from tests.bench.signs import measure_signs, print_signs

LEARNERS = 1500


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="contact-hour-bench-") as folder:
        print(f"Preparing {LEARNERS} learners …", flush=True)
        cast = prepare(Path(folder), LEARNERS)
        bases = measure_bare()
        figures = measure_product(Path(folder), cast)
    print_table([*bases, *figures], bases[0], bases[1])
    print_certificates(cast.certificate)
    print_signs(measure_signs())
    compare_catalogues()
    certificates.main()
    compare_panels()


def measure_bare() -> list[Figure]:
    cookie = bare.prepare()
    with serve("tests.bench.bare:app", _free_port(), {}) as server:
        return [
            measure(server, "bare Flask page", get("/")),
            measure(server, "bare page, 3 queries", get("/queries", cookie)),
            measure(server, "bare Flask empty POST", post_in_turn([("/", "", "")])),
            measure(server, "bare POST, 1 write", post_in_turn(bare.saves(cookie))),
            measure_database(),
        ]


def measure_product(folder: Path, cast) -> list[Figure]:  # type: ignore[no-untyped-def]
    environ = {"CONTACT_HOUR_DATA": str(folder)}
    with serve("tests.bench.quiet:app", _free_port(), environ) as server:
        first = cast.learners[0]
        found = [
            measure(server, "course page (visitor)", get(f"/courses/{cast.slug}")),
            measure(server, "player page", get(cast.item_path, first.cookie)),
            measure(server, "post-test answer", post_in_turn(cast.answers())),
            measure(server, "sign of presence", post_in_turn(cast.beats())),
        ]
        print("memory per worker, MiB:", server.memory_mib())
    return found


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


def print_certificates(facts: dict[str, Any]) -> None:
    from services.pdf.draw import draw

    times = []
    for _ in range(21):
        began = time.perf_counter()
        content = draw("certificate", facts)
        times.append((time.perf_counter() - began) * 1000)
    warm = sorted(times[1:])
    print(
        f"\ncertificate PDF, one process: first {times[0]:.0f} ms, then median "
        f"{warm[len(warm) // 2]:.0f} ms, slowest {warm[-1]:.0f} ms; {len(content)} bytes"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
