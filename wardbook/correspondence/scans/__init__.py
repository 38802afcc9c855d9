"""Scanned letters: their pages cut apart and shown as pictures, in a process of its own with limits."""
