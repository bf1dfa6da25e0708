"""Fields for a day: typed as in the United States, or chosen in the browser's own calendar."""

from typing import Any

from wtforms import DateField

from domain.plain_days import YEARS

DATE_FORMATS = ["%Y-%m-%d", "%m/%d/%Y"]


class DayField(DateField):  # type: ignore[misc]
    """A day of the years that calendars are kept for: beyond them, there is no day after."""

    def __init__(self, label: str, validators: Any = None, **more: Any) -> None:
        super().__init__(label, validators, format=DATE_FORMATS, **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and self.data.year not in YEARS:
            self.data = None
            raise ValueError(f"Enter a day of the years {YEARS.start} to {YEARS.stop - 1}.")
