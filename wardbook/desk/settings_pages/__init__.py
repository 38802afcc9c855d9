"""Settings: people, teams, lists, fields, the office itself, its calendar and area, and the journal (ux.md 1.14)."""
