"""Prints, in one run on one server: rates and costs of the main requests, and of certificates."""

import socket
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench.cast import prepare
from tests.bench.load import Figure, get, measure, post_in_turn
from tests.bench.server import serve

LEARNERS = 1500


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="contact-hour-bench-") as folder:
        print(f"Preparing {LEARNERS} learners …", flush=True)
        cast = prepare(Path(folder), LEARNERS)
        bare = measure_bare()
        figures = measure_product(Path(folder), cast)
    print_table([*bare, *figures], bare[0])
    print_certificates(cast.certificate)


def measure_bare() -> list[Figure]:
    with serve("tests.bench.bare:app", _free_port(), {}) as server:
        return [
            measure(server, "bare Flask page", get("/")),
            measure(server, "bare Flask empty POST", post_in_turn([("/", "", "")])),
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


def print_table(figures: list[Figure], bare: Figure) -> None:
    print(f"\n{'':26}{'req/s':>9}{'of bare':>9}{'CPU ms':>9}{'p50 ms':>9}{'p99 ms':>9}{'errors':>8}")
    for f in figures:
        share = f.per_second / bare.per_second
        print(
            f"{f.name:26}{f.per_second:9.0f}{share:9.0%}{f.cpu_ms:9.2f}{f.p50_ms:9.1f}"
            f"{f.p99_ms:9.1f}{f.errors:8d}"
        )


def print_certificates(facts: dict[str, Any]) -> None:
    from services.pdf.draw import draw

    times = []
    for _ in range(21):
        began = time.perf_counter()
        content = draw(facts)
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
