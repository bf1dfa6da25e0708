"""The PDF of an invoice or receipt, to the learner and to administrators."""

import time

from flask import Response, abort, make_response
from flask.typing import ResponseReturnValue

from blueprints.http import page
from domain.orders import shown_number
from extensions import db
from models import Order, OrderDocument
from services import invoices, orders

LONGEST_WAIT_S = 5.0
LOOK_EVERY_S = 0.25
LOOK_AGAIN_S = 10


def send_document(order: Order, variant: str, back: str) -> ResponseReturnValue:
    """The stored PDF; just after the order it waits a little for the worker, holding nothing.

    Then a page saying that it is not ready yet. 404 for the receipt of what is not paid.
    """
    if variant == invoices.RECEIPT and "payment" not in orders.list_payments(order.id):
        abort(404)
    order_id, number = order.id, shown_number(order.number)
    document = _wait_for_pdf(order_id, variant)
    if document is None:
        return _not_yet(number, variant, back)
    name = f"{variant}-{number}.pdf"
    response = make_response(document.content)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _wait_for_pdf(order_id: int, variant: str) -> OrderDocument | None:
    deadline = time.monotonic() + LONGEST_WAIT_S
    while (document := invoices.find_pdf(order_id, variant)) is None:
        db.session.rollback()
        if time.monotonic() > deadline:
            return None
        time.sleep(LOOK_EVERY_S)
    return document


def _not_yet(number: str, variant: str, back: str) -> Response:
    response = page("orders/pdf_not_ready.html", 503, number=number, variant=variant, back=back)
    response.headers["Retry-After"] = str(LOOK_AGAIN_S)
    return response
