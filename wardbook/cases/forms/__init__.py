"""What people type about cases, checked field by field."""
