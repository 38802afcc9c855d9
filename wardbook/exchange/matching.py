"""What a person says on the page of values, put into the document of a map. No database."""

import copy
from collections.abc import Mapping
from typing import Any

from wardbook.exchange.mapping import TOP, folded

Told = Any
"""What a value becomes as a map writes it; None where nothing is said of it."""


def with_values(document: dict[str, Any], told: Mapping[str, Mapping[str, Told]]) -> dict[str, Any]:
    """The document with what values of some fields become, whatever it said of the same values before."""
    # What a TOML file may hold besides is nothing that a map reads.
    changed = copy.deepcopy({key: document[key] for key in TOP if key in document and key != "about"})
    for name, values in told.items():
        rule = rule_of(changed, name)
        kept = rule.setdefault("values", {})
        for said, becomes in values.items():
            if not said:
                rule.pop("empty", None)
                if becomes is not None:
                    rule["empty"] = becomes
                continue
            for known in [known for known in kept if folded(known) == folded(said)]:
                del kept[known]
            if becomes is not None:
                kept[said] = becomes
        if not kept:
            del rule["values"]
    return changed


def make_the_rest(document: dict[str, Any], name: str, *, new: bool) -> None:
    """Whether a field makes every value that the list does not have."""
    rule = rule_of(document, name)
    rule.pop("new_values", None)
    if new:
        rule["new_values"] = True


def rule_of(document: dict[str, Any], name: str) -> dict[str, Any]:
    """The table of a field in a document that was read without error; made where the field is only a column."""
    *groups, last = name.split(".")
    table = document["fields"]
    for group in groups:
        table = table[group]
    if isinstance(table[last], str):
        table[last] = {"template" if "{" in table[last] else "column": table[last]}
    found: dict[str, Any] = table[last]
    return found
