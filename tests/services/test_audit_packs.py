"""Audit packs: what they hold, totals that equal the reports', building that goes on."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

import clock
from config import PROJECT
from domain.months import Days
from domain.refusals import Invalid, NotFound
from extensions import db
from models import AuditEvent, AuditPack, Job, ProblemReport
from services import evaluation_results, time_reports
from services.audit import Actor
from services.audit_pack import building, packs
from services.audit_pack.checking import PackDiffers
from services.enrollments import Study
from services.provider import get_provider
from services.reports import answers, completions, post_tests
from tests.audit_packs import DAY, FIRST, LAST, NOW, make_past, rewritten, unpacked
from tests.factories import SLUG, make_administrator

SCRIPT = PROJECT / "tools" / "retotal_audit_pack.py"


def draw(template: str, facts: dict[str, Any]) -> bytes:
    return b"%PDF-1.7 " + template.encode()


@pytest.fixture
def past(context: Flask, monkeypatch: pytest.MonkeyPatch) -> dict[str, Study]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(building, "BATCH", 2)
    return make_past()


@pytest.fixture
def carol(past: dict[str, Study]) -> Actor:
    return Actor(make_administrator().id, "request")


def ask(carol: Actor, intent: str = "one", last: str = LAST) -> AuditPack:
    pack = packs.ask_for_course(
        SLUG, date.fromisoformat(FIRST), date.fromisoformat(last), intent, carol, NOW
    )
    db.session.commit()
    return pack


def check(path: Path) -> subprocess.CompletedProcess[str]:
    """The script by itself: nothing of the project can be imported."""
    command = [sys.executable, "-I", str(SCRIPT), str(path)]
    return subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)


def test_totals_equal_the_screens_and_the_script_finds_them_again(
    carol: Actor, tmp_path: Path
) -> None:
    pack_id = ask(carol).id
    building.build(pack_id, tmp_path, draw)
    path = packs.get_file(pack_id, tmp_path)
    pack = unpacked(path.read_bytes())
    totals = pack.index["totals"]
    finished = check(path)
    assert (finished.returncode, finished.stdout) == (0, "All equal.\n"), finished

    days = Days(date.fromisoformat(FIRST), date.fromisoformat(LAST), get_provider().time_zone)
    course_id = db.session.get_one(AuditPack, pack_id).course_id
    report = completions.get_completions(days, course_id)
    assert (totals["enrolled_in_period"], totals["completed_in_period"]) == (3, 2)
    assert (report.enrolled, report.completed) == (3, 2)
    assert totals["certificates_of_completed"] == 1
    tests = {line.key: (line.submitted, line.passed) for line in post_tests.list_tests(days, SLUG)}
    assert tests.pop("") == (6, 4)
    told = {key: (one["submitted"], one["passed"]) for key, one in totals["attempts"].items()}
    assert told == tests == {"1": (4, 2), "2": (2, 2)}
    months = answers.list_months(days, course_id, NOW)
    assert [sum(getattr(m, name) for m in months) for name in ("in_time", "late", "missing")] == [
        *totals["answers_due"].values()
    ]
    assert totals["answers_due"] == {"in_time": 1, "late": 1, "missing": 1}
    assert totals["professions"] == {
        "Counselor": 1, "No license given": 1, "Psychologist; Social worker": 1,
    }  # fmt: skip


def test_time_and_evaluations_equal_the_screens(carol: Actor, tmp_path: Path) -> None:
    pack_id = ask(carol).id
    building.build(pack_id, tmp_path, draw)
    totals = unpacked(packs.get_file(pack_id, tmp_path).read_bytes()).index["totals"]
    days = Days(date.fromisoformat(FIRST), date.fromisoformat(LAST), get_provider().time_zone)
    screen = time_reports.get_report(SLUG, days)
    assert screen.learners == totals["completed_in_period"]
    for unit in screen.units:
        shown = {kind: s for kind, s in unit.by_evidence.items() if s}
        assert totals["seconds_of_completed"].get(str(unit.unit_number or 0), {}) == shown
    assert screen.whole.by_evidence["open-finish"] == (25 + 31) * 2 * 60
    assert screen.whole.by_evidence["adjusted"] == -90
    results = evaluation_results.get_results(screen.outline, "2026")
    assert results.fields is not None
    means = {f.field.name: round(f.mean, 4) for f in results.fields if f.mean is not None}
    (told,) = totals["evaluations"]
    assert (told["evaluations"], told["means"]) == (6, means)
    assert told["means"]["objectives-1"] == round((2 + 3 + 4 + 5 + 2 + 3) / 6, 4)


def complain(kind: str, page: str, person_id: int | None, text: str) -> None:
    report = ProblemReport(
        kind=kind, page=page, person_id=person_id, text=text, email="a@example.org", state="new",
        made_at=NOW - DAY,
    )  # fmt: skip
    db.session.add(report)
    db.session.flush()


def test_it_holds_what_an_approving_body_asks_for(
    past: dict[str, Study], carol: Actor, tmp_path: Path
) -> None:
    complain("problem", f"/learn/{SLUG}/time", None, "on a page of the course")
    complain("grievance", "", past["cem"].enrollment.person_id, "by a learner of the course")
    complain("grievance", "", carol.person_id, "about something else")
    pack_id = ask(carol, last="2026-11-23").id
    building.build(pack_id, tmp_path, draw)
    pack = unpacked(packs.get_file(pack_id, tmp_path).read_bytes())
    for name in (
        "index.html", "index.pdf", "course/edition-1.html", "course/edition-1.json",
        "course/edition-1-source/course.yaml", "course/questions.json",
        "course/credit-worksheets.csv", "course/approvals.csv", "course/review-log.csv",
        "course/disclosures.csv", "course/references.csv", "course/instructors-and-authors.csv",
        "evaluation/actions-taken.csv", "learners/reporting-receipts.csv",
        "learners/questions-served.csv", "learners/records.jsonl",
    ):  # fmt: skip
        assert name in pack.names, name
    assert {row["name"] for row in pack.rows("learners/enrollments")} == {
        "Ann Adams", "'=Ben & Sons", "Cem Çelik",
    }  # fmt: skip
    assert all(row["comment"].startswith("'=wish") for row in pack.rows("evaluation/comments"))
    assert [row["text"] for row in pack.rows("course/complaints")] == [
        "on a page of the course", "by a learner of the course",
    ]  # fmt: skip
    (certificate,) = pack.rows("learners/certificates")
    assert len(certificate["facts_sha256"]) == 64
    assert "I " in certificate["attestation"]
    objectives = pack.rows("course/objectives")
    assert objectives and all(int(row["questions"]) > 0 for row in objectives)
    assert "Ann Adams" in pack.pack.read("learners/records.jsonl").decode()
    page = pack.pack.read("index.html").decode()
    assert "<strong>2</strong> completed in the period" in page
    assert '<a href="learners/enrollments.csv">' in page


def test_the_script_notices_what_was_changed(carol: Actor, tmp_path: Path) -> None:
    pack_id = ask(carol).id
    building.build(pack_id, tmp_path, draw)
    path = packs.get_file(pack_id, tmp_path)
    other = rewritten(path, tmp_path / "x.zip", "learners/time.csv", b",1500,", b",1501,")
    finished = check(other)
    assert finished.returncode == 1
    assert "learners/time.csv is not the file that was packed" in finished.stdout
    assert "seconds_of_completed" in finished.stdout
    index = rewritten(
        path, tmp_path / "y.zip", "index.json",
        b'"completed_in_period": 2', b'"completed_in_period": 3',
    )  # fmt: skip
    assert "the index says 3, the rows say 2" in check(index).stdout


def test_a_building_that_was_stopped_goes_on_and_comes_to_the_same(
    carol: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, cut = ask(carol).id, ask(carol, "two").id
    building.build(whole, tmp_path, draw)
    real, calls = building.make_batch, []

    def breaks(ids: Any) -> Any:
        calls.append(list(ids))
        if len(calls) == 2:
            raise OSError("the disk is full")
        return real(ids)

    monkeypatch.setattr(building, "make_batch", breaks)
    building.build(cut, tmp_path, draw, slice_s=0)
    assert db.session.get_one(AuditPack, cut).steps_done == 0
    with pytest.raises(OSError, match="full"):
        building.build(cut, tmp_path, draw)
    row = db.session.get_one(AuditPack, cut)
    db.session.refresh(row)
    assert (row.steps_done, row.finished_at) == (3, None)
    with pytest.raises(NotFound):
        packs.get_file(cut, tmp_path)
    building.build(cut, tmp_path, draw)
    assert len(calls) == 3, "what was done is not done again"
    first, second = (unpacked(packs.get_file(i, tmp_path).read_bytes()) for i in (whole, cut))
    assert first.index["files"] == second.index["files"]
    assert first.index["totals"] == second.index["totals"]
    assert not building.work_folder(tmp_path, cut).exists()


def test_two_workers_build_one_pack(carol: Actor, tmp_path: Path) -> None:
    """Who comes second to a step finds it counted and leaves."""
    pack_id = ask(carol).id
    building.build(pack_id, tmp_path, draw, slice_s=0)
    assert not building._advance(pack_id, 7)
    assert building._advance(pack_id, 0, by=0)
    building.build(pack_id, tmp_path, draw)
    before = packs.get_file(pack_id, tmp_path).read_bytes()
    building.build(pack_id, tmp_path, draw)
    assert packs.get_file(pack_id, tmp_path).read_bytes() == before


def test_what_happens_after_the_beginning_does_not_count(carol: Actor, tmp_path: Path) -> None:
    """The last day is today: Eva enrolled an hour ago and counts, what follows does not."""
    pack_id = ask(carol, last="2026-11-24").id
    building.build(pack_id, tmp_path, draw)
    totals = unpacked(packs.get_file(pack_id, tmp_path).read_bytes()).index["totals"]
    assert totals["enrolled_in_period"] == 4
    assert check(packs.get_file(pack_id, tmp_path)).returncode == 0


def test_the_pack_of_a_learner(past: dict[str, Study], carol: Actor, tmp_path: Path) -> None:
    pack_id = packs.ask_for_learner("Ann@example.org", "one", carol, NOW).id
    db.session.commit()
    building.build(pack_id, tmp_path, draw)
    path = packs.get_file(pack_id, tmp_path)
    assert check(path).stdout == "All equal.\n"
    pack = unpacked(path.read_bytes())
    (found,) = pack.index["totals"]["enrollments"].values()
    assert found == {
        "seconds": {"1": 1500, "2": 1500}, "attempts_submitted": 2, "attempts_passed": 2,
    }  # fmt: skip
    assert not any(name.startswith("course/questions") for name in pack.names)
    assert [row["name"] for row in pack.rows("learners/enrollments")] == ["Ann Adams"]


def test_asking_says_what_is_wrong(carol: Actor) -> None:
    def refused(slug: str, first: date, last: date) -> str:
        with pytest.raises(Invalid) as caught:
            packs.ask_for_course(slug, first, last, "x", carol, NOW)
        return caught.value.field

    day = date(2026, 10, 1)
    assert refused("no-course", day, day) == "course"
    assert refused(SLUG, day, date(2026, 9, 30)) == "last"
    assert refused(SLUG, date(2001, 1, 1), day) == "last"
    assert refused(SLUG, date(2026, 12, 1), date(2026, 12, 2)) == "first"
    with pytest.raises(Invalid):
        packs.ask_for_learner("nobody@example.org", "x", carol, NOW)
    assert db.session.scalar(select(func.count(AuditPack.id))) == 0


def test_asked_once_and_told_in_the_log(carol: Actor) -> None:
    assert ask(carol).id == ask(carol).id
    assert db.session.scalar(select(func.count(Job.id)).where(Job.kind == building.JOB)) == 1
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.kind == "audit-pack.asked")
    ).one()
    assert (event.actor_id, event.facts["first"]) == (carol.person_id, FIRST)


def test_files_go_when_their_time_is_over(carol: Actor, tmp_path: Path) -> None:
    kept, given_up, old = (ask(carol, name).id for name in ("kept", "given up", "old"))
    for pack_id in (kept, given_up, old):
        building.build(pack_id, tmp_path, draw)
    packs.delete_pack(given_up, carol, NOW)
    packs.delete_pack(given_up, carol, NOW)
    with pytest.raises(NotFound):
        packs.get_file(given_up, tmp_path)
    db.session.get_one(AuditPack, old).expires_at = NOW
    packs.delete_expired(tmp_path, NOW)
    assert [path.name for path in tmp_path.iterdir()] == [f"audit-pack-{kept}.zip"]
    assert len(packs.list_packs()) == 3
    building.build(old, tmp_path, draw)
    assert not building.pack_path(tmp_path, old).exists()
    deleted = select(func.count()).where(AuditEvent.kind == "audit-pack.deleted")
    assert db.session.scalar(deleted) == 1


def test_erasing_a_learner_gives_up_their_packs(past: dict[str, Study], carol: Actor) -> None:
    from services import erasure

    person_id = past["cem"].enrollment.person_id
    pack_id = packs.ask_for_learner("cem@example.org", "one", carol, NOW).id
    erasure.erase_person(Actor(person_id, "r"), NOW)
    assert db.session.get_one(AuditPack, pack_id).deleted_at == NOW


def test_a_pack_whose_totals_differ_is_not_finished_and_built_anew(
    carol: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The screens say something else than the rows: nobody gets such a pack."""
    pack_id = ask(carol).id
    count_in = completions.count_in
    monkeypatch.setattr(completions, "count_in", lambda *of: (count_in(*of)[0] + 1, 2))
    with pytest.raises(PackDiffers, match=r"not those of the reports.*enrolled_in_period"):
        building.build(pack_id, tmp_path, draw)
    db.session.expire_all()
    pack = db.session.get_one(AuditPack, pack_id)
    assert (pack.finished_at, pack.as_of, pack.steps_done) == (None, None, 0)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(completions, "count_in", count_in)
    building.build(pack_id, tmp_path, draw)
    assert check(packs.get_file(pack_id, tmp_path)).returncode == 0
