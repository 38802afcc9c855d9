"""What is drawn once and kept is the same for everybody, and right for each."""

from datetime import date

from django.template import Context, Template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy, override

from wardbook.desk.templatetags.drawn import drawn, menu_link

TUESDAY = date(2025, 6, 3)


def test_a_kept_piece_is_what_the_component_draws():
    source = (
        '{% load drawn %}{% include "c/deadline.html" %}|{% drawn "c/deadline.html" due=due today=today short=True %}'
    )
    template = Template(source.replace("%}|", "with short=True %}|", 1))
    for due in (date(2025, 6, 1), TUESDAY, date(2025, 6, 20)):
        included, kept = template.render(Context({"due": due, "today": TUESDAY})).split("|")
        assert kept == included.strip()


def test_what_is_safe_and_what_is_not_are_not_taken_for_each_other():
    named = {"code": "open", "waiting": "", "large": False}
    assert "&lt;b&gt;Open" in drawn("c/status_pill.html", label="<b>Open", **named)
    assert "<b>Open" in drawn("c/status_pill.html", label=mark_safe("<b>Open"), **named)
    assert "&lt;b&gt;Open" in drawn("c/status_pill.html", label="<b>Open", **named)


def test_each_language_has_its_own():
    said = {"mark": "in", "words": gettext_lazy("Sunday")}
    for language, words in (("en-gb", "Sunday"), ("fr", "dimanche"), ("en-gb", "Sunday")):
        with override(language):
            assert words in drawn("c/audience.html", **said)


def test_a_kept_piece_knows_nothing_of_the_page():
    template = Template('{% load drawn %}{% drawn "c/person.html" name="" url="" detail="" %}')
    assert "person" in template.render(Context({"detail": "01632 960 021"}))
    assert "01632" not in template.render(Context({"detail": "01632 960 021"}))


def test_a_line_of_a_menu_says_what_it_is_given():
    assert menu_link({"label": "<Edit>", "url": "/x/?a=1&b=2"}) == (
        '<a class="menu__item" href="/x/?a=1&amp;b=2">&lt;Edit&gt;</a>'
    )
    whole = menu_link({"label": "Edit", "url": "/x/", "icon": "pencil", "dialog": True, "danger": True, "key": "e"})
    assert 'class="menu__item menu__item--danger" href="/x/" data-dialog data-key="e"><svg' in whole
    assert whole.endswith('Edit<kbd class="key" aria-hidden="true">e</kbd></a>')
    assert isinstance(whole, SafeString)
