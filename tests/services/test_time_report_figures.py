"""What the report of study time adds up, learner by learner."""

from domain.time_record import Evidence
from services.time_reports import WHOLE, Tally, _spread


def test_declared_time_counts_where_the_course_says_so() -> None:
    tally = Tally()
    tally.add(1, "1", Evidence.ACTIVE.value, 600)
    tally.add(1, "1", Evidence.DECLARED.value, 1200)
    tally.add(2, "1", Evidence.ACTIVE.value, 600)
    figures = [tally.figures(2)]
    for part in ("1", WHOLE):
        measured, counted = _spread(figures, False, part), _spread(figures, True, part)
        assert measured is not None and counted is not None
        assert (measured.least, measured.greatest) == (600, 600)
        assert (counted.least, counted.greatest) == (600, 1800)
