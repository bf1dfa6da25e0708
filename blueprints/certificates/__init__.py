"""Completion, certificates, and checking them."""
