"""HTML as a person reads it."""

import pytest

from wardbook.correspondence.mime.html_text import render

pytestmark = pytest.mark.any_engine


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("<b>Bo</b>ld  and\n <i>it</i>alic", "Bold and italic"),
        ("<p>&nbsp;</p><p>Caf&eacute; &amp; t&#375; &#x2013;</p>", "Café & tŷ –"),
        ('<a href="https://example.org/a">the plan</a>', "the plan (https://example.org/a)"),
        ('<a href="https://www.example.org/">example.org</a>', "example.org"),
        ('<a href="mailto:mair@example.org">mair@example.org</a>', "mair@example.org"),
        ('<a href="javascript:alert(1)">click</a>', "click"),
        ("<ul><li>One</li><li>Two<ol><li>Inner</li></ol></li></ul>", "- One\n- Two\n\n  1. Inner"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a | b\nc | d"),
        ("<style>p{}</style><script>if (a<b) x()</script><title>T</title><p>Text</p>", "Text"),
        ("<!-- <p>no</p> -->yes<![if mso]>!<![endif]>", "yes!"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<blockquote>Old</blockquote>New", "> Old\n\nNew"),
        ('<img src="cid:x" alt="The map">', "[The map]"),
        (
            "1 < 2 and <mair@example.org> and <https://example.org>",
            "1 < 2 and <mair@example.org> and <https://example.org>",
        ),
        ('<a title="a > b" href=https://example.org/x>there</a>', "there (https://example.org/x)"),
        ("<p>One<p>Two", "One\n\nTwo"),
        ("<html><head><title>x</head><body>Text</body></html>", "Text"),
        ("", ""),
        ("<", "<"),
        ("a<b", "a<b"),
        ("<script>never closed", ""),
    ],
)
def test_html_is_read(html, text):
    assert render(html).text == text


def test_more_links_than_anybody_follows_are_named_without_their_addresses():
    found = render('<a href="https://example.org/page">page</a> ' * 5_001)
    assert found.text.count("(https://example.org/page)") == 5_000
    assert found.problems == ["too many links"]


def test_a_huge_page_is_cut_with_a_note():
    assert render("word " * 1_000_000).problems == ["html cut"]
