"""What a person typed is kept on one line and can't rearrange the sentence around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardbook.lib.quote import one_line, quoted


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Rhian \n\t Evans ", "Rhian Evans"),
        ("Rhian\u00a0Evans", "Rhian Evans"),
        ("gpj\u202eexe", "gpjexe"),
        ("a\x00b\x1b[31m", "a b [31m"),
        ("يوسف", "يوسف"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Siân O’Brien-Łukasz", "Siân O’Brien-Łukasz"),
        ("\u202e\u200b", ""),
    ],
)
def test_one_line_keeps_letters_and_drops_what_is_invisible(typed, kept):
    assert one_line(typed) == kept


def test_what_is_long_is_shortened():
    assert quoted("x" * 1000) == "“" + "x" * 39 + "…”"


@given(st.text())
def test_a_quotation_is_always_one_printable_line(text):
    said = quoted(text)
    assert said.replace("\u200c", "").replace("\u200d", "").isprintable()
    assert len(said) <= 42
    assert one_line(one_line(text)) == one_line(text)
