"""The instructor's queue of learner questions."""
