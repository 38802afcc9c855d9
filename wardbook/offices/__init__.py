"""Whom you work for: offices, the people in them, teams, representatives, the working calendar; the tenancy wall."""
