"""One act on many cases: choosing them, asking once, doing it at once or in the background, one undo for all."""
