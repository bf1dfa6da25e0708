"""The forms of orders, coupons and payment terms in the panel."""

from collections.abc import Sequence
from decimal import Decimal

from flask_wtf import FlaskForm
from wtforms import (
    DecimalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional

from blueprints.accounts.forms import stripped
from blueprints.day_fields import DayField
from domain.orders import BY_HAND, GROUNDS, METHODS

MOST_USES = 100_000
MOST_CENTS = 10_000_000
NO_WAY = "Name at least one way to pay: by check, or by bank transfer."


def _note(label: str, most: int = 500) -> StringField:
    return StringField(
        label,
        [Optional(), Length(max=most, message=f"At most {most} characters, please.")],
        filters=[stripped],
    )


class MoneyForm(FlaskForm):  # type: ignore[misc]
    """Money that arrived or was sent back. The amount is the order's."""

    method = SelectField(
        "How",
        [InputRequired("Choose how the money moved.")],
        invalid_choice_message="Choose how the money moved.",
        choices=[
            SelectChoice("", "Choose a way"),
            *(SelectChoice(key, METHODS[key]) for key in BY_HAND),
        ],
    )
    reference = _note("Number or reference", 120)
    moved_on = DayField(
        "Day",
        [InputRequired("Enter the day.")],
        invalid_value_message="Enter the day as a date, such as 2027-06-30.",
    )


class CancelForm(FlaskForm):  # type: ignore[misc]
    """Canceling an order that is not paid."""

    note = _note("Note")


class RefundForm(FlaskForm):  # type: ignore[misc]
    """Deciding that the price is given back. Choices are those of the rule."""

    ground = SelectField("Ground", [InputRequired("Choose the ground of the refund.")])
    note = _note("Note")

    def offer(self, grounds: Sequence[str]) -> None:
        """Offer the grounds that the rule allows; the service refuses the others in words."""
        offered = [SelectChoice(ground, GROUNDS[ground]) for ground in grounds]
        self.ground.choices = [SelectChoice("", "Choose a ground"), *offered]
        self.ground.validate_choice = False


class CouponForm(FlaskForm):  # type: ignore[misc]
    """A new coupon."""

    code = StringField(
        "Code",
        [Optional(), Length(max=40, message="A code has at most 40 characters.")],
        filters=[stripped],
    )
    kind = RadioField(
        "What it takes off",
        [InputRequired("Choose what it takes off.")],
        invalid_choice_message="Choose what it takes off.",
        choices=[
            SelectChoice("percent", "A percentage of the price"),
            SelectChoice("amount", "An amount"),
        ],
    )
    value = DecimalField(
        "How much",
        [InputRequired("Enter how much it takes off.")],
        places=2,
        invalid_value_message="Enter a number, such as 50 or 12.50.",
    )
    uses = IntegerField(
        "Uses",
        [InputRequired("Enter how many orders may use it.")],
        invalid_value_message="Enter the number of uses as a whole number, such as 20.",
    )
    first_day = DayField(
        "First day",
        [Optional()],
        invalid_value_message="Enter the first day as a date, such as 2027-06-01.",
    )
    last_day = DayField(
        "Last day",
        [Optional()],
        invalid_value_message="Enter the last day as a date, such as 2027-06-30.",
    )
    codes = TextAreaField(
        "Course codes",
        [Optional(), Length(max=4_000, message="At most 4,000 characters, please.")],
        filters=[stripped],
    )
    note = _note("Note", 200)
    intent = HiddenField()

    def validate_code(self, field: StringField) -> None:
        if field.data and not any(c.isalnum() for c in field.data):
            raise ValidationError("A code has letters or digits.")

    def validate_value(self, field: DecimalField) -> None:
        if field.data is None or not field.data.is_finite():
            raise ValidationError("Enter a number, such as 50 or 12.50.")
        if self.kind.data == "percent" and not _is_percent(field.data):
            raise ValidationError("Enter a whole percentage from 1 to 100.")
        if self.kind.data == "amount" and not 0 < field.data * 100 <= MOST_CENTS:
            raise ValidationError("Enter an amount from 0.01 to 100,000.")

    def validate_uses(self, field: IntegerField) -> None:
        if field.data is not None and not 1 <= field.data <= MOST_USES:
            raise ValidationError(f"Enter a number of uses from 1 to {MOST_USES:,}.")


class TermsForm(FlaskForm):  # type: ignore[misc]
    """How learners pay."""

    check_to = TextAreaField(
        "Checks payable and sent to",
        [Optional(), Length(max=500, message="At most 500 characters, please.")],
        filters=[stripped],
    )
    transfer_to = TextAreaField(
        "Bank transfers",
        [Optional(), Length(max=500, message="At most 500 characters, please.")],
        filters=[stripped],
    )
    days = IntegerField(
        "Days to pay",
        [InputRequired("Enter within how many days an invoice is to be paid.")],
        invalid_value_message="Enter a whole number of days, such as 30.",
    )
    tax_label = StringField(
        "Name of the tax",
        [Optional(), Length(max=40, message="At most 40 characters, please.")],
        filters=[stripped],
    )
    tax_rate = DecimalField(
        "Rate of the tax in percent",
        [Optional()],
        places=2,
        invalid_value_message="Enter a number, such as 6.25.",
    )

    def validate(self, extra_validators: object = None) -> bool:
        """Fields that may be empty are not looked at one by one: at least one way is named."""
        is_valid = bool(super().validate(extra_validators))
        if self.check_to.data or self.transfer_to.data:
            return is_valid
        self.check_to.errors = [*self.check_to.errors, NO_WAY]
        return False

    def validate_days(self, field: IntegerField) -> None:
        if field.data is not None and not 1 <= field.data <= 365:
            raise ValidationError("Enter a number of days from 1 to 365.")

    def validate_tax_rate(self, field: DecimalField) -> None:
        rate = field.data
        if rate is None:
            return
        if not rate.is_finite() or not 0 <= rate <= 50 or rate * 100 != int(rate * 100):
            raise ValidationError("Enter a rate from 0 to 50 with at most two decimals.")
        if rate and not self.tax_label.data:
            raise ValidationError("Name the tax: the name stands on the invoice.")


def _is_percent(value: Decimal) -> bool:
    return value == value.to_integral_value() and 1 <= value <= 100
