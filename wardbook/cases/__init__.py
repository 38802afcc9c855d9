"""The matter itself: cases, who is on them, what was done, what was noted, which files, how it ended."""
