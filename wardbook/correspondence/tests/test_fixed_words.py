"""The words that Wardbook puts into what leaves: in the reader's language, and known again when they come back."""

from datetime import date

import pytest
from django.utils import translation

from wardbook.correspondence.fixed_words import FIXED, fixed_in
from wardbook.correspondence.mime.quotes import split
from wardbook.correspondence.writing import long_day

pytestmark = pytest.mark.any_engine


@pytest.mark.parametrize("language", FIXED)
def test_what_we_quote_is_the_past_when_it_is_answered(language):
    with translation.override(language):
        opening = fixed_in(language).wrote.format(day=long_day(date(2025, 6, 2)), who="Rhian Evans")
    assert split(f"Diolch.\n\n{opening}\n> old words").reply == "Diolch."
    # Some mailers take the signs off.
    assert split(f"Diolch.\n\n{opening}\n\nold words").reply == "Diolch."


def test_a_language_that_has_none_gets_the_english_ones():
    assert fixed_in("en-gb") == fixed_in("pl") == FIXED["en"]
