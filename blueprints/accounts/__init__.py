"""Accounts: register, log in and out, password, profile, licenses, what was kept."""
