"""The form of an order: to whom the invoice goes, and a coupon. Prices come from the server."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from blueprints.accounts.forms import stripped


class OrderForm(FlaskForm):  # type: ignore[misc]
    """What the invoice needs."""

    buyer = StringField(
        "Name on the invoice",
        [
            DataRequired("Enter the name that the invoice is made out to."),
            Length(max=120, message="A name has at most 120 characters."),
        ],
        filters=[stripped],
    )
    organization = StringField(
        "Organization",
        [Optional(), Length(max=120, message="An organization has at most 120 characters.")],
        filters=[stripped],
    )
    address = TextAreaField(
        "Address",
        [Optional(), Length(max=300, message="An address has at most 300 characters.")],
        filters=[stripped],
    )
    coupon = StringField(
        "Coupon",
        [Optional(), Length(max=40, message="A coupon has at most 40 characters.")],
        filters=[stripped],
    )
    intent = HiddenField()
