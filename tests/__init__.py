"""What crosses the whole house."""
