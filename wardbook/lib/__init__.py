"""What knows nothing of casework: the environment, dates as people type them, rules, answers."""
