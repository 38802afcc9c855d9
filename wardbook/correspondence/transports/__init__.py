"""How we speak with mail servers. No models: what is asked comes as values, what is found goes back as values."""
