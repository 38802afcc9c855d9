"""The controls that are drawn without a template say exactly what Django's templates say."""

from datetime import date, time

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from wardbook.lib.controls import CONTROLS
from wardbook.lib.forms import Renderer

CHOICES = [
    ("", gettext_lazy("None")),
    (1, "One & only"),
    ("North <b>", [("a", "A"), ("b", mark_safe("<i>B</i>"))]),
    (None, "Nothing"),
]
ATTRIBUTES = [
    {},
    {"class": "input", "id": "id_x", "maxlength": 10, "required": True, "disabled": False},
    {"data-json": '{"a": "<b>"}', "title": gettext_lazy("Search"), "step": 0.5, "lang": None},
]
VALUES = ["", None, "plain", "<script>\"&'", 0, 12345, 1.5, True, date(2025, 6, 3), time(14, 2), mark_safe("&amp;")]
PLAIN = [
    forms.TextInput,
    forms.NumberInput,
    forms.EmailInput,
    forms.URLInput,
    forms.HiddenInput,
    forms.PasswordInput,
    forms.DateInput,
    forms.TimeInput,
    forms.CheckboxInput,
    forms.Textarea,
]


def same(widget, value):
    drawn = [widget.render("what<", value, renderer=renderer) for renderer in (Renderer(), DjangoTemplates())]
    assert parse_html(drawn[0]) == parse_html(drawn[1]), drawn


@pytest.mark.parametrize("kind", PLAIN)
def test_a_control_is_what_django_makes_of_it(kind):
    assert kind.template_name in CONTROLS
    for attributes in ATTRIBUTES:
        for value in VALUES:
            same(kind(attrs=attributes), value)


@pytest.mark.parametrize("kind", [forms.Select, forms.SelectMultiple, forms.NullBooleanSelect])
def test_a_choice_is_what_django_makes_of_it(kind):
    for attributes in ATTRIBUTES:
        for value in ("", None, 1, "b", "<"):
            same(kind(attrs=attributes, **({} if kind is forms.NullBooleanSelect else {"choices": CHOICES})), value)
    if kind is forms.SelectMultiple:
        same(kind(choices=CHOICES), ["a", "1"])


def test_what_was_typed_stays_in_its_place():
    drawn = forms.Textarea().render("what", "</textarea><script>", renderer=Renderer())
    assert "</textarea><script>" not in drawn
