"""Links: only safe ones, in one spelling, and their true host beside a text that names another (D5, D8)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardbook.correspondence.links import entities, find_links, label, plain_words, safe_address, visible

pytestmark = pytest.mark.any_engine


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("https://www.gov.uk/find?q=a&b=1#top", "https://www.gov.uk/find?q=a&b=1#top"),
        ("HTTP://Example.ORG", "http://example.org"),
        ("https:\\\\evil.example\\x", "https://evil.example/x"),
        ("https:evil.example", "https://evil.example"),
        ("https://bank.example@evil.example/x", "https://evil.example/x"),
        ("https://evil.example\\@bank.example", "https://evil.example/@bank.example"),
        ("https://ev%69l.example", "https://evil.example"),
        ("https://a.example:8443/", "https://a.example:8443/"),
        ("https://[2001:db8::1]:80/", "https://[2001:db8::1]:80/"),
        ("https://tŷ.cymru/á b", "https://xn--t-foa.cymru/%C3%A1%20b"),
        ('https://a.example/"onclick="x', "https://a.example/%22onclick=%22x"),
        (" ht\ntps://a.example ", "https://a.example"),
        ("mailto:Rhian%40a.example@b.example", None),
        ("mailto:rhian@a.example?bcc=spy@evil.example", "mailto:rhian@a.example"),
        ("tel:+44 1632 960-021", "tel:+441632960021"),
        ("tel:*#06#", None),
        ("javascript:alert(1)", None),
        ("java\tscript:alert(1)", None),
        ("vbscript:x", None),
        ("data:text/html,x", None),
        ("//evil.example", None),
        ("/accounts/logout/", None),
        ("ftp://a.example", None),
        ("https://", None),
        ("https://a..b", None),
        ("https://a b.example", None),
        ("https://%00a.example", None),
        ("https://" + "a" * 9_000, None),
        ("", None),
    ],
)
def test_an_address_is_safe_or_none(raw, safe):
    assert safe_address(raw) == safe


@given(st.text(max_size=60).map(lambda text: "https://" + text))
def test_a_safe_address_stays_the_same(raw):
    safe = safe_address(raw)
    if safe is not None:
        assert safe_address(safe) == safe
        assert safe.isascii()
        assert not set(safe) & set("\"'<>`\\ ")


@pytest.mark.parametrize(
    ("text", "address", "note"),
    [
        ("read more", "https://a.example/x", ""),
        ("www.a.example", "https://a.example/x", ""),
        ("https://a.example", "https://news.a.example/x", ""),
        ("news.a.example", "https://a.example", ""),
        ("report.pdf", "https://files.example/1", ""),
        ("https://www.bank.example/login", "https://evil.example/", " [→ evil.example]"),
        ("Pay at bank.example now", "https://evil.example/", " [→ evil.example]"),
        ("bank.example", "https://bank.example.evil.example/", " [→ bank.example.evil.example]"),
        ("bank\u200b.example", "https://evil.example/", " [→ evil.example]"),
        ("https://аррӏе.com", "https://xn--80ak6aa92e.com/", " [→ xn--80ak6aa92e.com]"),
        ("click", "https://xn--80ak6aa92e.com/", " [→ xn--80ak6aa92e.com]"),
        ("Your bank", "http://192.0.2.7/x", " [→ 192.0.2.7]"),
        ("http://192.0.2.7/x", "http://192.0.2.7/x", ""),
        ("rhian@a.example", "mailto:rhian@a.example", ""),
        ("rhian@a.example", "mailto:spy@evil.example", " [→ spy@evil.example]"),
        ("rhian@a.example", "https://evil.example/", " [→ evil.example]"),
        ("bank.example [→ evil.example]", "https://evil.example/", ""),
        ("bank.example [→ bank.example]", "https://evil.example/", " [→ evil.example]"),
        ("call 01632 960021", "tel:01632960021", ""),
    ],
)
def test_a_link_says_where_it_leads_if_its_text_names_another_place(text, address, note):
    assert label(text, address) == note


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://a.example/x.", ["https://a.example/x"]),
        ("(https://a.example/x_(y))", ["https://a.example/x_(y)"]),
        ("www.a.example, or b@c.example!", ["http://www.a.example", "mailto:b@c.example"]),
        ("mailto:b@c.example tel:+441632960021", ["mailto:b@c.example", "tel:+441632960021"]),
        ("javascript:alert(1) file:///x ftp://a.example data:x", []),
        ("no.link here.Either 1.2", []),
        ("https://a.example/<b>", ["https://a.example/"]),
    ],
)
def test_links_are_found_in_text(text, found):
    assert [link.address for link in find_links(text, 10)] == found


def test_only_so_many_links_are_found():
    assert len(list(find_links("https://a.example " * 50, 7))) == 7


def test_what_is_never_shown_is_taken_out():
    assert visible("a\x00b\x1b[1m\u202ec\ud800d\te\n") == "ab[1mcd\te\n"
    assert plain_words("a\u200fb\u2067c") == "abc"


def test_entities_of_any_length_are_read_or_left():
    assert entities("&amp;&#0000000000065;&#x41;&nosuch;") == "&AA&nosuch;"
    assert entities("&#" + "9" * 5_000 + ";").endswith("99;")


SLOW = {
    "dots": "a." * 50_000,
    "at signs": "a@" * 50_000,
    "addresses without end": "a@b." * 25_000,
    "schemes": "http://" * 15_000,
    "www": "www." * 25_000,
    "www after letters": "wwww." * 20_000,
    "brackets": "http://a/" + "(" * 100_000,
    "closing brackets": ("http://a/" + ")" * 1_900 + " ") * 50,
    "words": "a" * 100_000,
    "numbers": "tel:" + "1" * 100_000,
    "dashes": "a-" * 50_000,
    "entities": "&" * 100_000,
    "percent": "%" * 100_000,
}


@pytest.mark.parametrize("what", SLOW)
def test_no_text_makes_the_search_for_links_slow(what, work_of):
    text = SLOW[what]
    for search in (lambda t: list(find_links(t, 1_000)), entities, visible, lambda t: label(t, "https://a.example/")):
        assert work_of(search, text[: len(text) // 2], text) < 4


@pytest.fixture
def work_of():
    """How many times longer twice the text takes, with a floor under which nothing is measured (F3)."""
    from time import process_time

    def measure(search, half, whole):
        times = []
        for text in (half, whole):
            best = 9.0
            for _ in range(3):
                began = process_time()
                search(text)
                best = min(best, process_time() - began)
            times.append(max(best, 0.02))
        return times[1] / times[0]

    return measure
