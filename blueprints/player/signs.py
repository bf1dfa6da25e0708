"""The signed token that ties a page to its page view, and the region that shows its time.

The token carries what the region needs, so that a sign of presence costs one statement: the
seconds recorded on the item and the unit besides the interval that is growing.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from blueprints.links import address
from domain.outline import ItemOutline
from domain.refusals import NotFound
from models import Attempt
from services import recorded_time, time_record
from services.enrollments import Study
from services.study import get_unit
from services.time_record import Place


@dataclass(frozen=True)
class ViewToken:
    """What a page knows of its view. Seconds are without the growing interval.

    `page_view_id` is 0 until the page is first heard of; `opened_s` is when it was opened, in
    seconds since 1970.
    """

    page_view_id: int
    uid: str
    opened_s: int
    person_id: int
    enrollment_id: int
    unit_number: int | None
    item_id: int | None
    item_seconds: int
    unit_seconds: int
    item_minutes: int
    unit_minutes: int


@dataclass(frozen=True)
class TimeSigns:
    """Context of the region `_recorded_time.html`."""

    token: str
    place_seconds: int
    place_minutes: int
    unit_seconds: int
    unit_minutes: int
    unit_number: int | None
    is_item: bool
    beats_url: str
    stopped: str = ""


def seal(token: ViewToken) -> str:
    sealed = _serializer().dumps(list(token.__dict__.values()))
    return sealed if isinstance(sealed, str) else sealed.decode()


def unseal(text: str, person_id: int) -> ViewToken:
    """The token of a page. Raises NotFound if it was altered or is another person's."""
    try:
        token = ViewToken(*_serializer().loads(text))
    except (BadSignature, TypeError) as error:
        raise NotFound("This page can no longer record time. Load it again.") from error
    if token.person_id != person_id:
        raise NotFound("This page can no longer record time. Load it again.")
    return token


def open_item(study: Study, item: ItemOutline, now: datetime) -> TimeSigns:
    """The region of an item's page, opened now. Nothing is written: the token says when."""
    token = _fresh_token(study, Place("item", item.unit_number, item.id), item.minutes, now)
    return signs(token, is_open=study.is_open)


def open_evaluation(study: Study, now: datetime) -> TimeSigns:
    """The region of the evaluation's page, opened now."""
    minutes = study.outline.assessment_minutes
    return signs(_fresh_token(study, Place("evaluation"), minutes, now), is_open=study.is_open)


def with_view(token: ViewToken) -> ViewToken:
    """The token with the id of its page view, whose row is made if this is the first sign."""
    if token.page_view_id:
        return token
    place = Place("item" if token.item_id else "evaluation", token.unit_number, token.item_id)
    opened_at = datetime.fromtimestamp(token.opened_s, UTC)
    view_id = time_record.ensure_view(
        token.person_id, token.enrollment_id, place, token.uid, opened_at
    )
    return replace(token, page_view_id=view_id)


def for_attempt(study: Study, attempt: Attempt, unit_number: int) -> TimeSigns | None:
    """The region of an attempt's pages, by the view opened when it was started."""
    view_id = time_record.find_attempt_view(study.enrollment.person_id, attempt.id)
    if view_id is None:
        return None
    place = Place("attempt", unit_number, attempt_id=attempt.id)
    token = replace(_fresh_token(study, place, 0, attempt.started_at), page_view_id=view_id)
    return signs(token, is_open=study.is_open)


def signs(token: ViewToken, growing_s: int = 0, *, is_open: bool = True) -> TimeSigns:
    """The region's context from a token and the length of the growing interval in seconds."""
    return TimeSigns(
        token=seal(token),
        place_seconds=token.item_seconds + growing_s,
        place_minutes=token.item_minutes,
        unit_seconds=token.unit_seconds + growing_s,
        unit_minutes=token.unit_minutes,
        unit_number=token.unit_number,
        is_item=token.item_id is not None,
        beats_url=address("player.create_beat"),
        stopped=""
        if is_open
        else "This course is complete: you can review it, and time is no longer recorded.",
    )


def counted_again(token: ViewToken) -> ViewToken:
    """The token with seconds read afresh, without the interval that is growing."""
    by_place = recorded_time.seconds_by_place(token.enrollment_id, besides_open=True)
    return replace(
        token,
        item_seconds=by_place.get((token.unit_number, token.item_id), 0),
        unit_seconds=_unit_seconds(by_place, token.unit_number),
    )


def _fresh_token(study: Study, place: Place, minutes: int, opened_at: datetime) -> ViewToken:
    """The token of a place with what is recorded so far, not tied to a page view yet."""
    by_place = recorded_time.seconds_by_place(study.enrollment.id)
    unit_minutes = get_unit(study, place.unit_number).minutes if place.unit_number else 0
    return ViewToken(
        page_view_id=0,
        uid=secrets.token_hex(12),
        opened_s=int(opened_at.timestamp()),
        person_id=study.enrollment.person_id,
        enrollment_id=study.enrollment.id,
        unit_number=place.unit_number,
        item_id=place.item_id,
        item_seconds=by_place.get((place.unit_number, place.item_id), 0),
        unit_seconds=_unit_seconds(by_place, place.unit_number),
        item_minutes=minutes,
        unit_minutes=unit_minutes,
    )


def _unit_seconds(by_place: dict[tuple[int | None, int | None], int], unit: int | None) -> int:
    return sum(seconds for (number, _), seconds in by_place.items() if number == unit)


def _serializer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="page-view")
