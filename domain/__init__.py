"""The rules: values and an explicit `now` in, values out. No Flask, no SQLAlchemy."""
