"""The PDF of a letter: tagged, on the letterhead, and nothing that was typed is read as source (D9)."""

import json
import time

import pytest
import typst

from wardbook.correspondence import letterpress
from wardbook.correspondence.letterpress import press

pytestmark = pytest.mark.any_engine

SHEET = letterpress.Sheet(
    language="cy",
    letterhead=["Office of Mair Lloyd MP", "1 High Street"],
    footer="We keep what you tell us.",
    address=["Mrs Rhian Evans", "14 Mill Lane"],
    date="2 June 2025",
    references=[("Our reference:", "2041")],
    subject="Damp in your flat",
    paragraphs=[["Dear Mrs Evans,"], ["Yours sincerely,"]],
    signatory=["Mair Lloyd"],
)


def words_on(sheet):
    """All that the template shows, as typst sees it."""
    data = {"title": "Letter", "paper": "a4", "letters": [press._plain(sheet)]}
    given = {"data": json.dumps(data)}
    return typst.query(press._SHEET, "<words>", root=press._ROOT, font_paths=press._own_fonts(), sys_inputs=given)


def test_a_letter_is_a_tagged_pdf_for_everybody():
    made = letterpress.render([SHEET], title="Damp in your flat")
    assert made.startswith(b"%PDF")
    assert b"/MarkInfo" in made
    assert b"/StructTreeRoot" in made
    assert b"pdfuaid" in made


def test_the_same_letter_is_the_same_bytes():
    assert letterpress.render([SHEET], title="A") == letterpress.render([SHEET], title="A")


@pytest.mark.parametrize(
    "typed",
    [
        '#read("/etc/passwd")',
        '#import "@preview/cetz:0.3.0"',
        "<img src=file:///etc/passwd>",
        '#image("http://127.0.0.1:9/")',
        "$ x $ *bold* _it_ @ref <label> \\u{41} // gone /* gone */",
        ']#eval("1+1")[',
    ],
)
def test_what_was_typed_stands_there_as_it_was_typed(typed):
    sheet = SHEET._replace(
        paragraphs=[[typed]], subject=typed, address=[typed], letterhead=[typed], footer=typed, signatory=[typed]
    )
    assert letterpress.render([sheet], title=typed).startswith(b"%PDF")
    shown = json.loads(words_on(sheet))
    texts = [text for one in shown for text in _texts(one)]
    assert texts.count(typed) >= 3, texts


def _texts(node):
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


def test_a_text_that_no_font_can_show_is_named(monkeypatch):
    monkeypatch.setattr(press, "_all_fonts", press._own_fonts)
    with pytest.raises(letterpress.Unprintable) as told:
        letterpress.render([SHEET._replace(subject="日")], title="A")
    assert told.value.text == "日"


@pytest.mark.parametrize("text", ["Ŵyl y Glöwr, ŷ ŵ", "Mícheál Ó Súilleabháin", "Ñandú €5", "a\tb", "مرحبا", "…—“”"])
def test_the_languages_of_the_product_need_no_fonts_of_the_machine(text, monkeypatch):
    monkeypatch.setattr(press, "_all_fonts", press._own_fonts)
    assert letterpress.render([SHEET._replace(paragraphs=[[text]])], title="A").startswith(b"%PDF")


def test_a_letter_without_words_above_or_below_can_be_printed():
    bare = SHEET._replace(letterhead=[], footer="", references=[], subject="", paragraphs=[], signatory=[])
    assert letterpress.render([bare], title="Letter").startswith(b"%PDF")


def test_a_letter_of_many_pages_is_shown_page_by_page():
    long = SHEET._replace(paragraphs=[["The council will inspect your flat. " * 8]] * 20)
    assert len(letterpress.pictures(long, title="Long")) > 1


def test_a_letter_takes_less_than_the_tenth_of_a_second():
    letterpress.render([SHEET], title="Warm")
    began = time.process_time()
    for _ in range(10):
        letterpress.render([SHEET], title="Letter")
    # Of the processor, so that a busy machine does not fail it; typst may use several at once.
    assert time.process_time() - began < 1.0
