"""The signed token that ties a page to its page view, and the region that shows its time.

The token carries what the region needs, so that a sign of presence costs one statement: the
seconds recorded on the item and the unit besides the interval that is growing.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

from flask import Response, current_app
from itsdangerous import BadSignature, Serializer, Signer, URLSafeSerializer
from itsdangerous.encoding import base64_encode

import clock
from blueprints.headers import FRAMING_POLICY
from blueprints.http import page
from domain.gaps import Gap, find_gap
from domain.outline import ItemOutline
from domain.refusals import Conflict, NotFound
from models import Attempt
from services import accommodations, page_views, recorded_time
from services.enrollments import Study
from services.page_views import Place
from services.study import get_unit

TOKENS_KEPT = 16_384
STOPPED = "This course is complete: you can review it, and time is no longer recorded."


@dataclass(frozen=True)
class ViewToken:
    """What a page knows of its view. Seconds are without the growing interval.

    `page_view_id` is 0 until the page is first heard of. `opened_s` is when it was opened,
    `acted_s` when its learner last did something in the scripts-off panel, `until_s` when access
    ends, all in seconds since 1970. `idle_s`: after so long without any action the panel asks
    for presence; 0: never.
    """

    page_view_id: int
    uid: str
    opened_s: int
    person_id: int
    enrollment_id: int
    unit_number: int | None
    item_id: int | None
    attempt_id: int | None
    item_seconds: int
    unit_seconds: int
    item_minutes: int
    unit_minutes: int
    until_s: int
    acted_s: int
    idle_s: int
    with_declared: bool

    @property
    def opened_at(self) -> datetime:
        return datetime.fromtimestamp(self.opened_s, UTC)

    @property
    def place(self) -> Place:
        kind = "attempt" if self.attempt_id else "item" if self.item_id else "evaluation"
        return Place(kind, self.unit_number, self.item_id, self.attempt_id)


@dataclass(frozen=True)
class Meter:
    """Recorded time as a bar (its width of 1000, as text) and in words."""

    width: str
    words: str


@dataclass(frozen=True)
class TimeSigns:
    """Context of the region `_recorded_time.html` and of the panel that stands in for scripts."""

    token: str
    place_seconds: int
    place_minutes: int
    unit_seconds: int
    unit_minutes: int
    unit_number: int | None
    is_item: bool
    asks: bool
    stopped: str = ""

    @property
    def meters(self) -> tuple[Meter, ...]:
        """Of the item or page, where it has minutes, and of its unit."""
        found = []
        if self.place_minutes:
            place = "This item" if self.is_item else "This page"
            found.append(_meter(place, self.place_seconds, self.place_minutes))
        if self.unit_number:
            found.append(_meter(f"Unit {self.unit_number}", self.unit_seconds, self.unit_minutes))
        return tuple(found)


class KeptSigner(Signer):
    """A signer whose key is derived once: it is the same for every text."""

    @cached_property
    def _derived(self) -> bytes:
        return super().derive_key()

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        return self._derived if secret_key is None else super().derive_key(secret_key)


class ShortSerializer(URLSafeSerializer):
    """A serializer for what is too short to compress: trying costs more than all the rest."""

    default_signer = KeptSigner

    @cached_property
    def _signer(self) -> Signer:
        return super().make_signer()

    def make_signer(self, salt: str | bytes | None = None) -> Signer:
        return self._signer if salt is None else super().make_signer(salt)

    def dump_payload(self, obj: Any) -> bytes:
        return base64_encode(Serializer.dump_payload(self, obj))


def seal(token: ViewToken) -> str:
    sealed = _serializer().dumps(list(token.__dict__.values()))
    return sealed if isinstance(sealed, str) else sealed.decode()


def unseal(text: str, person_id: int) -> ViewToken:
    """The token of a page. Raises NotFound if it was altered or is another person's."""
    try:
        token = _unseal(_serializer(), text)
    except (BadSignature, TypeError) as error:
        raise NotFound("This page can no longer record time. Load it again.") from error
    if token.person_id != person_id:
        raise NotFound("This page can no longer record time. Load it again.")
    return token


@lru_cache(maxsize=TOKENS_KEPT)
def _unseal(serializer: ShortSerializer, text: str) -> ViewToken:
    """A page sends the same token until it learns a new one."""
    return ViewToken(*serializer.loads(text))


def study_page(
    template: str, status: int = 200, *, study: Study, time_signs: TimeSigns, **context: Any
) -> Response:
    """A page that records time: it tells of a gap before it, and may hold the panel in a frame."""
    gap = gap_before(study, time_signs, clock.now())
    context = {"study": study, "time_signs": time_signs, "gap": gap, **context}
    return with_panel(page(template, status, **context))


def with_panel(response: Response) -> Response:
    """The page may hold the panel of the time record in a frame."""
    response.headers["Content-Security-Policy"] = FRAMING_POLICY
    return response


def gap_before(study: Study, time_signs: TimeSigns, now: datetime) -> Gap | None:
    """The gap of the time record to tell of on a page that is opened now."""
    if time_signs.stopped:
        return None
    return find_gap(recorded_time.list_latest(study.enrollment.id), now)


