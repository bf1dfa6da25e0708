"""Walking through a course read-only: reviewers of approving bodies, and staff as a preview."""
