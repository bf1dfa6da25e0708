"""Revisions: corrections reach enrolled learners; what earns credit stays as it was."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

import clock
from course_format.hashing import content_hash
from domain.refusals import Invalid, NotFound
from extensions import db
from models import AuditEvent, EditionRevision, RevisionFile
from services import edition_texts, editions, revisions
from services.enrollments import get_study_for
from services.publishing import FaultyCourse, publish_course
from services.revisions import NeedsEdition, revise_course
from services.versions import get_version
from tests.course_copies import FIRST_READING, add_picture, copy_small_course, replace
from tests.factories import SLUG, make_enrollment, make_person

REASON = "A word was misspelled."


@pytest.fixture
def folder(context: Flask, tmp_path: Path) -> Path:
    return copy_small_course(tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def first_item(person_id: int):  # type: ignore[no-untyped-def]
    return get_study_for(person_id, SLUG).outline.units[0].items[0]


def test_a_correction_reaches_a_learner_who_is_enrolled(folder: Path, store: Path) -> None:
    alice = make_person()
    make_enrollment(alice)
    assert "carefully" in first_item(alice.id).body_html
    replace(folder, FIRST_READING, "carefully", "with care")
    done = revise_course(folder, store, REASON, clock.now())
    assert (done.edition_number, done.number, done.is_new) == (1, 1, True)
    outline = get_study_for(alice.id, SLUG).outline
    assert "with care" in first_item(alice.id).body_html
    assert (outline.edition_number, outline.revision) == (1, 1)


def test_a_revision_is_logged_with_its_reason_and_each_change(folder: Path, store: Path) -> None:
    replace(folder, FIRST_READING, "carefully", "with care")
    revise_course(folder, store, f"  {REASON}\n", clock.now())
    (row,) = revisions.list_revisions(editions.get_current_outline(SLUG))
    assert row.reason == REASON
    assert row.changes == [
        "Unit 1, “The First Reading”: in the text, 2 of 7 words differ: "
        "“*carefully*.” is now “*with care*.”."
    ]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "edition.revised")).one()
    assert event.subject == "small-course edition 1 revision 1"
    assert event.facts["changes"] == row.changes


FORBIDDEN = [
    ("course.yaml", "pass_mark: 80", "pass_mark: 70", "The pass mark was “80” and is now “70”."),
    ("course.yaml", "Identify a test", "Name a test", "Objective 1 was"),
    ("tests/1.md", "- (x) One right", "- (x) The right", "“one”, its options changed."),
    ("tests/1.md", "draw: 3", "draw: 2", "3 questions were drawn"),
]


@pytest.mark.parametrize(("path", "old", "new", "says"), FORBIDDEN)
def test_what_earns_credit_cannot_be_revised(
    path: str, old: str, new: str, says: str, folder: Path, store: Path
) -> None:
    replace(folder, path, old, new)
    replace(folder, FIRST_READING, "carefully", "with care")
    with pytest.raises(NeedsEdition, match="This needs a new edition") as refusal:
        revise_course(folder, store, REASON, clock.now())
    assert says in str(refusal.value)
    assert db.session.scalars(select(EditionRevision)).all() == []
    assert editions.get_current_outline(SLUG).revision == 0


def test_whatever_a_revision_says_credit_comes_from_the_edition(folder: Path, store: Path) -> None:
    """Should a row ever hold more than a correction, minutes, objectives and rules stay."""
    replace(folder, FIRST_READING, "carefully", "with care")
    revise_course(folder, store, REASON, clock.now())
    row = db.session.scalars(select(EditionRevision)).one()
    content = {**row.content, "facts": {**row.content["facts"], "objectives": [], "completion": {}}}
    db.session.add(
        EditionRevision(
            edition_id=row.edition_id, number=2, content_hash="0" * 64, reason="x", changes=[],
            content=content, published_by=None, published_at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()
    editions.forget()
    outline = editions.get_current_outline(SLUG)
    assert outline.revision == 2
    assert len(outline.objectives) == 3
    assert outline.units_in_order


def test_revising_twice_with_the_same_text_does_nothing(folder: Path, store: Path) -> None:
    assert not revise_course(folder, store, REASON, clock.now()).is_new
    replace(folder, FIRST_READING, "carefully", "with care")
    revise_course(folder, store, REASON, clock.now())
    again = revise_course(folder, store, REASON, clock.now())
    assert (again.is_new, again.number) == (False, 1)
    outcome = publish_course(folder, store, clock.now())
    assert (outcome.is_new, outcome.number) == (False, 1)


def test_publishing_the_first_text_again_undoes_no_correction(folder: Path, store: Path) -> None:
    original = (folder / FIRST_READING).read_text()
    replace(folder, FIRST_READING, "carefully", "with care")
    revise_course(folder, store, REASON, clock.now())
    (folder / FIRST_READING).write_text(original)
    assert not publish_course(folder, store, clock.now()).is_new
    assert "with care" in editions.get_current_outline(SLUG).units[0].items[0].body_html


def test_an_edition_that_is_still_studied_can_be_corrected(folder: Path, store: Path) -> None:
    alice = make_person()
    make_enrollment(alice)
    replace(folder, "course.yaml", "pass_mark: 80", "pass_mark: 90")
    publish_course(folder, store, clock.now())
    replace(folder, "course.yaml", "pass_mark: 90", "pass_mark: 80")
    replace(folder, FIRST_READING, "carefully", "with care")
    with pytest.raises(NeedsEdition):
        revise_course(folder, store, REASON, clock.now())
    revise_course(folder, store, REASON, clock.now(), edition_number=1)
    assert "with care" in first_item(alice.id).body_html
    assert "carefully" in editions.get_current_outline(SLUG).units[0].items[0].body_html


def test_an_edition_as_it_stood_can_be_had_back(folder: Path, store: Path, tmp_path: Path) -> None:
    first = content_hash(folder)
    add_picture(folder)
    revise_course(folder, store, "A picture.", clock.now())
    second = content_hash(folder)
    replace(folder, FIRST_READING, " ![Two chairs](media/chairs.png)", "")
    (folder / "media/chairs.png").unlink()
    revise_course(folder, store, "No picture.", clock.now())
    edition = edition_texts.get_edition(SLUG)
    for revision, digest in ((0, first), (1, second), (2, content_hash(folder)), (None, None)):
        target = tmp_path / f"revision-{revision}" / SLUG
        edition_texts.write_files(edition_texts.list_files(edition, revision), store, target)
        assert content_hash(target) == (digest or content_hash(folder))


def test_a_reason_is_given(folder: Path, store: Path) -> None:
    replace(folder, FIRST_READING, "carefully", "with care")
    for reason in ("", " \n", "x" * 501):
        with pytest.raises(Invalid, match="Say why"):
            revise_course(folder, store, reason, clock.now())


def test_a_correction_has_no_fault(folder: Path, store: Path) -> None:
    replace(folder, FIRST_READING, "carefully", "<b>carefully</b>")
    with pytest.raises(FaultyCourse, match="HTML is not part of the format"):
        revise_course(folder, store, REASON, clock.now())


def test_a_course_that_is_not_published_cannot_be_revised(folder: Path, store: Path) -> None:
    other = folder.rename(folder.with_name("other-course"))
    with pytest.raises(NotFound):
        revise_course(other, store, REASON, clock.now())


@pytest.mark.parametrize("table", ["edition_revision", "revision_file"])
def test_revisions_are_facts(table: str, folder: Path, store: Path) -> None:
    replace(folder, FIRST_READING, "carefully", "with care")
    revise_course(folder, store, REASON, clock.now())
    assert db.session.scalars(select(RevisionFile.path)).all() == [FIRST_READING]
    for change in (
        f"UPDATE {table} SET {'reason' if table[0] == 'e' else 'text'} = 'x'",
        f"DELETE FROM {table}",
    ):
        with pytest.raises(Exception, match="append-only"), db.session.begin_nested():
            db.session.execute(text(change))


def test_two_editions_are_compared_in_words(folder: Path, store: Path) -> None:
    replace(folder, "course.yaml", "pass_mark: 80", "pass_mark: 90")
    publish_course(folder, store, clock.now())
    editions_of = [edition_texts.get_edition(SLUG, number) for number in (1, 2)]
    (change,) = revisions.list_differences(*editions_of)
    assert change.words == "The pass mark was “80” and is now “90”."


def test_versions_have_names(folder: Path, store: Path) -> None:
    replace(folder, "course.yaml", "pass_mark: 80", "pass_mark: 90")
    publish_course(folder, store, clock.now())
    marks = [get_version(n).course.completion.pass_mark for n in (SLUG, f"{SLUG}:1", str(folder))]
    assert marks == [90, 80, 90]
    for name in ("nowhere", f"{SLUG}:3"):
        with pytest.raises(NotFound):
            get_version(name)
    with pytest.raises(Invalid):
        get_version(f"{SLUG}:first")
