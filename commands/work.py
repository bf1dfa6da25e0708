"""`flask worker`: send mail, draw certificates, sweep. One process, beside the web processes."""

import logging
import os
import signal
import smtplib
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import click
from flask import current_app

import clock
from commands.duties import DUTIES
from commands.on_database import on_database
from config import Settings
from extensions import db
from services import bulk_run, certificate_documents, chores, invoices, jobs, mail, rulings, signers
from services.audit_pack import building
from services.pdf.drawing_process import DrawingProcess

LOG = logging.getLogger("contact_hour.worker")
IDLE_S = 0.5
LOOK_FOR_CHORES_EVERY = timedelta(seconds=30)


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due, then stop.")
@on_database
def worker(once: bool) -> None:
    """Do the jobs of the outbox until stopped."""
    name = f"{socket.gethostname()}-{os.getpid()}"
    with DrawingProcess() as process:
        handlers = job_handlers(current_app.config["SETTINGS"], process)
        if once:
            chores.do_due(DUTIES, clock.now())
            click.echo(f"{jobs.work_off(name, handlers)} jobs done")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        _work_until(stop, name, handlers)


def job_handlers(settings: Settings, process: DrawingProcess) -> dict[str, Callable[[int], None]]:
    """What each kind of job does, by the identifier of its subject."""

    def send_mail(mail_id: int) -> None:
        unsent = mail.find_unsent(mail_id)
        if unsent is None:
            return
        message = mail.as_message(unsent, settings.mail_from)
        db.session.rollback()
        try:
            mail.deliver(message, settings.smtp_url, settings.mail_folder)
        except (OSError, smtplib.SMTPException):
            LOG.warning("mail %s could not be sent; it will be tried again", mail_id)
            raise
        mail.mark_sent(mail_id, clock.now())
        db.session.commit()

    def regrade(ruling_id: int) -> None:
        rulings.regrade(ruling_id, settings.base_url, clock.now())

    return {
        "bulk": lambda list_id: bulk_run.run(list_id, settings.base_url),
        "mail": send_mail,
        "regrade": regrade,
        building.JOB: building.builder(settings.audit_pack_folder, process.draw),
        "certificate": certificate_documents.renderer(
            settings.base_url, process, signers.find_signer(settings)
        ),
        **{variant: invoices.renderer(variant, process) for variant in invoices.VARIANTS},
    }


def _work_until(stop: threading.Event, name: str, handlers: dict[str, Any]) -> None:
    LOG.info("worker %s is ready", name)
    looked_at = None
    while not stop.is_set():
        try:
            jobs.work_off(name, handlers)
            if chores.is_worth_looking(looked_at, LOOK_FOR_CHORES_EVERY):
                looked_at = clock.now()
                chores.do_due(DUTIES, looked_at)
        except Exception:
            LOG.exception("the worker met a fault and goes on")
            db.session.rollback()
        db.session.remove()
        stop.wait(IDLE_S)
