"""The people of a file become contacts, each once; the same name alone makes nobody the same."""

import pytest

from wardbook.cases.models import Case
from wardbook.contacts.actions import add_contact
from wardbook.contacts.models import Contact
from wardbook.exchange.people import split_name
from wardbook.exchange.tests.conftest import HEADER, MAP, MONDAY, fields

PEOPLE = """
[fields.constituent]
name = "Name"
email = "Mail"
phone = "Tel"
address = "Street"
postcode = "Code"
"""
USING = MAP.replace("[fields.status]", f"{PEOPLE}\n[fields.status]", 1)
COLUMNS = f"{HEADER},Name,Mail,Tel,Street,Code"


def row(number, *person):
    return f"{number},Lamp,01/06/2025,,live,{','.join(person)}"


def names():
    return list(Case.objects.order_by("source_id").values_list("constituent__name", flat=True))


def test_a_person_becomes_a_contact_with_all_that_is_told(bring_in, office):
    outcome, _said = bring_in(
        row(1, "Rhian Evans", "Rhian@Example.org", "01632 960 021", "14 Mill Lane", "gm1 4ab"),
        header=COLUMNS,
        using=USING,
    )
    contact = Contact.objects.get(office=office)
    assert (contact.given_name, contact.family_name) == ("Rhian", "Evans")
    assert [point.value for point in contact.points.all()] == ["01632 960 021", "Rhian@Example.org"]
    assert str(contact.addresses.get()) == "14 Mill Lane, GM1 4AB"
    assert Contact.objects.get_queryset().matching(office.pk, "evans 960021").get() == contact
    assert Case.objects.get().constituent == contact
    assert [made.object_id for made in outcome.batch.made.all()] == [contact.pk]


def test_the_same_person_is_made_once(bring_in):
    rows = [
        row(1, "Rhian Evans", "rhian@example.org", "", "", ""),
        row(2, "EVANS Rhian", "RHIAN@example.org", "01632 960021", "", ""),
        row(3, "Rhian Evans", "", "+44 1632 960 021", "", ""),
        row(4, "Tom Evans", "", "01632 960021", "", ""),
        row(5, "Tom Evans", "", "", "14 Mill Lane", "GM1 4AB"),
        row(6, "Tom Evans", "", "", "14 mill lane", "gm14ab"),
    ]
    bring_in(*rows, header=COLUMNS, using=USING)
    assert len(set(Case.objects.filter(source_id__in="12").values_list("constituent"))) == 1
    assert len(set(Case.objects.filter(source_id__in="56").values_list("constituent"))) == 1
    assert Contact.objects.count() == 4
    assert len(set(Case.objects.filter(source_id__in="34").values_list("constituent"))) == 2


def test_a_name_alone_makes_nobody_the_same(bring_in):
    bring_in(
        row(1, "Rhian Evans", "", "", "", ""), row(2, "Rhian Evans", "", "", "", ""), header=COLUMNS, using=USING
    )
    assert Contact.objects.count() == 2


def test_somebody_whom_the_office_knows_is_found(bring_in, office):
    known = add_contact(
        office, by=None, at=MONDAY, given_name="Rhian", family_name="Evans", emails=["rhian@example.org"]
    )
    dry, _said = bring_in(
        row(1, "Rhian Evans", "rhian@example.org", "", "", ""), header=COLUMNS, using=USING, dry=True
    )
    outcome, _said = bring_in(row(1, "Rhian Evans", "rhian@example.org", "", "", ""), header=COLUMNS, using=USING)
    assert Case.objects.get().constituent == known
    assert Contact.objects.count() == 1
    assert (dry.new_people, outcome.batch.made.count()) == (0, 0)


def test_the_sources_own_number_decides_if_there_is_one(bring_in):
    using = USING.replace("[fields.constituent]", '[fields.constituent]\nid = "Person"')
    header = f"{COLUMNS},Person"
    rows = [row(1, "Rhian Evans", "r@example.org", "", "", "", "P1"), row(2, "R. Evans", "", "", "", "", "P1")]
    bring_in(*rows, row(3, "Rhian Evans", "r@example.org", "", "", "", "P2"), header=header, using=using)
    assert names() == ["Rhian Evans", "Rhian Evans", "Rhian Evans"]
    assert list(Contact.objects.order_by("source_id").values_list("source", "source_id")) == [
        ("Old system", "P1"),
        ("Old system", "P2"),
    ]
    bring_in(row(4, "Rhian Jones", "", "", "", "", "P1"), header=header, using=using)
    assert Contact.objects.count() == 2


@pytest.mark.parametrize(
    ("person", "says"),
    [
        (
            ("", "x@example.org", "", "", ""),
            "Name: Found nothing; expected a name, since the row tells more of the person. (row 2)",
        ),
        (("Rhian Evans", "no address", "", "", ""), "Mail: Found “no address”; expected an email address. (row 2)"),
        (
            ("Rhian Evans", "", "", "", "GM1 4AB and more"),
            "Code: Found “GM1 4AB and more”; expected at most 12 characters. (row 2)",
        ),
    ],
)
def test_a_person_with_something_wrong_keeps_the_row_out(bring_in, person, says):
    outcome, said = bring_in(row(1, *person), header=COLUMNS, using=USING)
    assert (outcome.refused, said, Contact.objects.count()) == (1, [says], 0)


def test_who_does_not_want_to_be_named_does_not_become_a_contact(bring_in):
    using = fields('anonymous="Anon"').replace("[fields.status]", f"{PEOPLE}\n[fields.status]", 1)
    rows = [
        row(1, "Rhian Evans", "", "", "", "", "Y"),
        row(2, "Tom Evans", "", "", "", "", "N"),
        row(3, "", "", "", "", "", "N"),
    ]
    bring_in(*rows, header=f"{COLUMNS},Anon", using=using)
    assert names() == [None, "Tom Evans", None]
    assert Contact.objects.count() == 1


def test_an_organisation_has_no_first_name(bring_in):
    using = USING.replace('name = "Name"', 'organisation = "Name"')
    bring_in(row(1, "Mill Lane Residents", "", "", "", ""), header=COLUMNS, using=using)
    assert (Contact.objects.get().kind, Contact.objects.get().name) == ("organisation", "Mill Lane Residents")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Rhian Evans", ("Rhian", "Evans")),
        ("Evans, Rhian", ("Rhian", "Evans")),
        ("Mair Rees Jones", ("Mair Rees", "Jones")),
        ("Evans", ("", "Evans")),
        ("Evans,", ("", "Evans")),
        ("", ("", "")),
    ],
)
def test_names_are_split(name, parts):
    assert split_name(name) == parts
