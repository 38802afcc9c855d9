"""What an import does to an office. Called through this module: `exchange_actions.bring_in(…)`."""

from wardbook.exchange.actions.batches import Brought, Import, finish
from wardbook.exchange.actions.bringing import KNOWN, bring_in
from wardbook.exchange.actions.taking_back import TakenBack, take_back

__all__ = ["KNOWN", "Brought", "Import", "TakenBack", "bring_in", "finish", "take_back"]
