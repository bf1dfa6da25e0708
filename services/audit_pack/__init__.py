"""Audit packs: everything an approving body asks for in one ZIP."""
