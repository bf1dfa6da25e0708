"""The forms of attempts granted and of questions voided."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from blueprints.accounts.forms import stripped

LONGEST_REASON = 500


class GrantForm(FlaskForm):  # type: ignore[misc]
    """Attempts for one learner at one post-test. The choices of `unit` are those not passed."""

    unit = SelectField("Post-test", [InputRequired("Choose a post-test.")])
    attempts = IntegerField(
        "Attempts",
        [InputRequired("Enter how many attempts you grant.")],
        default=1,
        invalid_value_message="Enter the number of attempts as a whole number, such as 1.",
    )
    reason = TextAreaField(
        "Reason",
        [
            DataRequired("Write why you grant the attempts."),
            Length(max=LONGEST_REASON, message="A reason has at most 500 characters."),
        ],
        filters=[stripped],
    )
    intent = HiddenField()


class RulingForm(FlaskForm):  # type: ignore[misc]
    """Why a question is void."""

    reason = TextAreaField(
        "Why the question is void",
        [
            DataRequired("Say why the question is void, in a sentence that learners read."),
            Length(max=LONGEST_REASON, message="A reason has at most 500 characters."),
        ],
        filters=[stripped],
    )
