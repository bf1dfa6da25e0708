"""What the product refuses, as exceptions; `blueprints.errors` turns each into a page once."""


class Refusal(Exception):
    """Something asked for is refused. `status` is the HTTP status, the text is for the person."""

    status = 400


class NotFound(Refusal):
    """There is no such thing, or it is not this person's to know of."""

    status = 404


class Forbidden(Refusal):
    """The person is known, the thing exists for others, the role is wrong."""

    status = 403


class Conflict(Refusal):
    """The thing is not in a state that allows this (already submitted, ended, taken)."""

    status = 409


class TooMany(Refusal):
    """Asked too often. `retry_after` is in whole seconds."""

    status = 429

    def __init__(self, message: str, retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Invalid(Refusal):
    """A rule about what was typed was broken. `field` names the form field it concerns."""

    status = 422

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message
