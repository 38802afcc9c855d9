"""Wardbook: casework for elected representatives and the people who work for them."""

__version__ = "0.1.0"
