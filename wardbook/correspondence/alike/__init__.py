"""How near-identical mails are known for what they are: copies of one letter, some with words of their own.

Pure functions over texts. For one new mail: `essence(text)`, then `signature` and `bands` of it; those that share a
band are candidates, and `shared` decides. `wrote_something_of_their_own` sets apart whom no answer in bulk goes to.
"""

from wardbook.correspondence.alike.differing import (
    Kind,
    Span,
    differences,
    own_words,
    wrote_something_of_their_own,
)
from wardbook.correspondence.alike.essence import Essence, essence, essence_of, shared
from wardbook.correspondence.alike.fingerprint import bands, likeness, signature
from wardbook.correspondence.alike.grouping import Index, Match, group

__all__ = [
    "Essence",
    "Index",
    "Kind",
    "Match",
    "Span",
    "bands",
    "differences",
    "essence",
    "essence_of",
    "group",
    "likeness",
    "own_words",
    "shared",
    "signature",
    "wrote_something_of_their_own",
]
