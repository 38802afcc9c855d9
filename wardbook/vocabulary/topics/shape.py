"""How a tree of topics is written down."""

from typing import NamedTuple

from django.utils.functional import Promise

Words = str | Promise


class Topic(NamedTuple):
    """A category with its service types."""

    name: Words
    service_types: list[Words] = []


class Area(NamedTuple):
    """A policy area: its name, what belongs there, and its categories."""

    name: Words
    description: Words
    categories: list[Topic]
