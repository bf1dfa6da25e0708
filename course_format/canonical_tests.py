"""Post-tests and evaluations in canonical form, written anew from what was read."""

from course_format.canonical_pages import format_facts, tidy
from course_format.evaluation import PATH as EVALUATION_PATH
from course_format.post_test import KEYS
from course_format.source import Choice, Evaluation, EvaluationQuestion, Pair, PostTest, Question

_OPTION_INDENT = "  "


def format_post_test(text: str, path: str, test: PostTest) -> str:
    """Return the file of a post-test in canonical form."""
    parts = format_facts(text, path, KEYS)
    if parts is None:
        return text
    return parts[0] + "".join(f"\n{_question(question)}\n" for question in test.questions)


def format_evaluation(text: str, evaluation: Evaluation) -> str:
    """Return the file of the evaluation in canonical form."""
    parts = format_facts(text, EVALUATION_PATH, ("title",))
    if parts is None:
        return text
    intro = f"\n{tidy(evaluation.intro)}\n" if evaluation.intro else ""
    asked = "".join(f"\n{_evaluation_question(one)}\n" for one in evaluation.questions)
    return parts[0] + intro + asked


def _question(question: Question) -> str:
    case = " {case}" if question.case_sensitive else ""
    blocks = [
        f"## {question.id} {{objective={question.objective}}}{case}",
        tidy(question.stem),
        *_answers(question),
        _quote(tidy(question.rationale)),
    ]
    return "\n\n".join(blocks)


def _answers(question: Question) -> list[str]:
    if question.kind in ("single", "multiple"):
        return [
            "\n".join(_choice(choice, question.kind == "single") for choice in question.choices)
        ]
    if question.kind == "short":
        return ["\n".join(f"= {answer}" for answer in question.accepted)]
    if question.kind == "number":
        return [f"= {question.number:f} +- {question.tolerance:f}"]
    if question.kind == "matching":
        return ["\n".join(_pair(pair) for pair in question.pairs)]
    steps = enumerate(question.order, 1)
    return ["order:", "\n".join(_item(f"{number}.", step) for number, step in steps)]


def _choice(choice: Choice, is_single: bool) -> str:
    mark = (
        ("(x)" if choice.correct else "( )") if is_single else f"[{'x' if choice.correct else ' '}]"
    )
    weight = "" if choice.weight is None else f" {{{choice.weight}%}}"
    feedback = _quote(tidy(choice.feedback), _OPTION_INDENT) if choice.feedback else ""
    return _item(f"- {mark}{weight}", choice.text) + (f"\n{feedback}" if feedback else "")


def _item(head: str, text: str) -> str:
    """A text of one or more lines behind its mark; further lines are indented."""
    first, *others = text.split("\n")
    return "\n".join([f"{head} {first}", *(f"{_OPTION_INDENT}{line}".rstrip() for line in others)])


def _pair(pair: Pair) -> str:
    left, right = (_without_arrow(side or "") for side in (pair.left, pair.right))
    return f"- {left} -> {right}" if left else f"- -> {right}"


def _without_arrow(side: str) -> str:
    return side.replace("->", "\\->")


def _quote(text: str, indent: str = "") -> str:
    return "\n".join(f"{indent}> {line}".rstrip() for line in text.split("\n"))


def _evaluation_question(question: EvaluationQuestion) -> str:
    optional = " optional" if question.optional else ""
    options = "\n".join(f"- {option}" for option in question.options)
    blocks = [f"## {question.id} {{{question.kind}{optional}}}", tidy(question.prompt), options]
    return "\n\n".join(block for block in blocks if block)
