"""People and organisations: who they are, how to reach them, what to heed, where they live."""
