"""Drawing documents as PDF, in a process of its own that may be killed without harm."""
