"""What is still under way on a case as other rooms know it, said before it closes: an email not sent, a letter not
printed. The rooms above register their question, as they do for undoing."""

from collections.abc import Callable
from typing import NamedTuple

from wardbook.cases.models import Case
from wardbook.offices.models import Membership


class Outstanding(NamedTuple):
    """One thing that has not left yet: in words, and where it is looked at."""

    words: str
    address: str
    is_trouble: bool = False


Question = Callable[[Case, Membership], list[Outstanding]]

_questions: list[Question] = []


def asks(question: Question) -> Question:
    """Have this asked before a case closes."""
    _questions.append(question)
    return question


def on(case: Case, member: Membership) -> list[Outstanding]:
    """All that this person may know of, trouble first."""
    found = [one for question in _questions for one in question(case, member)]
    return sorted(found, key=lambda one: not one.is_trouble)
