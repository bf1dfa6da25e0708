"""The catalogue: found by words in titles, objectives and text; filters; pages; kept up to date."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

import clock
from domain.catalogue import Wanted
from extensions import db
from models import Approval, Course, CourseListing
from services import catalogue, catalogue_index, editions
from tests.factories import SLUG
from tests.listed import list_course
from tests.ordering import give_price

LATER = datetime(2031, 1, 1, tzinfo=UTC)


def found(words: str = "", page: int = 1, **filters: str) -> list[str]:
    wanted = Wanted(words, **filters)
    return [entry.slug for entry in catalogue.search(wanted, page, clock.now()).entries]


@pytest.mark.parametrize(
    ("words", "is_found", "why"),
    [
        ("small", True, "in the title"),
        ("SML-101", True, "the code, however it is divided"),
        ("apply third", True, "in the objectives"),
        ("Instructor", True, "the instructor's name"),
        ("tests", True, "the summary says tests"),
        ("testing", True, "words with the same stem"),
        ("smal", True, "the beginning of a word"),
        ("small dragons", False, "every word is wanted"),
        ("mall", False, "not the end of a word"),
        ("script", False, "no marks of HTML are words"),
    ],
)
def test_words(context: Flask, words: str, is_found: bool, why: str) -> None:
    assert (found(words) == [SLUG]) is is_found, why


def test_the_text_of_items_is_found(context: Flask) -> None:
    outline = editions.get_current_outline(SLUG)
    item = next(iter(outline.items()))
    text = catalogue_index.as_text(item.body_html)
    longest = max(text.replace("-", " ").split(), key=len).strip(".,:;()")
    assert found(longest) == [SLUG]


@pytest.mark.parametrize(
    "words",
    [
        '"',
        "'",
        '"small" OR course',
        "small*",
        "title:small",
        "small NEAR course",
        "-small",
        "^small",
        "(small",
        "small)",
        "a' OR 1=1 --",
        "small & !course",
        "small:*",
        "\\",
        "%",
        "_",
        "!!!",
        "<script>",
        "ø ñ 中文 🙂",
        "x" * 100,
        " ".join("abcdefghijklmnopqrstuvw"),
    ],
)
def test_no_words_are_a_command(context: Flask, words: str) -> None:
    assert found(words) in ([], [SLUG])


def test_words_without_letters_find_nothing(context: Flask) -> None:
    assert found("!!!") == []


def test_the_best_match_comes_first(context: Flask) -> None:
    list_course("about", title="Something else", body="grief " * 3 + "and more words " * 40)
    list_course("titled", title="Working with grief", body="many other words " * 40)
    assert found("grief") == ["titled", "about"]


def test_too_many_matches_stand_by_title(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    list_course("a", title="Aspects", body="grief and many other words " * 9)
    list_course("z", title="Working with grief")
    for most, expected in ((2, ["z", "a"]), (1, ["a"])):
        monkeypatch.setattr(catalogue, "MOST_RANKED", most)
        page = catalogue.search(Wanted("grief"), 1, clock.now())
        assert ([entry.slug for entry in page.entries], page.found) == (expected, most)
        assert (page.is_ranked, page.is_more) == (most == 2, most == 1)
        assert found("grief", level="Beginning", price="free") == expected, "filtered as well"
        assert found("grief", level="Advanced") == []
        assert catalogue.search(Wanted(price="free"), 1, clock.now()).found == 3, (
            "all without words"
        )


def test_of_too_many_matches_every_page_there_is_has_its_courses(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "MOST_RANKED", 30)
    for number in range(45):
        list_course(f"c{number:02}", title=f"Zebra {number:02}")
    page = catalogue.search(Wanted("zebra"), 1, clock.now())
    assert (page.found, page.is_more, page.pages, page.total) == (30, True, 2, 46)
    every = [f"c{number:02}" for number in range(30)]
    assert [*found("zebra"), *found("zebra", page=2)] == every
    assert found("zebra", page=3) == found("zebra", page=2), "beyond the last is the last"


def test_without_words_titles_are_in_order_whatever_their_case(context: Flask) -> None:
    list_course("b", title="beta")
    list_course("z", title="Zeta")
    assert found() == [SLUG, "b", "z"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"hours": "2"}, ["short", SLUG]),
        ({"hours": "4"}, ["long"]),
        ({"hours": "more"}, ["longer"]),
        ({"level": "Advanced"}, ["long"]),
        ({"price": "paid"}, ["longer"]),
        ({"format": "recordings"}, ["longer"]),
        ({"format": "mixed"}, ["long"]),
        ({"body": "Test Board of Social Work"}, ["longer", SLUG]),
        ({"level": "Advanced", "price": "paid"}, []),
        ({"level": "no such", "hours": "x", "price": "y", "format": "z"}, None),
        ({"body": "no such board"}, []),
    ],
)
def test_filters(context: Flask, filters: dict[str, str], expected: list[str] | None) -> None:
    list_course("long", title="A 1", minutes=135, level="Advanced", format="mixed")
    approved = {"lines": ["test-sw"], "price_cents": 100, "format": "recordings"}
    list_course("longer", title="A 2", minutes=255, **approved)
    list_course("short", title="A 3", minutes=134)
    every = ["long", "longer", "short", SLUG]
    wanted = sorted(every if expected is None else expected)
    assert sorted(found(**filters)) == wanted
    assert sorted(found("course", **filters)) == wanted, "with words as well"


def test_an_approval_of_one_course_alone_counts(context: Flask) -> None:
    course_id = list_course("alone", title="Alone")
    known = db.session.scalars(select(Approval)).first()
    columns = {c.name: getattr(known, c.name) for c in Approval.__table__.columns}
    own = {"id": "own", "body": "A Board of Its Own", "series": None, "course_id": course_id}
    db.session.add(Approval(**{**columns, **own}))
    db.session.flush()
    entry = catalogue.search(Wanted(body="A Board of Its Own"), 1, clock.now()).entries[0]
    assert (entry.slug, entry.bodies) == ("alone", ("A Board of Its Own",))


def test_pages(context: Flask) -> None:
    for number in range(45):
        list_course(f"c{number}", title=f"Zebra {number:02}")
    first = catalogue.search(Wanted(), 1, clock.now())
    assert (first.found, first.total, first.pages, len(first.entries)) == (46, 46, 3, 20)
    seen = [*found(), *found(page=2), *found(page=3)]
    assert len(set(seen)) == 46
    assert found(page=99) == found(page=3), "beyond the last is the last"
    found_by_words = catalogue.search(Wanted("zebra"), 2, clock.now())
    assert (found_by_words.found, found_by_words.pages) == (45, 3)


def test_courses_that_are_archived_or_past_their_last_day_are_left_out(context: Flask) -> None:
    list_course("old", title="Old", expires=date(2020, 1, 1))
    archived = list_course("gone", title="Gone")
    db.session.get_one(Course, archived).archived_at = clock.now()
    db.session.flush()
    assert found() == [SLUG]
    assert found("old") == found("gone") == []
    assert catalogue.search(Wanted(), 1, LATER).total == 0


def test_publishing_keeps_the_index(context: Flask) -> None:
    assert found(price="free") == [SLUG]
    outline = give_price()
    listing = db.session.get_one(CourseListing, outline.course_id)
    assert (listing.edition_id, listing.price_cents) == (outline.edition_id, 4800)
    assert (found(price="free"), found(price="paid"), found("small")) == ([], [SLUG], [SLUG])


def test_what_is_stale_is_listed_anew(context: Flask) -> None:
    course_id = editions.get_course(SLUG).id
    db.session.delete(db.session.get_one(CourseListing, course_id))
    db.session.flush()
    assert found("small") == []
    assert catalogue_index.index_stale() == 1
    assert catalogue_index.index_stale() == 0
    assert found("small") == [SLUG]
