"""Pages of messages, each kind in its own file."""
