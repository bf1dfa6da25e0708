"""A learner's questions to the instructor."""
