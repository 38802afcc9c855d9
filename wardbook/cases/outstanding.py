"""What is still under way on a case as other rooms know it, said before it closes: an email not sent, a letter not
printed. The rooms above register their question, as they do for undoing."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from wardbook.offices.models import Membership


class Outstanding(NamedTuple):
    """One thing that has not left yet: of which case, in words, and where it is looked at."""

    case: str
    words: str
    address: str
    is_trouble: bool = False


# Takes the ids of cases, so that one asks of many as of one (S1.19).
Question = Callable[[Collection[int], Membership], list[Outstanding]]
MOST = 20
"""So many are told by each question: more would not be read."""

_questions: list[Question] = []


def asks(question: Question) -> Question:
    """Have this asked before cases close."""
    _questions.append(question)
    return question


def on(cases: Collection[int], member: Membership) -> list[Outstanding]:
    """What this person may know of, trouble first."""
    found = [one for question in _questions for one in question(cases, member)] if cases else []
    return sorted(found, key=lambda one: not one.is_trouble)
