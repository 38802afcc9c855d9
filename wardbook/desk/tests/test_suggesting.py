from hypothesis import given
from hypothesis import strategies as st

from wardbook.desk.suggesting import Past, alike, suggest, telling_words

PAST = (
    [Past("Damp and mould in the flat", "housing")] * 5
    + [Past("Council tax band too high", "tax")] * 5
    + [Past("Pothole in Mill Lane", "roads")] * 2
)
NAMES = {"housing": "Repairs and damp", "tax": "Council tax", "roads": "Roads and pavements", "pension": "Pensions"}


def test_little_words_endings_and_figures_say_nothing():
    assert telling_words("The damp flats, and 14 repairs") == {"damp", "flat", "repair"}


def test_how_long_it_has_lasted_says_nothing():
    past = [Past("Boiler broken for three weeks", "repairs")] * 4
    assert suggest("Bins not collected for three weeks", past) == []
    assert alike("Bins not collected for three weeks", past) == []


def test_a_sure_one_is_first_and_sure():
    first, *_rest = suggest("Damp in flat again", PAST, NAMES)
    assert first.value == "housing"
    assert first.is_sure


def test_what_was_chosen_twice_is_offered_and_not_sure():
    (one, *_rest) = suggest("pothole", PAST, NAMES)
    assert (one.value, one.is_sure) == ("roads", False)


def test_a_name_is_enough_to_be_offered_in_a_new_office():
    assert [one.value for one in suggest("pension late", [], NAMES)] == ["pension"]


def test_what_was_retired_is_not_suggested():
    assert suggest("Damp", PAST, {"tax": "Council tax"}) == []


def test_words_never_seen_suggest_nothing():
    assert suggest("zebra", PAST, NAMES) == []
    assert suggest("", PAST, NAMES) == []


def test_alike_needs_more_than_one_word_in_common():
    others = [Past("Damp in flat 3", 1), Past("Council parking", 2), Past("Council slow about damp flat", 3)]
    assert alike("Damp in flat, council not replying", others) == [3, 1]
    assert alike("Damp", [Past("Damp in flat", 1), Past("Bins", 2)]) == [1]


@given(st.text(max_size=200), st.lists(st.tuples(st.text(max_size=60), st.integers(0, 5)), max_size=20))
def test_no_words_break_it(text, rows):
    past = [Past(words, value) for words, value in rows]
    found = suggest(text, past)
    assert len(found) <= 3
    assert all(0 < one.share <= 1.000001 for one in found)
    assert sum(one.is_sure for one in found) <= 1
    assert set(alike(text, past)) <= {value for _words, value in rows}
