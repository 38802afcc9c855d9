"""The only writers of mail and letters."""
