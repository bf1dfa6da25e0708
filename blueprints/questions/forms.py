"""The form of a message, to the instructor and from them."""

from uuid import uuid4

from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from blueprints.accounts.forms import stripped
from services.learner_questions import Written

LONGEST = 5000


def _plain_lines(text: str | None) -> str | None:
    return text.replace("\r\n", "\n").replace("\x00", "") if text else text


class MessageForm(FlaskForm):  # type: ignore[misc]
    """One message of plain text. `item` names the item a question is about."""

    text = TextAreaField(
        "Your message",
        [
            DataRequired("Write your message."),
            Length(max=LONGEST, message=f"A message has at most {LONGEST} characters."),
        ],
        filters=[_plain_lines, stripped],
    )
    item = HiddenField()
    intent = HiddenField()

    def written_by(self, author_id: int) -> Written:
        """What was typed, as the service takes it."""
        return Written(author_id, self.text.data, self.intent.data or "")


def empty_form(item: str = "") -> MessageForm:
    """A form to write in, with a mark of its own."""
    return MessageForm(formdata=None, item=item, intent=uuid4().hex)


def name_text(form: MessageForm, name: str, label: str) -> MessageForm:
    """Give the text field an id and a label of its own: a page may hold several such forms."""
    form.text.id = name
    form.text.label.text = label
    return form
