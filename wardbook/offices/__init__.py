"""Whom you work for: offices, the people in them, teams, the working calendar; the tenancy wall."""
