"""Faults of post-tests: the grammar line by line, keys, and pools."""

import pytest

from tests.unit.course_format.folders import TEST_1, CourseFolder
from tests.unit.course_format.spoiling import Spoiled

ONE = "tests/1.md"
WAITS = "- (x) Waits until it is quiet"

GRAMMAR = [
    Spoiled("a key is needed", ONE, WAITS, "- ( ) Waits", "- ( ) Waits", "No option is right."),
    Spoiled("round brackets mean one key", ONE, "- ( ) Leaves", "- (x) Leaves", WAITS,
            "2 options are right."),
    Spoiled("several keys need one", ONE, "- [x] {50%} Nodding\n- [x] {50%} Asking back",
            "- [ ] Nodding\n- [ ] Asking back", "- [ ] Nodding", "No option is right."),
    Spoiled("an essay cannot be graded", ONE, "= listening\n= listen*\n", "", "## word",
            "An essay cannot be graded by the center"),
    Spoiled("a question needs a question", ONE, "Listening is quiet work.\n", "", "## quiet",
            "The question itself is missing."),
    Spoiled("a key needs its reasons", ONE, "> It is.\n", "", "## quiet",
            "The rationale is missing"),
    Spoiled("reasons come last", ONE, "- ( ) False\n\n> It is.", "> It is.\n\n- ( ) False",
            "- ( ) False", "The rationale must stand after the last answer."),
    Spoiled("an objective is named", ONE, " {objective=3}", "", "## how-many",
            "Name the objective that is tested"),
    Spoiled("an objective is a number", ONE, "{objective=3}", "{objective=three}", "## how-many",
            "Name the objective that is tested"),
    Spoiled("objectives count from 1", ONE, "{objective=3}", "{objective=0}", "## how-many",
            "Name the objective that is tested"),
    Spoiled("an attribute is known", ONE, "{objective=3}", "{objectiv=3}", "## how-many",
            "Did you mean “objective”?"),
    Spoiled("an attribute is given once", ONE, "{objective=3}", "{objective=3 objective=3}",
            "## how-many", "“objective” is here twice."),
    Spoiled("a heading's braces are closed", ONE, "{objective=3}", "{objective=3", "## how-many",
            "Write the heading as “## id {attribute}”."),
    Spoiled("an id has no capitals", ONE, "## how-many", "## How many", "## How many",
            "“How many” is not an id."),
    Spoiled("an id is there", ONE, "## how-many {", "## {", "## {objective=3}",
            "“” is not an id."),
    Spoiled("an id is used once", ONE, "## how-many", "## quiet", "## quiet {objective=3}",
            "The id “quiet” is already used on line"),
    Spoiled("text before the first question is nobody's", ONE, "\n## what", "\nHello.\n\n## what",
            "Hello.", "A question begins with"),
    Spoiled("an option has a text", ONE, "- ( ) False", "- ( )", "- ( )\n",
            "There is no text on this line."),
    Spoiled("an option is told from another", ONE, "- ( ) Leaves the room at once",
            "- ( ) waits  until it is quiet", "- ( ) waits", "The same text stands on line 10."),
    Spoiled("one option is no choice", ONE, "- ( ) False\n", "", "- (x) True",
            "There must be at least two options."),
    Spoiled("a bracket needs its inside", ONE, "- (x) True", "- () True", "- () True",
            "Write options as"),
    Spoiled("a bracket needs a space after it", ONE, "- ( ) False", "-( ) False", "-( ) False",
            "Write options as"),
    Spoiled("a question has one type", ONE, "- ( ) False", "- [ ] False", "- [ ] False",
            "A question has answers of one type only"),
    Spoiled("a stray line belongs to no answer", ONE, "- ( ) False\n", "- ( ) False\nPerhaps.\n",
            "Perhaps.", "This line belongs to no answer."),
    Spoiled("feedback is quoted on each line", ONE, "  > Louder is not clearer.",
            "  > Louder is\n  not clearer.", "  not clearer.", "Begin each line of the feedback"),
    Spoiled("only options have feedback", ONE, "= listening\n", "= listening\n  > Yes.\n", "> Yes.",
            "Only options have feedback."),
    Spoiled("right weights make a whole", ONE, "{50%} Nodding", "{40%} Nodding", "{40%} Nodding",
            "add up to 90 %, not to 100 %"),
    Spoiled("a right option has a weight", ONE, "{50%} Nodding", "Nodding", "- [x] Nodding",
            "A right option needs a weight"),
    Spoiled("a wrong option earns nothing", ONE, "{-50%}", "{50%}", "- [ ] {50%}",
            "A wrong option has a weight from {-100%} to {0%}."),
    Spoiled("all right is no question", "tests/2.md", "- [ ] A clock", "- [x] A clock",
            "- [x] A word", "Every option is right.", "warning"),
    Spoiled("a star alone accepts everything", ONE, "= listen*", "= **", "= **",
            "This accepts every answer."),
    Spoiled("an accepted answer is written once", ONE, "= listen*", "= Listening", "= Listening",
            "The same text stands on line"),
    Spoiled("a bare number is compared as text", ONE, "= listen*", "= 42", "= 42",
            "For a number write “= 42 +- 0”.", "warning"),
    Spoiled("a tolerance is a number", ONE, "= 3 +- 0", "= 3 +- some", "= 3 +- some",
            "Write a number with tolerance as"),
    Spoiled("a number is the only answer", ONE, "= 3 +- 0\n", "= 3 +- 0\n= 4 +- 0\n", "= 4 +- 0",
            "is the only answer"),
    Spoiled("case is for texts", ONE, "{objective=3}", "{objective=3 case}", "## how-many",
            "{case} is only for"),
    Spoiled("one pair is no matching", ONE, "- repeating -> later\n", "", "- asking ->",
            "at least two pairs with a left side"),
    Spoiled("a left side is there once", ONE, "- repeating ->", "- Asking ->", "- asking ->",
            "is on the left more than once"),
    Spoiled("a pair has a right side", ONE, "- repeating -> later", "- repeating ->",
            "- repeating ->", "There is no text on this line."),
    Spoiled("a distractor is wrong for all", ONE, "- -> never", "- -> later", "- -> later",
            "also the right side of a pair"),
    Spoiled("an order is numbered as it is", "tests/2.md", "2. Wait", "3. Wait", "3. Wait",
            "This must be number 2 of the list."),
    Spoiled("one step has no order", "tests/2.md", "2. Wait\n3. Answer\n", "", "1. Hear",
            "at least two steps"),
    Spoiled("a step is there once", "tests/2.md", "2. Wait", "2. hear", "2. hear",
            "The same text stands on line"),
    Spoiled("an order is announced", "tests/2.md", "order:\n", "", "## steps",
            "An essay cannot be graded"),
    Spoiled("an order is a numbered list", "tests/2.md", "1. Hear\n2. Wait\n3. Answer",
            "- (x) Hear\n- ( ) Wait", "- (x) Hear", "Below “order:” there must be"),
]  # fmt: skip

