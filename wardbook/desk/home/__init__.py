"""Home: what must I do now, and what is about to go wrong (ux.md 1.4)."""
