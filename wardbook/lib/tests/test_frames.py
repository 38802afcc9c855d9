"""Calls find memory for their frames without asking the system at every turn."""

import resource
import sys

import pytest

from wardbook.lib.frames import in_one_piece

TURNS = 1_000
DEPTHS = range(600)


def nothing(one=1, two=2, three=3, four=4, five=5, six=6):
    """Its frame is large enough not to fit where a piece is nearly full."""


def asked(depth):
    """How often a loop of calls that begins so deep touches memory that the process did not have."""
    if depth:
        return asked(depth - 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _turn in range(TURNS):
        nothing()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


@in_one_piece
def worst():
    return max(map(asked, DEPTHS))


def test_no_depth_makes_a_loop_ask_for_memory_at_every_turn():
    assert worst() < TURNS // 4


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="a later CPython may keep the piece")
def test_without_it_some_depth_does():
    assert max(map(asked, DEPTHS)) >= TURNS


def test_the_function_stays_what_it_was():
    @in_one_piece
    def divided(one, *, by):
        """Divide."""
        return one / by

    assert divided(6, by=3) == 2
    assert (divided.__name__, divided.__doc__) == ("divided", "Divide.")
    with pytest.raises(ZeroDivisionError):
        divided(1, by=0)


def test_it_may_be_called_within_itself_many_times():
    @in_one_piece
    def down(number):
        return number and 1 + down(number - 1)

    assert down(200) == 200
