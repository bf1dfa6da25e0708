"""HTTP: one package per area a person would name."""
