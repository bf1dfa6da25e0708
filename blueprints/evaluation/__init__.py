"""The learner's evaluation of the course."""
