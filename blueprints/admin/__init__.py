"""The management panel."""
