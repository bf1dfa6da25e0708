"""Post-tests: start, one question per page, review, submit, result."""
