"""Plain text as a page shows it: nothing of it acts, its links can be pressed, what it quotes is folded."""

import pytest

from wardbook.correspondence.paragraphs import as_paragraphs, is_cut
from wardbook.correspondence.tests import payloads
from wardbook.correspondence.tests.test_cleaning import Harm, words_of

pytestmark = pytest.mark.any_engine

OURS = {"details", "summary", "details class"}


def harm_in(html):
    reader = Harm()
    reader.feed(html)
    reader.close()
    return [found for found in reader.found if found not in OURS and not found.endswith(" class")]


@pytest.mark.parametrize("kind", payloads.CLASSES)
def test_nothing_of_a_text_acts(kind):
    text = "\n> ".join(payloads.CLASSES[kind])
    assert harm_in(as_paragraphs(text)) == []


def test_paragraphs_and_lines_stay_as_they_were_typed():
    assert as_paragraphs("Dear Member,\n\n\nIt is damp.\r\nAgain <b>.\n") == (
        '<p dir="auto">Dear Member,</p><p dir="auto">It is damp.<br>Again &lt;b&gt;.</p>'
    )


def test_a_link_can_be_pressed_and_a_script_cannot():
    shown = as_paragraphs("see www.a.example/x. or javascript:alert(1)")
    assert shown == (
        '<p dir="auto">see <a href="http://www.a.example/x" target="_blank" rel="noopener noreferrer nofollow">'
        "<bdi>www.a.example/x</bdi></a>. or javascript:alert(1)</p>"
    )


def test_a_link_that_looks_like_another_says_what_it_is():
    assert "https://аррӏе.com/ [→ xn--80ak6aa92e.com]" in as_paragraphs("https://аррӏе.com/")


def test_the_quoted_past_is_folded_and_can_be_opened():
    shown = as_paragraphs("Thank you.\n\n> one\n>> two\n>\n> three\n\nRhian")
    assert shown == (
        '<p dir="auto">Thank you.</p><details class="mail__earlier"><summary>Earlier text (4 lines)</summary>'
        '<blockquote><p dir="auto">one<br>two</p><p dir="auto">three</p></blockquote></details>'
        '<p dir="auto">Rhian</p>'
    )


def test_a_line_or_two_that_the_writer_answers_stay_open():
    assert as_paragraphs("> Is it damp?\nYes.") == (
        '<blockquote><p dir="auto">Is it damp?</p></blockquote><p dir="auto">Yes.</p>'
    )


def test_letters_cannot_be_turned_beyond_their_paragraph():
    assert words_of(as_paragraphs("a\u202egpj.exe")) == "agpj.exe"


def test_a_text_without_end_is_cut_and_says_so():
    assert is_cut("x" * 200_001)
    assert not is_cut("x" * 200_000)
    assert len(as_paragraphs("x" * 10_000_000)) < 200_200
    assert as_paragraphs("\n".join(str(n) for n in range(20_000))).count("<br>") == 9_999
    assert as_paragraphs("http://a.example/ " * 5_000).count("<a ") == 1_000


def test_no_text_is_no_paragraph():
    assert as_paragraphs("") == as_paragraphs(" \n ") == ""
