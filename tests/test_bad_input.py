"""Every field of every form, alone and with the others valid, gets what people and machines send by mistake or on
purpose.

The answer is a sentence beside the field (422, and the control names the words as its error), or acceptance where
the value is legal; never a fault of the server. What was typed stays, in this field and in the others. Another
office's ids and fields that a form does not have are in tests/test_foreign_input.py.

Forms are found on the pages by tests/filling.py, once for each process. Every form is asked on both engines; on
PostgreSQL only what an engine keeps in its own way, as the same code reads the forms.
"""

import pytest
from django.db import connection

from tests import filling, pages
from tests.asking import undone
from tests.test_access import PRODUCT_ROUTES
from wardbook.offices import access

pytestmark = pytest.mark.django_db

CHANGING = sorted(
    route for route in PRODUCT_ROUTES if access.row(route).change != access.NEVER and route not in filling.NO_FORM
)
WORDS = (
    "zwölf <script>alert(1)</script>\"'><img src=x onerror=alert(1)> {{ settings.SECRET_KEY }}{% load x %}"
    "'; DROP TABLE cases_case; -- %_"
)
BAD = {
    "empty": "",
    "blank": "   \n\t ",
    "too long": "x" * 60_000,
    "words of a stranger": WORDS,
    "control characters": "da\x00mp\x0b\x1f in\r\nflat\x7f",
    "right to left": "\u202egnp.exe \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    # It cannot travel: a browser sends a question mark in its place.
    "half a character": "\ud83d".encode("utf-8", "replace").decode(),
}
# For what does not take any words: to a field that does these are nothing but words.
BAD_VALUES = {
    "no number": "zwölf",
    "a huge number": "9" * 40,
    "a negative number": "-1",
    "no date": "2025-02-31",
    "the year nine": "0009-01-01",
}
BAD_FILES = {
    "no content": ("scan.txt", b""),
    "a path": ("../../etc/passwd", b"root"),
    "control characters in its name": ("sc\x0ban\u202egnp.exe", b"MZ"),
    "a name too long": ("x" * 300 + ".txt", b"words"),
}
# Where nothing but a choice is taken, these are enough to be no choice.
NO_CHOICE = ("empty", "too long", "words of a stranger", "control characters")
NO_CHOICE_VALUES = ("a huge number", "a negative number")
# What the engines keep otherwise; the rest is read by the same code before any of them is asked.
FOR_POSTGRESQL = ("too long", "control characters", "a huge number")
# Two that make sense together only: the words stand beside the one that is missing or wrong with the other.
PARTNERS = {
    "follow_up_subject": "follow_up_on",
    "follow_up": "follow_up_on",
    "deadline_reason": "deadline_on",
    "latitude": "longitude",
    "longitude": "latitude",
    "warning": "warning_reason",
    "description": "case",
    "new_name": "campaign",
}
DONE = (200, 204, 302, 303)
MISSING = (400, 404, 409)
TEXT = ("text", "textarea", "search", "email", "tel", "url", "number", "password")
# What a browser or Django may change in a text on its way back to the page.
DROPPED = {ord(one): None for one in "\x00\r"}


@pytest.fixture(scope="module")
def forms(both):
    return filling.Forms(both[0])


@pytest.fixture
def asker(forms):
    return forms.asker


def bad_values(one, *, takes_words):
    """{what it is: the value} for one field."""
    is_text = one.kind in TEXT
    asked = dict(BAD if is_text else {what: BAD[what] for what in NO_CHOICE})
    if not takes_words:
        asked |= BAD_VALUES if is_text else {what: BAD_VALUES[what] for what in NO_CHOICE_VALUES}
    if connection.vendor == "postgresql":
        asked = {what: value for what, value in asked.items() if what in FOR_POSTGRESQL}
    return asked


