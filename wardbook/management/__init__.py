"""Commands that concern the whole installation."""
