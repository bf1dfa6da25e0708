"""The chores of the worker: what is done again and again, and how often."""

from datetime import datetime, timedelta

from flask import current_app

from config import Settings
from services import (
    access_reminders,
    audit_chain,
    bulk_lists,
    deadlines,
    look_drafts,
    reply_promises,
    throttle,
    unused_accounts,
)
from services.audit_pack import packs
from services.chores import Duty
from services.reports.keeping import keep_sums
from services.reports.kept import REPORTS


def _note_head(now: datetime) -> None:
    """Add the head of the audit log's chain to the file kept elsewhere, where one is set."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.audit_anchor_file is None:
        return
    audit_chain.seal(now)
    line = audit_chain.anchor_line(audit_chain.get_head(now))
    with settings.audit_anchor_file.open("a") as anchors:
        anchors.write(line + "\n")


def _remind_of_ends(now: datetime) -> None:
    settings: Settings = current_app.config["SETTINGS"]
    access_reminders.remind(now, settings.base_url)


def _remind_of_answers(now: datetime) -> None:
    settings: Settings = current_app.config["SETTINGS"]
    reply_promises.remind(now, settings.base_url)


def _delete_old_packs(now: datetime) -> None:
    settings: Settings = current_app.config["SETTINGS"]
    packs.delete_expired(settings.audit_pack_folder, now)


def _keep_sums(now: datetime) -> None:
    keep_sums(REPORTS, now)


DUTIES = {
    "keep the sums of reports": Duty(timedelta(seconds=30), _keep_sums),
    "delete audit packs that have expired": Duty(timedelta(hours=1), _delete_old_packs),
    "remind of answers due": Duty(timedelta(minutes=10), _remind_of_answers),
    "remind of the end of access": Duty(timedelta(minutes=10), _remind_of_ends),
    "seal the audit log": Duty(timedelta(seconds=30), audit_chain.seal),
    "note the audit log's head": Duty(timedelta(days=1), _note_head),
    "close overdue attempts": Duty(timedelta(minutes=1), deadlines.close_overdue),
    "sweep throttles": Duty(timedelta(hours=1), throttle.sweep),
    "sweep looks that were not kept": Duty(timedelta(hours=6), look_drafts.sweep),
    "sweep lists of people": Duty(timedelta(hours=6), bulk_lists.sweep),
    "sweep unused accounts": Duty(timedelta(hours=6), unused_accounts.sweep),
}
