"""Each address of a case: find through the door, do one act, answer."""
