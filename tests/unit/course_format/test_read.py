"""A good course is read whole."""

from datetime import date
from decimal import Decimal

from course_format.read import read_course
from course_format.source import Choice, Course, Pair, Question
from tests.unit.course_format.folders import CourseFolder


def course_in(folder: CourseFolder) -> Course:
    course, faults = read_course(folder.path)
    assert faults == []
    assert course is not None
    return course


def question_in(folder: CourseFolder, name: str) -> Question:
    units = course_in(folder).units
    return next(q for unit in units for q in unit.post_test.questions if q.id == name)


def test_a_good_course_has_no_fault(folder: CourseFolder) -> None:
    assert folder.faults() == []


def test_facts_are_read_as_what_they_are(folder: CourseFolder) -> None:
    course = course_in(folder)
    assert (course.slug, course.code) == ("listening-to-families", "TST-101")
    assert (course.price, course.currency, course.enrollment) == (Decimal("12.00"), "USD", ("key",))
    assert (course.released, course.expires) == (date(2026, 9, 1), date(2029, 8, 31))
    assert course.completion.minimum_percent is None
    assert course.total_minutes == 30
    assert course.demonstration is False
    assert course.categories == ()


def test_items_stand_in_the_order_of_their_numbers(folder: CourseFolder) -> None:
    folder.write("units/2-answering/10-last.md", folder.text("units/2-answering/04-a-page.md"))
    slugs = [item.slug for item in course_in(folder).units[1].items]
    assert slugs == ["answering", "the-loud-room", "a-sheet", "a-page", "last"]


def test_a_recording_knows_its_files(folder: CourseFolder) -> None:
    media = course_in(folder).units[0].items[0].media
    assert media is not None
    assert (media.path, media.duration) == ("media/hearing.mp4", 300)
    assert media.transcript_text.startswith("**Bob:**")
    assert media.poster_alt == "Two people at a table"


def test_an_item_of_another_kind_has_no_recording(folder: CourseFolder) -> None:
    _, reading, *_ = course_in(folder).units[0].items
    assert (reading.media, reading.file, reading.url) == (None, None, None)
    assert reading.origin == "A Book of Readings"
    assert reading.body.startswith("## The first part")


def test_single_choice_with_feedback(folder: CourseFolder) -> None:
    question = question_in(folder, "what-listening-is")
    assert question.kind == "single"
    assert question.stem == "What does a listener do first?"
    assert question.choices[0] == Choice("Waits until it is quiet", True, None, None)
    assert question.choices[1].feedback == "Louder is not clearer."
    assert question.rationale == "A listener waits. See the first part."


def test_multiple_choice_with_weights(folder: CourseFolder) -> None:
    question = question_in(folder, "signs")
    assert question.kind == "multiple"
    assert [choice.weight for choice in question.choices] == [50, 50, -50]
    assert [choice.correct for choice in question.choices] == [True, True, False]


def test_multiple_choice_without_weights(folder: CourseFolder) -> None:
    assert {choice.weight for choice in question_in(folder, "all-right").choices} == {None}


def test_true_and_false_are_a_single_choice(folder: CourseFolder) -> None:
    question = question_in(folder, "quiet")
    assert (question.kind, [choice.text for choice in question.choices]) == (
        "single",
        ["True", "False"],
    )


def test_short_text_where_case_counts(folder: CourseFolder) -> None:
    question = question_in(folder, "word")
    assert (question.kind, question.accepted) == ("short", ("listening", "listen*"))
    assert question.case_sensitive


def test_number_with_tolerance(folder: CourseFolder) -> None:
    folder.replace("tests/1.md", "= 3 +- 0", "= -3.50 +- 0.25")
    question = question_in(folder, "how-many")
    assert (question.kind, question.accepted) == ("number", ())
    assert (question.number, question.tolerance) == (Decimal("-3.50"), Decimal("0.25"))


def test_matching_with_a_distractor(folder: CourseFolder) -> None:
    assert question_in(folder, "pairs").pairs == (
        Pair("asking", "at first"),
        Pair("repeating", "later"),
        Pair(None, "never"),
    )


def test_an_arrow_can_be_written_as_a_sign(folder: CourseFolder) -> None:
    folder.replace("tests/1.md", "- asking -> at", "- from a \\-> b -> at")
    assert question_in(folder, "pairs").pairs[0] == Pair("from a -> b", "at first")


def test_ordering(folder: CourseFolder) -> None:
    question = question_in(folder, "steps")
    assert (question.kind, question.order) == ("ordering", ("Hear", "Wait", "Answer"))
    assert question.stem == "Put the steps in order."


def test_texts_may_have_several_lines_and_blocks(folder: CourseFolder) -> None:
    folder.replace(
        "tests/1.md",
        "What does a listener do first?",
        "A list:\n\n- one\n- two\n\n> quoted\n\n```\n- (x) code\n## code\n```\n\nWhat first?",
    )
    folder.replace("tests/1.md", "- ( ) Leaves the room at once", "- ( ) Leaves\n  the room")
    folder.replace("tests/1.md", "not clearer.", "not clearer.\n  > Truly.")
    folder.replace("tests/1.md", "> A listener waits.", "> A listener waits.\n>\n> Always.")
    question = question_in(folder, "what-listening-is")
    assert "## code" in question.stem and question.stem.endswith("What first?")
    assert question.choices[2].text == "Leaves\nthe room"
    assert question.choices[1].feedback == "Louder is not clearer.\nTruly."
    assert question.rationale.startswith("A listener waits.\n\nAlways.")


def test_the_evaluation(folder: CourseFolder) -> None:
    evaluation = course_in(folder).evaluation
    assert evaluation.intro == "Your ratings are reported without your name."
    assert [(q.id, q.kind, q.optional) for q in evaluation.questions] == [
        ("objectives", "scale", False),
        ("length", "choice", False),
        ("comments", "text", True),
    ]
    assert evaluation.questions[1].options == ("too short", "right", "too long")
    assert evaluation.questions[1].prompt == "The course was"


def test_declared_time_counts_only_where_it_says_so(folder: CourseFolder) -> None:
    assert not course_in(folder).completion.counts_declared
    folder.replace(
        "course.yaml", "minimum_time: advisory", "minimum_time: advisory, declared_time: counted"
    )
    assert course_in(folder).completion.counts_declared


def test_minimum_time_can_be_required(folder: CourseFolder) -> None:
    folder.replace("course.yaml", "minimum_time: advisory", 'minimum_time: "require 80 %"')
    assert course_in(folder).completion.minimum_percent == 80


def test_windows_files_read_the_same(folder: CourseFolder) -> None:
    before = course_in(folder)
    for name in ("course.yaml", "tests/1.md", "evaluation.md"):
        folder.write(name, "\ufeff" + folder.text(name).replace("\n", "\r\n"))
    assert course_in(folder) == before


def test_a_course_with_a_fault_is_not_given_out(folder: CourseFolder) -> None:
    folder.replace("course.yaml", "code: TST-101\n", "")
    course, faults = read_course(folder.path)
    assert course is None
    assert [fault.severity for fault in faults] == ["error"]
