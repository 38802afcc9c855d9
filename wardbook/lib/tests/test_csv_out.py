"""Cells for spreadsheets: nothing runs, nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardbook.lib.csv_out import guarded, unguarded


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("before", ["", " ", '"', ";", ",", "'", "''"])
def test_what_could_run_as_a_formula_is_guarded_and_comes_back(before, sign):
    cell = f"{before}{sign}1+1"
    assert guarded(cell) == f"'{cell}"
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize(
    "cell", ["", "Mill Lane", "'t Hooft", "O'Brien", "-12.5", "-118.266861909", "12", "a=b", "x@example.org"]
)
def test_plain_cells_stay_as_they_are(cell):
    assert guarded(cell) == cell
    assert unguarded(cell) == cell


def test_a_telephone_number_survives_the_round():
    assert guarded("+44 1632 960021") == "'+44 1632 960021"
    assert unguarded("'+44 1632 960021") == "+44 1632 960021"


@given(st.text())
def test_every_text_survives_the_round(cell):
    assert unguarded(guarded(cell)) == cell


@given(st.text(alphabet="'=+-@ ;,\"\t\r0a"))
def test_every_tricky_text_survives_the_round(cell):
    assert unguarded(guarded(cell)) == cell
