"""What a map says of single values: something else, something new, nothing, or no case at all."""

import pytest

from wardbook.cases.models import Case
from wardbook.exchange import mapping
from wardbook.exchange.tests.conftest import HEADER, fields
from wardbook.offices.factories import CaseworkerFactory
from wardbook.vocabulary.models import Category, PolicyArea


def rows(*cells):
    return [f"{n},Lamp,01/06/2025,,live,{cell}" for n, cell in enumerate(cells, start=1)]


def test_one_value_is_made_and_the_others_stay_out(bring_in, office):
    using = fields('policy_area = {column="Area", values={"lamps" = {name="Lighting", new=true}}}')
    outcome, said = bring_in(*rows("Lamps", "Other", "LAMPS"), header=f"{HEADER},Area", using=using)
    assert (outcome.made, outcome.refused) == (2, 1)
    assert said[0].startswith("Area: “Other” is not in Policy areas.")
    assert PolicyArea.objects.filter(office=office, name="Lighting").count() == 1


def test_what_is_refused_stays_out_although_the_list_has_it(bring_in):
    using = fields('policy_area = {column="Area", new_values=true, values={"Housing" = {refuse=true}, "x" = ""}}')
    outcome, said = bring_in(*rows("housing", "x", "New one"), header=f"{HEADER},Area", using=using)
    assert (outcome.made, said) == (2, ["Area: Rows that say “housing” stay out, as the map says. (row 2)"])
    assert list(Case.objects.order_by("source_id").values_list("policy_area__name", flat=True)) == [None, "New one"]


def test_a_status_can_be_refused_where_others_are_made(bring_in):
    using = fields("").replace('column = "State"', 'column = "State"\nnew_values = true\nclass = "open"')
    using += '"gone" = { refuse = true }\n'
    outcome, said = bring_in("1,Lamp,01/06/2025,,gone", "2,Lamp,01/06/2025,,Brand new", using=using)
    assert (outcome.made, said) == (1, ["State: Rows that say “gone” stay out, as the map says. (row 2)"])


def test_a_new_category_lies_under_what_the_map_says(bring_in, office):
    using = fields('category = {column="Cat", values={"mould" = {name="Mould", new=true, under="housing"}}}')
    bring_in(*rows("mould", "MOULD"), header=f"{HEADER},Cat", using=using)
    mould = Category.objects.get(office=office, name="Mould")
    assert mould.policy_area.name == "Housing"
    assert {case.policy_area for case in Case.objects.all()} == {mould.policy_area}


def test_somebody_is_named_by_their_name_and_nobody_else(bring_in, office):
    anna = CaseworkerFactory(office=office, name="Anna Price")
    using = fields(
        f'owner = {{column="Who", values={{"Anna" = "{anna.email.upper()}", "Bob" = "b@example.org", "-" = ""}}}}'
    )
    outcome, said = bring_in(*rows("anna", "-", "Bob"), header=f"{HEADER},Who", using=using)
    assert list(Case.objects.order_by("source_id").values_list("owner", flat=True)) == [anna.pk, None]
    assert outcome.refused == 1
    assert "expected the email address of somebody who works in this office" in said[0]


def test_a_word_of_a_fixed_list_can_be_left_out(bring_in):
    using = fields('priority = {column="How", values={"urgent" = "high", "?" = ""}}')
    bring_in(*rows("urgent", "?"), header=f"{HEADER},How", using=using)
    assert list(Case.objects.order_by("source_id").values_list("priority", flat=True)) == [3, 0]


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ('policy_area = {column="Area", values={"x" = {name="X", outcome="resolved"}}}', "there is no such setting"),
        ('policy_area = {column="Area", values={"x" = {new=true}}}', "say the name of the value"),
        ('policy_area = {column="Area", values={"x" = {name="X", new="yes"}}}', "write true or false"),
        ('case_code = {column="Area", values={"x" = {name="X", new=true}}}', "there is no such setting"),
        ('category = {column="Cat", values={"x" = {name="X", new=true}}}', "map policy_area too"),
        (
            'policy_area = "Area"\ncategory = {column="Cat", values={"x" = {name="X", under="Housing"}}}',
            "leave “under” out",
        ),
        ('place = {column="Area", values={"x" = {name="X"}}}', "or { refuse = true }"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(load, told, says):
    with pytest.raises(mapping.MapError) as refusal:
        load(fields(told))
    assert says in str(refusal.value)


def test_a_value_under_something_that_is_nowhere_is_refused_before_the_first_row(bring_in):
    using = fields('category = {column="Cat", values={"x" = {name="X", new=true, under="Nowhere"}}}')
    with pytest.raises(mapping.MapError, match="“Nowhere” is not in Policy areas"):
        bring_in(*rows("x"), header=f"{HEADER},Cat", using=using)
