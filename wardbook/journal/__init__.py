"""What happened: the append-only journal, reactions to it, operation keys, and what can be undone."""
