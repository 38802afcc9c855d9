"""The Inbox: everything that came in and is not filed, decided by single keys (ux.md 1.5)."""
