"""Use cases and queries: load through the person, ask the domain, write, flush."""
