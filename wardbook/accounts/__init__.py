"""Who you are: the person who signs in, their sessions, their second factor, their preferences."""
