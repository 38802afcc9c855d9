"""Quick log: a call, visit, letter or message becomes a case while the person is still talking (ux.md 1.3)."""
