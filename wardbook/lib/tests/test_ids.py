import pytest

from wardbook.lib.ids import as_id, as_number, ids_among

NONE = ["", "x", "-1", "1.5", " 1", "²", "١٢", "9" * 19, None]


@pytest.mark.parametrize("sent", NONE)
def test_what_no_row_can_have_is_no_id(sent):
    assert as_id(sent) is None
    assert ids_among([sent, "7"]) == [7]


def test_a_number_that_people_see_has_nine_digits_at_the_most():
    assert (as_id("9" * 18), as_number("9" * 9), as_number("9" * 10)) == (10**18 - 1, 10**9 - 1, None)
