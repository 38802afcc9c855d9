"""What an import does to an office. Called through this module: `exchange_actions.bring_in(…)`."""

from wardbook.exchange.actions.batches import Brought, Import, finish, keep_errors
from wardbook.exchange.actions.bringing import KNOWN, bring_in
from wardbook.exchange.actions.runs import (
    ask_back,
    bring,
    can_be_taken_back,
    choose_people,
    give_up,
    look_at,
    match,
    stop,
)
from wardbook.exchange.actions.taking_back import TakenBack, take_back

__all__ = [
    "KNOWN",
    "Brought",
    "Import",
    "TakenBack",
    "ask_back",
    "bring",
    "bring_in",
    "can_be_taken_back",
    "choose_people",
    "finish",
    "give_up",
    "keep_errors",
    "look_at",
    "match",
    "stop",
    "take_back",
]
