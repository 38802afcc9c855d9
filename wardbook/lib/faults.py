"""Named places at which a test kills a process, to prove that nothing is lost or doubled there (security.md 4C, R3).

`FAULT_POINT=after-lease` ends the process at its first pass through that point, `FAULT_POINT=after-lease:7` at its
seventh, as `kill -9` would: nothing is flushed, closed or rolled back. Without the variable a point does nothing. It
is no setting of the product, so it has no prefix of ours.
"""

import os
from collections import Counter

_wanted, _, _turn = os.environ.get("FAULT_POINT", "").partition(":")
_passes: Counter[str] = Counter()

KILLED = 137
"""The exit code of a process that was killed at a point, as a shell reports kill -9."""


def arm(fault: str) -> None:
    """Do as if the variable said this: for a test in a process that it forked."""
    global _wanted, _turn
    _wanted, _, _turn = fault.partition(":")
    _passes.clear()


def point(name: str) -> None:
    """End this process here, if that is what was asked for."""
    if name != _wanted:
        return
    _passes[name] += 1
    if _passes[name] >= int(_turn or 1):
        os._exit(KILLED)