POOLS = [
    Spoiled("a draw is a number", ONE, "draw: 4", "draw: four", "draw: four",
            "must be a whole number"),
    Spoiled("nobody can draw more than there is", ONE, "draw: 4", "draw: 7", "draw: 7",
            "7 questions are drawn from a pool of 6."),
    Spoiled("a second attempt should differ", ONE, "draw: 4", "draw: 5", "draw: 5",
            "A pool of 6 is small for a draw of 5; 8 let", "warning"),
    Spoiled("the same stem is asked once", "tests/2.md", "Which answer is heard?",
            "LISTENING is quiet  work", "## aloud", "The same question is asked at tests/1.md:27.",
            "warning"),
    Spoiled("length gives a key away", ONE, "Waits until it is quiet",
            "Waits until it is quiet, for only in a quiet room can anything be heard",
            "## what-listening-is", "much longer than the others", "warning"),
    Spoiled("nothing is above after shuffling", "tests/2.md", "The one that was written",
            "None of the above", "## aloud", "Options are shuffled", "warning"),
]  # fmt: skip


@pytest.mark.parametrize("case", GRAMMAR + POOLS, ids=str)
def test_a_spoiled_question_is_found(case: Spoiled, folder: CourseFolder) -> None:
    case.prove(folder)


def pool_of_six(options: str) -> str:
    questions = [
        f"## q-{n} {{objective={n % 3 + 1}}}\n\nQuestion {n}?\n\n"
        + options.replace("N", str(n))
        + "\n> Because.\n"
        for n in range(6)
    ]
    return "---\ntitle: Post-test\ndraw: 4\n---\n\n" + "\n".join(questions)


