"""Certificates: issue and first drawing at 1 and 8 at a time, the stored copy, a batch.

`python -m tests.bench.certificates [COUNT]` draws a batch of COUNT, 40 unless told.
"""

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median

from flask import Flask

import clock
from extensions import db
from models import Certificate, Person
from services import certificate_documents, certification
from services.certificate_documents import list_undrawn, render_certificate
from services.enrollments import get_study_for
from services.pdf.drawing_process import DrawingProcess
from tests.completed import BASE_URL, complete_all
from tests.conftest import close, install, test_settings
from tests.factories import SLUG, make_enrollment, make_license, make_person

EACH = 16
MIB = 1024.0


def main(batch: int = 40) -> None:
    with tempfile.TemporaryDirectory(prefix="contact-hour-bench-") as folder:
        made = install(test_settings(Path(folder)))
        people = _complete(made.app, 2 * EACH + batch)
        print(f"\n{'certificates':24}{'ms p50':>9}{'ms max':>9}{'MiB':>9}")
        for at_once in (1, 8):
            own, people = people[:EACH], people[EACH:]
            issued = _issue(made.app, own, at_once)
            _draw(made.app, issued, at_once)
        _serve(made.app)
        _issue(made.app, people, 1, quiet=True)
        _batch(made.app)
        close(made)


def _complete(app: Flask, count: int) -> list[int]:
    """Learners who have done all but attest."""
    with app.app_context():
        ids = []
        for number in range(count):
            person = make_person(f"learner{number}@example.org", f"Learner Number {number}")
            make_license(person, f"SW-{number}")
            complete_all(make_enrollment(person))
            ids.append(person.id)
        db.session.commit()
        db.session.remove()
    return ids


def _issue(app: Flask, people: list[int], at_once: int, quiet: bool = False) -> list[int]:
    def issue(person_id: int) -> tuple[int, float]:
        began = time.perf_counter()
        with app.app_context():
            name = db.session.get_one(Person, person_id).name_on_license
            study = get_study_for(person_id, SLUG)
            row = certification.issue_certificate(study, name, BASE_URL, clock.now())
            found = row.id
            db.session.commit()
            db.session.remove()
        return found, (time.perf_counter() - began) * 1000

    with ThreadPoolExecutor(at_once) as threads:
        rows = list(threads.map(issue, people))
    if not quiet:
        _line(f"issue, {at_once} at a time", [ms for _, ms in rows])
    return [found for found, _ in rows]


def _draw(app: Flask, ids: list[int], at_once: int) -> None:
    """Both papers of each; a process for each thread, as workers have one each."""
    processes = [DrawingProcess() for _ in range(at_once)]
    free = list(processes)

    def draw(certificate_id: int) -> float:
        process = free.pop()
        began = time.perf_counter()
        with app.app_context():
            drawing = partial(process.draw, "certificate")
            render_certificate(certificate_id, BASE_URL, drawing)
            db.session.remove()
        free.append(process)
        return (time.perf_counter() - began) * 1000

    with ThreadPoolExecutor(at_once) as threads:
        times = list(threads.map(draw, ids))
    mib = sum(_memory_mib(process) for process in processes)
    _line(f"first drawing, {at_once} at a time", times, mib)
    for process in processes:
        process.end()


def _serve(app: Flask) -> None:
    """Reading the stored bytes, as the view does."""
    times = []
    with app.app_context():
        ids = [row.id for row in db.session.query(Certificate).limit(EACH)]
        for certificate_id in ids * 4:
            began = time.perf_counter()
            document = certificate_documents.find_pdf(certificate_id)
            assert document is not None
            times.append((time.perf_counter() - began) * 1000)
            size = len(document.content)
            db.session.expunge_all()
        db.session.remove()
    _line(f"stored copy, {size} bytes", times)


def _batch(app: Flask) -> None:
    with app.app_context():
        waiting = len(list_undrawn())
        db.session.remove()
    began = time.perf_counter()
    outcome = app.test_cli_runner().invoke(args=["certificates", "render", "--processes", "2"])
    seconds = time.perf_counter() - began
    assert outcome.exit_code == 0, outcome.output
    print(
        f"batch of {waiting}, 2 processes, one paper: {seconds:.1f} s, "
        f"{waiting / seconds:.1f} certificates a second, 5,000 in {5000 / waiting * seconds:.0f} s"
    )


def _line(name: str, times: list[float], mib: float | None = None) -> None:
    memory = f"{mib:9.0f}" if mib is not None else ""
    print(f"{name:24}{median(times):9.1f}{max(times):9.1f}{memory}")


def _memory_mib(process: DrawingProcess) -> float:
    assert process._process is not None
    status = Path(f"/proc/{process._process.pid}/smaps_rollup").read_text()
    line = next(line for line in status.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) / MIB


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
