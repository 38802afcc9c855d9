"""What comes in from elsewhere and goes out: imports with a map, and taking them back."""
