"""The pages of an agency's managers."""
