"""Fields as people fill them: labels and errors in their place, days in words, type-ahead."""

import re
from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory

from wardbook.desk.templatetags import ui
from wardbook.lib import respond
from wardbook.lib.forms import ChosenManyField, Combobox, DayField, FilesField, RowsField
from wardbook.vocabulary.factories import TagFactory
from wardbook.vocabulary.models import Tag

TUESDAY = date(2025, 6, 3)


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


class Sample(forms.Form):
    name = forms.CharField(help_text="As on the letter", max_length=5)
    note = forms.CharField(required=False, widget=forms.Textarea)
    due = DayField(required=False)
    papers = FilesField(required=False)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    ticked = forms.BooleanField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due"].anchor(today=TUESDAY)


def test_a_field_is_label_hint_and_control_in_that_order():
    html = Sample()["name"].as_field_group()

    assert words(html) == "Name As on the letter"
    assert html.index("<label") < html.index("As on the letter") < html.index("<input")
    assert 'aria-describedby="id_name_helptext"' in html
    assert 'class="input"' in html


def test_only_what_is_optional_says_so():
    form = Sample()

    assert "(optional)" in form["note"].as_field_group()
    assert "(optional)" not in form["name"].as_field_group()


def test_an_error_stands_beside_the_field_and_in_the_summary():
    form = Sample({"name": "much too long", "kind": "a"})
    html = form["name"].as_field_group()

    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error"' in html
    assert 'href="#id_name"' in render_to_string("c/error_summary.html", {"form": form})


def test_a_group_of_choices_has_a_legend_to_link_to():
    form = Sample({})
    html = form["kind"].as_field_group()

    assert "<legend" in html
    assert f'id="{ui.field_anchor(form["kind"])}"' in html


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("fri", date(2025, 6, 6)),
        ("Tuesday", date(2025, 6, 10)),
        ("tomorrow", date(2025, 6, 4)),
        ("+3", date(2025, 6, 6)),
        ("2w", date(2025, 6, 17)),
        ("+1m", date(2025, 7, 3)),
        ("+10wd", date(2025, 6, 17)),
        ("6/7", date(2025, 7, 6)),
        ("6.7.26", date(2026, 7, 6)),
        ("31/12", date(2025, 12, 31)),
        ("1/1", date(2025, 1, 1)),
        ("6 June", date(2025, 6, 6)),
        ("Fri 6 June 2025", date(2025, 6, 6)),
        ("June 6 2025", date(2025, 6, 6)),
        ("2025-06-06", date(2025, 6, 6)),
    ],
)
def test_a_day_can_be_typed_as_people_say_it(typed, meant):
    field = DayField()
    field.anchor(today=TUESDAY)

    assert field.clean(typed) == meant


@pytest.mark.parametrize(
    "typed", ["soon", "31/2", "+", "3", "99999", "6/6/99999", "+9999y", "١٢٣", "x" * 500, "2025-13-01", "00/00"]
)
def test_what_is_no_day_is_a_sentence(typed):
    field = DayField()
    field.anchor(today=TUESDAY)

    with pytest.raises(forms.ValidationError, match="Enter a day"):
        field.clean(typed)


def test_a_day_that_was_kept_is_shown_in_full_and_read_again():
    form = Sample(initial={"due": date(2025, 6, 6)})

    assert 'value="Fri 6 June 2025"' in str(form["due"])
    assert Sample({"name": "a", "kind": "a", "due": "Fri 6 June 2025"}).fields["due"].clean(
        "Fri 6 June 2025"
    ) == date(2025, 6, 6)


# --- Type-ahead ----------------------------------------------------------------------------------------------------


def posted(body, **kwargs):
    widget = Combobox(**kwargs)
    return widget, widget.value_from_datadict(QueryDict(body), {}, "who")


def test_a_choice_is_its_id():
    assert posted("who=318&who_text=Rhian+Evans")[1] == "318"


def test_text_that_was_not_chosen_is_never_taken_for_an_id():
    assert posted("who=&who_text=318")[1] == "?318"
    assert posted("who=&who_text=")[1] is None


def test_text_that_was_not_chosen_stays_in_the_field():
    widget, value = posted("who=&who_text=evans")

    assert widget.get_context("who", value, {"id": "id_who"})["widget"]["text"] == "evans"


def test_something_new_can_be_asked_for():
    widget, value = posted("who=&who_text=Zoe+Bowen&who_new=Zoe+Bowen")

    assert (value, widget.added) == (None, ["Zoe Bowen"])


def test_several_choices_are_a_list():
    widget, value = posted("who=3&who=4&who_new=mould", multiple=True)

    assert (value, widget.added) == (["3", "4"], ["mould"])


def test_the_list_offers_what_was_found_and_something_new():
    html = respond.options(
        RequestFactory().get("/x/?q=ev"), [respond.Option(318, "Rhian <Evans>", "14 Mill Lane")], add="Add"
    ).content.decode()

    assert html.count('role="option"') == 2
    assert "Rhian &lt;Evans&gt;" in html
    assert 'data-add="ev"' in html


@pytest.mark.django_db
@pytest.mark.parametrize("field", [RowsField, ChosenManyField])
def test_a_number_that_no_row_can_have_is_refused_in_words(field):
    several = field(Tag.objects.all())
    for wrong in (["9" * 40], ["1", "-1"], ["٣"], ["\x00"]):
        with pytest.raises(ValidationError):
            several.clean(wrong)
    tag = TagFactory()
    assert list(several.clean([str(tag.pk)])) == [tag]
