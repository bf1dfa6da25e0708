"""What differs between post-tests and evaluations. A question is never corrected in an edition.

What was asked and how it was graded is evidence. Where a question turns out to be wrong, it is
voided by a ruling beside the edition, or put right in the next one.
"""

from collections.abc import Iterator, Mapping

from course_format.markdown import linked_files
from course_format.source import Course, EvaluationQuestion, PostTest, Question, Unit

Found = tuple[str, bool]
Files = Mapping[str, str]

_PARTS = {
    "objective": "the objective it tests",
    "kind": "its type",
    "stem": "what it asks",
    "choices": "its options",
    "accepted": "the answers it accepts",
    "case_sensitive": "whether case counts",
    "number": "its number",
    "tolerance": "its tolerance",
    "pairs": "its pairs",
    "order": "its order",
    "rationale": "its rationale",
}


def compare_post_tests(before: Unit, after: Unit, old: Files, new: Files) -> Iterator[Found]:
    """Compare the post-tests of two versions of a unit."""
    first, second = before.post_test, after.post_test
    if first.title != second.title:
        yield f"its title is now “{second.title}”.", True
    if first.draw != second.draw:
        yield f"{first.draw} questions were drawn, {second.draw} are now.", False
    yield from _questions(first, second, old, new)


def _questions(before: PostTest, after: PostTest, old: Files, new: Files) -> Iterator[Found]:
    asked = {question.id: question for question in before.questions}
    now = {question.id: question for question in after.questions}
    for name in now:
        if name not in asked:
            yield f"the question “{name}” is added.", False
        elif changed := _changed_parts(asked[name], now[name], old, new):
            yield f"of the question “{name}”, {', '.join(changed)} changed.", False
    for name in asked:
        if name not in now:
            yield f"the question “{name}” is gone.", False
    if list(asked) != list(now) and sorted(asked) == sorted(now):
        yield "the questions stand in another order.", False


def _changed_parts(before: Question, after: Question, old: Files, new: Files) -> list[str]:
    changed = [
        words for name, words in _PARTS.items() if getattr(before, name) != getattr(after, name)
    ]
    pictures = _files_of(before) & _files_of(after)
    if any(old.get(path) != new.get(path) for path in pictures):
        changed.append("its pictures")
    return changed


def _files_of(question: Question) -> set[str]:
    options = [f"{choice.text}\n\n{choice.feedback or ''}" for choice in question.choices]
    return linked_files("\n\n".join((question.stem, question.rationale, *options)))


def compare_evaluations(before: Course, after: Course) -> Iterator[Found]:
    """Compare the evaluations. Wording may be corrected; what is counted together may not."""
    old, new = before.evaluation, after.evaluation
    if old.title != new.title or old.intro != new.intro:
        yield "Evaluation: its title or introduction is corrected.", True
    if [_key(question) for question in old.questions] != [_key(q) for q in new.questions]:
        yield "Evaluation: its questions or their options changed.", False
        return
    for question, other in zip(old.questions, new.questions, strict=True):
        if question.prompt != other.prompt:
            yield f"Evaluation: the question “{question.id}” is worded differently.", True


def _key(question: EvaluationQuestion) -> tuple[object, ...]:
    return question.id, question.kind, question.options, question.optional