def warnings_of(folder: CourseFolder, options: str) -> list[str]:
    folder.write("tests/1.md", pool_of_six(options))
    return [fault.message for fault in folder.faults() if fault.path == "tests/1.md"]


def test_keys_that_are_always_the_longest(folder: CourseFolder) -> None:
    said = warnings_of(folder, "- ( ) wrong N\n- (x) right N and more\n- ( ) false N\n")
    assert "The right option is the longest in 6 of 6 questions." in said


def test_keys_that_are_always_in_one_place(folder: CourseFolder) -> None:
    said = warnings_of(folder, "- ( ) wrong N\n- (x) right N\n- ( ) false N\n")
    assert said == ["The right option is number 2 in 6 of 6 questions."]


def test_true_and_false_have_no_place_of_their_own(folder: CourseFolder) -> None:
    assert warnings_of(folder, "- (x) True\n- ( ) False\n") == []


def test_a_test_without_questions_cannot_be_drawn_from(folder: CourseFolder) -> None:
    folder.write("tests/1.md", TEST_1.split("##")[0])
    assert "4 questions are drawn from a pool of 0." in [f.message for f in folder.faults()]


def test_code_in_a_question_means_nothing(folder: CourseFolder) -> None:
    folder.replace("tests/1.md", "Listening is", "```\n- (x) a\n## b\n> c\n```\n\nListening is")
    assert folder.faults() == []


EVALUATION = [
    Spoiled("a question has a kind", "evaluation.md", "{scale}", "", "## objectives",
            "Say what kind of question this is"),
    Spoiled("a question has one kind", "evaluation.md", "{scale}", "{scale text}", "## objectives",
            "Say what kind of question this is"),
    Spoiled("a kind is known", "evaluation.md", "{choice}", "{choise}", "## length",
            "Did you mean “choice”?"),
    Spoiled("objectives are rated", "evaluation.md", "{scale}", "{text}", "## objectives",
            "must be a {scale}"),
    Spoiled("a question asks something", "evaluation.md", "What should we change?\n", "",
            "## comments", "The question itself is missing."),
    Spoiled("one option is no choice", "evaluation.md", "- right\n- too long\n", "", "## length",
            "There must be at least two options."),
    Spoiled("an option is there once", "evaluation.md", "- too long", "- too short",
            "- too short\n\n##", "This option is here twice."),
    Spoiled("options are a list", "evaluation.md", "- too long", "or too long", "or too long",
            "Write each option as “- option”."),
    Spoiled("an id is used once", "evaluation.md", "## comments", "## length",
            "## length {text optional}", "The id “length” is already used"),
    Spoiled("objectives are asked about", "evaluation.md", "## objectives", "## goals", "",
            "Nothing asks how well each objective was met", "warning"),
    Spoiled("facts are known", "evaluation.md", "title:", "titel: x\ntitle:", "titel",
            "Did you mean “title”?"),
]  # fmt: skip


@pytest.mark.parametrize("case", EVALUATION, ids=str)
def test_a_spoiled_evaluation_is_found(case: Spoiled, folder: CourseFolder) -> None:
    case.prove(folder)


def test_an_evaluation_asks_something(folder: CourseFolder) -> None:
    folder.write("evaluation.md", "---\ntitle: Evaluation\n---\n\nThank you.\n")
    assert [fault.message for fault in folder.faults()] == ["The evaluation asks nothing."]
