"""Enrolling in a course, and the list of one's own courses."""
