"""`flask certificates`: draw those that are missing, set how they look, see one before anybody."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from queue import SimpleQueue

import click
from flask import Flask, current_app

import clock
from commands.on_database import on_database
from config import Settings
from domain.refusals import Refusal
from extensions import db
from services import (
    certificate_documents,
    certificate_samples,
    provider_images,
    provider_look,
    signers,
)
from services.pdf.drawing_process import DrawingFailed, DrawingProcess
from services.pdf.signing import Signer

IMAGE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("certificates")
def certificates() -> None:
    """Draw certificates, and set how they look."""


@certificates.command("render")
@click.option("--processes", default=2, show_default=True, type=click.IntRange(1, 16))
@on_database
def render(processes: int) -> None:
    """Draw every certificate of which nothing is stored yet, on the provider's own paper.

    The worker draws the other paper. Stop it at any time: what is drawn is stored, and the next
    call goes on with the rest.
    """
    ids = certificate_documents.list_undrawn()
    db.session.remove()
    if not ids:
        click.echo("Every certificate is drawn.")
        return
    failed = _draw_all(current_app._get_current_object(), ids, processes)  # type: ignore[attr-defined]
    click.echo(f"{len(ids) - len(failed)} certificates drawn, {len(failed)} failed.")
    for certificate_id, why in failed:
        click.echo(f"  certificate id {certificate_id}: {why}", err=True)
    if failed:
        raise SystemExit(1)


@certificates.command("look")
@click.option("--accent", default="", help="The color of rules and headings, such as #0b4f3b.")
@click.option("--paper", default="", help="What is offered first: letter or a4.")
@click.option("--logo", type=IMAGE, help="A PNG, JPEG or plain SVG file.")
@click.option("--seal", type=IMAGE, help="Instead of the drawn seal.")
@click.option("--signature", type=IMAGE, help="The signatory's signature.")
@click.option("--without", multiple=True, type=click.Choice(provider_look.IMAGES))
@on_database
def change_look(
    accent: str,
    paper: str,
    logo: Path | None,
    seal: Path | None,
    signature: Path | None,
    without: tuple[str, ...],
) -> None:
    """Change how the next certificates look. Those already issued keep their look.

    A certificate is drawn with it first: what cannot be drawn is not kept.
    """
    given = {"logo": logo, "seal": seal, "signature": signature}
    images = {name: path.read_bytes() for name, path in given.items() if path is not None}
    _refuse_unusable(images)
    images |= dict.fromkeys(without, b"")
    before = provider_look.present_look()
    try:
        after = provider_look.change_look(clock.now(), accent, paper, images)
        provider_look.record_change(before, after, None)
        _draw_sample()
    except (Refusal, DrawingFailed) as refusal:
        db.session.rollback()
        raise click.ClickException(f"Nothing was changed. {refusal}") from refusal
    db.session.commit()
    click.echo("Certificates issued from now on have this look.")


def _refuse_unusable(images: dict[str, bytes]) -> None:
    for name, content in images.items():
        fault = provider_images.find_fault(content)
        if fault:
            raise click.ClickException(f"Nothing was changed. The {name}: {fault}")


@certificates.command("preview")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@on_database
def preview(file: Path) -> None:
    """Write a sample certificate, marked as such, to a PDF file."""
    file.write_bytes(_draw_sample())
    click.echo(f"Written: {file}")


def _draw_sample() -> bytes:
    settings: Settings = current_app.config["SETTINGS"]
    with DrawingProcess() as process:
        return process.draw("certificate", certificate_samples.sample_facts(settings.base_url))


def _draw_all(app: Flask, ids: list[int], processes: int) -> list[tuple[int, str]]:
    """Draw in several processes at once, each fed by a thread; returns what failed, and why."""
    settings: Settings = app.config["SETTINGS"]
    failed: list[tuple[int, str]] = []
    stop = threading.Event()
    with _several(processes) as free, ThreadPoolExecutor(processes) as threads:
        signer = signers.find_signer(settings)
        jobs = {
            threads.submit(_draw_one, app, one, settings.base_url, free, signer, stop): one
            for one in ids
        }
        try:
            with click.progressbar(length=len(ids), label="Certificates", show_pos=True) as bar:
                for job in as_completed(jobs):
                    error = job.exception()
                    if error is not None:
                        failed.append((jobs[job], f"{type(error).__name__}: {error}"))
                    bar.update(1)
        except BaseException:
            stop.set()
            threads.shutdown(cancel_futures=True)
            raise
    return failed


def _draw_one(
    app: Flask,
    certificate_id: int,
    base_url: str,
    free: SimpleQueue[DrawingProcess],
    signer: Signer | None,
    stop: threading.Event,
) -> None:
    """Draw one certificate in whichever process is free."""
    if stop.is_set():
        return
    process = free.get()
    try:
        with app.app_context():
            drawing = partial(process.draw, "certificate")
            certificate_documents.render_certificate(
                certificate_id, base_url, drawing, signer, only_own_paper=True
            )
            db.session.remove()
    finally:
        free.put(process)


@contextmanager
def _several(count: int) -> Iterator[SimpleQueue[DrawingProcess]]:
    """Drawing processes to be taken and given back; all end at last."""
    made = [DrawingProcess() for _ in range(count)]
    free: SimpleQueue[DrawingProcess] = SimpleQueue()
    for process in made:
        free.put(process)
    try:
        yield free
    finally:
        for process in made:
            process.end()
