"""Mail and letters: what comes in, what goes out, and which case it belongs to."""
