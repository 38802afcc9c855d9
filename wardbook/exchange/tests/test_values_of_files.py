"""Values of a file are found in the office's lists, or made, or refused in a sentence."""

from collections import Counter

from wardbook.cases.models import Case
from wardbook.exchange.models import Batch
from wardbook.exchange.tests.conftest import HEADER, MONDAY, fields
from wardbook.journal.models import Event
from wardbook.vocabulary.actions import add_value, merge, retire
from wardbook.vocabulary.models import Category, PolicyArea, Tag

LAMP = "7,Street light out,31/05/2025 14:30,,live"


def only():
    return Case.objects.select_related("category", "policy_area").get()


def test_new_values_are_made_only_if_the_map_says_so(bring_in, office):
    header = f"{HEADER},Area"
    _outcome, said = bring_in(f"{LAMP},Lighting", header=header, using=fields('policy_area = "Area"'))
    assert said == ["Area: “Lighting” is not in Policy areas. Match it or add it to the list. (row 2)"]

    bring_in(f"{LAMP},Lighting", header=header, using=fields('policy_area = {column="Area", new_values=true}'))
    area = PolicyArea.objects.get(office=office, name="Lighting")
    assert only().policy_area == area
    assert Event.objects.about(area).get().name == "vocabulary.added"


def test_a_row_that_stays_out_makes_no_value(bring_in):
    using = fields('policy_area = {column="Area", new_values=true}')
    bring_in("7,Lamp,x,,live,Lighting", header=f"{HEADER},Area", using=using)
    assert not PolicyArea.objects.filter(name="Lighting").exists()


def test_values_are_found_whatever_their_case_and_by_the_words_of_the_map(bring_in):
    using = fields('policy_area = {column="Area", values={"Flats" = "Housing"}}')
    rows = [f"{n},Lamp,01/06/2025,,LIVE,{area}" for n, area in enumerate(["HOUSING ", "  flats", "Housing"])]
    assert bring_in(*rows, header=f"{HEADER},Area", using=using)[0].made == 3
    assert Counter(Case.objects.values_list("policy_area__name", flat=True)) == {"Housing": 3}


def test_a_category_brings_its_policy_area(bring_in, office):
    header = f"{HEADER},Cat"
    bring_in(f"{LAMP},repairs and damp", header=header, using=fields('category = "Cat"'))
    case = only()
    assert (case.category.name, case.policy_area.name) == ("Repairs and damp", "Housing")


def test_a_category_of_another_policy_area_is_not_taken(bring_in):
    using = fields('policy_area = {fixed="Housing"}\ncategory = "Cat"')
    Category.objects.filter(name="Repairs and damp").update(
        policy_area=PolicyArea.objects.exclude(name="Housing").first()
    )
    _outcome, said = bring_in(f"{LAMP},Repairs and damp", header=f"{HEADER},Cat", using=using)
    assert said[0].startswith("Cat: “Repairs and damp” is not in Categories.")


def test_a_merged_value_leads_to_what_it_was_merged_into(bring_in, office):
    old, new = (add_value(PolicyArea, office, name=name, by=None, at=MONDAY) for name in ("Lamps", "Lights"))
    merge(old, new, by=None, at=MONDAY)
    bring_in(f"{LAMP},{old.name}", header=f"{HEADER},Area", using=fields('policy_area = "Area"'))
    assert only().policy_area == new


def test_one_row_that_a_rule_refuses_does_not_keep_the_others_out(bring_in, office):
    housing = PolicyArea.objects.get(office=office, name="Housing")
    retire(housing, by=None, at=MONDAY)
    using = fields('policy_area = "Area"\ncategory = {column="Cat", new_values=true}')
    other = PolicyArea.objects.filter(office=office, retired_at__isnull=True).first().name
    rows = [f'{n},Lamp,01/06/2025,,live,"{other}",New one' for n in range(40)]
    rows[17] = "17,Lamp,01/06/2025,,live,Housing,Never seen"
    outcome, said = bring_in(*rows, header=f"{HEADER},Area,Cat", using=using)
    assert (outcome.made, outcome.refused, outcome.known) == (39, 1, 0)
    assert said == ["“Housing” is retired. Bring it back first. (row 19)"]
    assert Category.objects.filter(name="New one").count() == 1
    assert not Category.objects.filter(name="Never seen").exists()
    assert Batch.objects.get().rows_made == 39


def test_tags_are_split_and_told_apart_by_their_key(bring_in, office):
    using = fields('tags = {column="Tags", separator="|", new_values=true, values={"hole"="pothole"}}')
    bring_in(f"{LAMP},Pot hole | pot-hole|hole|Brand new|", header=f"{HEADER},Tags", using=using)
    assert sorted(only().tags.values_list("name", flat=True)) == ["Brand new", "pothole"]
    assert Tag.objects.filter(office=office, key="pothole").count() == 1
