"""The reports whose sums the worker keeps."""

from services import evaluation_results, time_reports
from services.reports import answers, completions, long_study, money, post_tests
from services.reports.summaries import Report

REPORTS: tuple[Report, ...] = (
    completions.REPORT,
    post_tests.REPORT,
    answers.REPORT,
    money.REPORT,
    evaluation_results.REPORT,
    time_reports.REPORT,
    long_study.REPORT,
)