def test_every_form_of_the_product_is_known_and_can_be_sent(forms):
    without = [route for route in CHANGING if not forms.to(route)]
    assert without == [], "No page shows a form for these. Lead tests/filling.py to one, or say why there is none."
    asked = [one for one in forms.found.values() if one.route not in filling.NO_FORM]
    refused = {one.route: (one.answer, one.because) for one in asked if one.answer not in DONE}
    assert refused == {}, "Tell tests/filling.py what these forms need."
    assert set(forms.astray) <= filling.AIMED_BY_SCRIPT, "These forms are sent to where nothing is taken."


@pytest.mark.parametrize("route", CHANGING)
def test_each_field_alone_with_what_is_wrong(route, forms, asker):
    for found in forms.to(route):
        for name in found.names:
            one = found.form.named(name)[0]
            if one.kind == "file":
                for what, file in BAD_FILES.items():
                    judge(found, name, what, None, ask(asker, found, found.valid, {name: file}))
                continue
            answers = {WORDS: ask(asker, found, found.valid | {name: [WORDS]})}
            takes_words = one.kind in TEXT and answers[WORDS].status_code in DONE
            for what, sent in bad_values(one, takes_words=takes_words).items():
                answer = answers.get(sent) or ask(asker, found, found.valid | {name: [sent]})
                judge(found, name, what, sent, answer)


def ask(asker, found, fields, files=None):
    with undone():
        return found.send(asker, fields, files)


def judge(found, name, what, sent, response):
    """Whether an answer to a bad value is one that a person can work with."""
    one, where = found.form.named(name)[0], (found.route, name, what, response.status_code)
    body = response.body.decode("utf-8", "replace")
    assert "<script>alert(1)</script>" not in body, where
    if response.status_code in DONE:
        # What was typed into a type-ahead is not kept once one of its list is chosen.
        is_aside = name.endswith("_text") and any(found.valid.get(name.removesuffix("_text"), []))
        assert what != "too long" or one.kind not in TEXT or is_aside, (where, "60,000 letters were taken")
        return
    if response.status_code in MISSING:
        assert one.kind in ("hidden", "checkbox"), (where, "what was typed is lost")
        return
    assert response.status_code == 422, where
    page = pages.read(body[body.index("<main") :] if "<main" in body else body)
    beside = (name, f"{name}_text", PARTNERS.get(name, name))
    here = [form for form in page.forms if form.method == "post" and any(map(form.named, beside))]
    if one.kind in ("hidden", "checkbox") and not any(form.named(f"{name}_text") for form in here):
        # What nobody types, and the ticks of a table: said at the head of the form, which takes the focus.
        assert "data-autofocus" in body or "field__error" in body, (where, "nothing says what is wrong")
    else:
        said = [page.said_beside(form, one) for form in here for one in beside]
        assert any(said), (where, "no words beside the field")
    assert here or one.kind in ("hidden", "checkbox"), (where, "the form is not there any more")
    shown = [field.value for form in here for field in form.named(name)]
    if one.kind in TEXT and one.kind != "password" and sent is not None:
        typed = sent.translate(DROPPED).strip()
        assert any(value.translate(DROPPED).strip() == typed for value in shown), (where, "what was typed is gone")
    others = {other.name: other.value for form in here for other in form.fields}
    for other in found.form.fields if here else ():
        kept = "".join(found.valid.get(other.name, []))
        if other.kind in TEXT and other.kind != "password" and other.name != name and kept:
            assert others.get(other.name) == kept, (where, other.name, "did not stay")


@pytest.mark.any_engine
def test_each_field_of_a_search_or_filter_alone(forms, asker):
    for to, form in forms.asked.values():
        for name in dict.fromkeys(one.name for one in form.fields):
            for what, value in (BAD | BAD_VALUES).items():
                sent = value[:2000]
                with undone():
                    response = asker.get(to.partition("#")[0].partition("?")[0], form.filled() | {name: [sent]})
                assert response.status_code in (200, 302, 400, 404, 422), (to, name, what, response.status_code)
                assert b"<script>alert(1)</script>" not in response.body, (to, name)
