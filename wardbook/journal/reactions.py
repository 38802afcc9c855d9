"""Who hears of what. A reaction runs in the transaction of the act, in order of registration.

Not a signal: a decorator over a list, for events named by a constant. `docs/events.md` prints the list.
"""

from collections import defaultdict
from collections.abc import Callable

from wardbook.journal.models import Event

Reaction = Callable[[Event], None]
_reactions: dict[str, list[Reaction]] = defaultdict(list)


def reacts_to(*names: str) -> Callable[[Reaction], Reaction]:
    """Have a function hear of events. It may only touch the database and enqueue tasks."""

    def register(reaction: Reaction) -> Reaction:
        for name in names:
            if reaction not in _reactions[name]:
                _reactions[name].append(reaction)
        return reaction

    return register


def run(event: Event) -> None:
    """Let everybody who hears of this event react, in order."""
    for reaction in _reactions.get(event.name, ()):
        reaction(event)


def registered() -> dict[str, list[Reaction]]:
    """Event name to reactions, for docs/events.md and its test."""
    return {name: list(reactions) for name, reactions in sorted(_reactions.items()) if reactions}
