"""The staff's pages that show several rooms at once: home, lists, the case page, search, settings."""
