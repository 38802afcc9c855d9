"""The list of cases: what narrows it, how it is ordered, paged, counted and shown."""
