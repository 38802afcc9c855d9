"""What a person does, in a real browser, on a server with a database of its own."""
