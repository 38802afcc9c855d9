"""A filter is a value: an address and a line of words say the same thing, and nothing typed is an error."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardbook.desk.cases_list import filter_words
from wardbook.desk.cases_list.filter_words import Lexicon, Name
from wardbook.desk.cases_list.filters import FIELDS, SORTS, Filter, Term, from_pairs

NAMES = [
    Name("status", "1", "New"),
    Name("status", "2", "Open"),
    Name("status", "5", "Closed"),
    Name("area", "10", "Housing"),
    Name("area", "11", "Council tax"),
    Name("category", "20", "Repairs and damp"),
    Name("category", "21", "Other"),
    Name("category", "22", "Other"),
    Name("tag", "30", "damp"),
    Name("tag", "31", "none"),
    Name("tag", "32", "riverside-estate"),
    Name("tag", "33", "#1"),
    Name("ward", "40", "Riverside"),
    Name("ward", "41", "Tŷ Coch"),
    Name("owner", "50", "Anna Price"),
    Name("owner", "51", "me"),
]
LEXICON = Lexicon(NAMES)


def said(words):
    return [(term.field, term.value, term.negated) for term in filter_words.parse(words, LEXICON)]


def test_words_become_terms():
    line = "me open housing >14d tag:damp waiting unassigned ref:2041 ward:riverside"
    assert said(line) == [
        ("owner", "me", False),
        ("status", "open", False),
        ("area", "10", False),
        ("age", ">14", False),
        ("tag", "30", False),
        ("waiting", "any", False),
        ("owner", "none", False),
        ("ref", "2041", False),
        ("ward", "40", False),
    ]


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("-tag:damp", [("tag", "30", True)]),
        ("council tax", [("area", "11", False)]),
        ("COUNCIL-TAX", [("area", "11", False)]),
        ('"council tax"', [("text", "council tax", False)]),
        ("broken lift", [("text", "broken", False), ("text", "lift", False)]),
        ("damp", [("text", "damp", False)]),
        ("tag:nosuch", [("text", "tag:nosuch", False)]),
        ("nosuch:damp", [("text", "nosuch:damp", False)]),
        ("ward:ty-coch", [("ward", "41", False)]),
        ("ward:river", [("ward", "40", False)]),
        ('owner:"anna price"', [("owner", "50", False)]),
        ("owner:anna", [("owner", "50", False)]),
        ("cat:other", [("category", "21", False), ("category", "22", False)]),
        ("status:open", [("status", "2", False)]),
        ("status:=open", [("status", "open", False)]),
        ("status:closed", [("status", "5", False)]),
        ("tag:none", [("tag", "31", False)]),
        ("tag:=none", [("tag", "none", False)]),
        ("tag:#31", [("tag", "31", False)]),
        ("tag:31", [("text", "tag:31", False)]),
        (">2w", [("age", ">14", False)]),
        ("waiting:>14d", [("waited", ">14", False)]),
        ("waiting:agency", [("waiting", "agency", False)]),
        ("opened:2025-02", [("opened", "2025-02-01..2025-02-28", False)]),
        ("opened:2025..", [("opened", "2025-01-01..", False)]),
        ("opened:2025-02-30", [("text", "opened:2025-02-30", False)]),
        ("ref:gm-2025/2041k", [("ref", "GM20252041K", False)]),
        ("-closed", [("status", "closed", True)]),
        ("", []),
        ('"', []),
        ("- : -: \x00", [("text", "-", False), ("text", ":", False), ("text", ":", True)]),
    ],
)
def test_words_are_read(words, terms):
    assert said(words) == terms


def test_a_filter_without_a_status_shows_what_is_not_closed():
    assert from_pairs([]).terms == (Term("status", "open"),)
    assert from_pairs([("status", "closed")]).values("status") == ["closed"]
    assert from_pairs([("status", "any"), ("status", "3")]).values("status") == ["any"]
    assert from_pairs([("-status", "open")]).values("status") == ["any"]


def test_what_an_address_does_not_mean_is_left_out():
    hostile = [("owner__password", "x"), ("sort", "owner__password"), ("field__in", "1"), ("owner", "1 OR 1=1")]
    assert from_pairs(hostile) == from_pairs([])
    assert from_pairs([("tag", "9" * 30), ("age", "٣"), ("opened", "2025-02-31"), ("text", "\x00")]) == from_pairs([])


def test_a_field_with_one_value_keeps_the_last():
    assert from_pairs([("age", ">14"), ("age", "<7")]).values("age") == ["<7"]


ids = st.integers(1, 60).map(str)
days = st.one_of(
    st.tuples(st.sampled_from("<>"), st.integers(0, 9999)).map(lambda it: f"{it[0]}{it[1]}"),
    st.tuples(st.integers(0, 99), st.integers(0, 99)).map(lambda it: f"{it[0]}..{it[1]}"),
)
day = st.dates().map(str)
periods = st.one_of(day, day.map(lambda it: f"{it}.."), st.tuples(day, day).map("..".join))
texts = st.text(max_size=120)


def value_of(field):
    made = {"days": days, "period": periods, "reference": texts, "text": texts}.get(field.form)
    if made is None:
        made = st.sampled_from(field.words or ("none",))
    return st.one_of(made, ids) if field.takes_ids else made


terms = st.sampled_from(list(FIELDS.values())).flatmap(
    lambda field: st.builds(Term, st.just(field.name), value_of(field), st.booleans())
)
filters = st.builds(Filter.make, st.lists(terms, max_size=80), st.sampled_from(sorted(SORTS)))


@given(filters)
@settings(max_examples=500, deadline=None)
def test_an_address_says_its_filter(chosen):
    assert from_pairs(parse_qsl(chosen.address(), keep_blank_values=True)) == chosen


@given(filters)
@settings(max_examples=300, deadline=None)
def test_words_say_their_filter(chosen):
    assert Filter.make(filter_words.parse(filter_words.write(chosen.terms, LEXICON), LEXICON), chosen.sort) == chosen


@given(st.text(max_size=300))
@settings(max_examples=1000, deadline=None)
def test_any_words_are_a_filter(words):
    chosen = Filter.make(filter_words.parse(words, LEXICON))
    assert from_pairs(parse_qsl(chosen.address(), keep_blank_values=True)) == chosen


@given(st.lists(st.tuples(st.one_of(st.sampled_from([*FIELDS, "-tag", "sort"]), st.text()), st.text())))
@settings(max_examples=1000, deadline=None)
def test_any_address_is_a_filter(pairs):
    chosen = from_pairs(pairs)
    assert from_pairs(chosen.pairs()) == chosen