def open_item(study: Study, item: ItemOutline, now: datetime) -> TimeSigns:
    """The region of an item's page, opened now. Nothing is written: the token says when."""
    place = Place("item", item.unit_number, item.id)
    return signs(_fresh_token(study, place, item.minutes, now), is_open=study.is_open)


def open_evaluation(study: Study, now: datetime) -> TimeSigns:
    """The region of the evaluation's page, opened now."""
    minutes = study.outline.assessment_minutes
    return signs(_fresh_token(study, Place("evaluation"), minutes, now), is_open=study.is_open)


def open_attempt(study: Study, attempt: Attempt, unit_number: int, now: datetime) -> TimeSigns:
    """The region of a page of an attempt, opened now."""
    place = Place("attempt", unit_number, attempt_id=attempt.id)
    return signs(_fresh_token(study, place, 0, now), is_open=study.is_open)


def with_view(token: ViewToken) -> ViewToken:
    """The token with the id of its page view, whose row is made if this is the first sign."""
    if token.page_view_id:
        return token
    view_id = page_views.ensure_view(
        token.person_id, token.enrollment_id, token.place, token.uid, token.opened_at
    )
    return replace(token, page_view_id=view_id)


def refuse_after_access(token: ViewToken, now: datetime) -> None:
    """Raise Conflict where access to the course has ended since the page was opened."""
    if now.timestamp() >= token.until_s:
        raise Conflict("Your access to this course has ended: time is no longer recorded.")


def signs(
    token: ViewToken, growing_s: int = 0, *, is_open: bool = True, sealed: str = ""
) -> TimeSigns:
    """The region's context from a token and the length of the growing interval in seconds.

    `sealed` is the token as text, where it is known.
    """
    return TimeSigns(
        token=sealed or seal(token),
        place_seconds=token.item_seconds + growing_s,
        place_minutes=token.item_minutes,
        unit_seconds=token.unit_seconds + growing_s,
        unit_minutes=token.unit_minutes,
        unit_number=token.unit_number,
        is_item=token.item_id is not None,
        asks=token.idle_s > 0,
        stopped="" if is_open else STOPPED,
    )


def counted_again(token: ViewToken) -> TimeSigns:
    """The region with everything counted afresh, and a token that knows it."""
    growing_s = recorded_time.growing_seconds(token.page_view_id)
    by_place = recorded_time.seconds_by_place(
        token.enrollment_id, with_declared=token.with_declared
    )
    fresh = replace(
        token,
        item_seconds=by_place.get((token.unit_number, token.item_id), 0) - growing_s,
        unit_seconds=_unit_seconds(by_place, token.unit_number) - growing_s,
    )
    return signs(fresh, growing_s)


def _fresh_token(study: Study, place: Place, minutes: int, opened_at: datetime) -> ViewToken:
    """The token of a place with what is recorded so far, not tied to a page view yet."""
    enrollment, outline = study.enrollment, study.outline
    by_place = recorded_time.seconds_by_place(enrollment.id, with_declared=outline.counts_declared)
    opened_s = int(opened_at.timestamp())
    return ViewToken(
        page_view_id=0,
        uid=secrets.token_hex(12),
        opened_s=opened_s,
        person_id=enrollment.person_id,
        enrollment_id=enrollment.id,
        unit_number=place.unit_number,
        item_id=place.item_id,
        attempt_id=place.attempt_id,
        item_seconds=by_place.get((place.unit_number, place.item_id), 0),
        unit_seconds=_unit_seconds(by_place, place.unit_number),
        item_minutes=minutes,
        unit_minutes=get_unit(study, place.unit_number).minutes if place.unit_number else 0,
        until_s=int(enrollment.access_until.timestamp()),
        acted_s=opened_s,
        idle_s=_idle_seconds(study, minutes or outline.assessment_minutes, opened_at),
        with_declared=outline.counts_declared,
    )


def _idle_seconds(study: Study, minutes: int, now: datetime) -> int:
    """A place's minutes times the learner's time factor; 0 where the learner is never asked."""
    enrollment = study.enrollment
    effect = accommodations.get_effect(enrollment.person_id, enrollment.course_id, now)
    idle = effect.lengthen(timedelta(minutes=minutes))
    return int(idle.total_seconds()) if effect.asks_presence else 0


def _meter(place: str, seconds: int, minutes: int) -> Meter:
    share = min(1000 * seconds / (minutes * 60), 1000) if minutes else 0
    words = f"{place}: {seconds // 60} min {seconds % 60:02} s of {minutes} min"
    return Meter(f"{max(share - 4, 0):.1f}", words)


def _unit_seconds(by_place: dict[tuple[int | None, int | None], int], unit: int | None) -> int:
    return sum(seconds for (number, _), seconds in by_place.items() if number == unit)


def _serializer() -> ShortSerializer:
    config = current_app.config
    return _make_serializer((*config["SECRET_KEY_FALLBACKS"], config["SECRET_KEY"]))


@lru_cache(maxsize=8)
def _make_serializer(keys: tuple[str, ...]) -> ShortSerializer:
    signing = {"key_derivation": "hmac", "digest_method": "sha1"}  # by name: the fast one
    return ShortSerializer(keys, salt="page-view", signer_kwargs=signing)
