"""Campaigns: many alike, answered fairly and fast, and the one person among them who needs help (ux.md 1.12)."""
