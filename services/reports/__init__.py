"""What a director asks of the records: each report counts in the database, never row by row."""
