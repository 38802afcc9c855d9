"""People and organisations of a file become contacts; who is known is left alone."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command

from wardbook.contacts.actions import add_contact
from wardbook.contacts.models import Contact
from wardbook.exchange import actions, mapping
from wardbook.exchange.contact_import import ContactImport
from wardbook.exchange.errors import ErrorFile
from wardbook.exchange.models import Batch
from wardbook.exchange.tests.conftest import MONDAY
from wardbook.journal.models import Event
from wardbook.journal.verifying import flaws

COLUMNS = (
    *("Title", "First Name", "Last Name", "Company", "E-mail Address", "Home Phone", "Mobile Phone"),
    *("Home Street", "Home City", "Home Postal Code"),
)


def row(**cells):
    names = {name.replace(" ", "_").replace("-", "_").lower(): name for name in COLUMNS}
    found = {names[key]: value for key, value in cells.items()}
    return [found.get(name, "") for name in COLUMNS]


def file_of(*rows):
    out = io.StringIO()
    csv.writer(out).writerows([COLUMNS, *rows])
    return out.getvalue()


RHIAN = row(
    title="Mrs",
    first_name="Rhian",
    last_name="Evans",
    e_mail_address="rhian@example.org",
    home_phone="'+44 1632 960021",
    mobile_phone="07700 900123",
    home_street="14 Mill Lane",
    home_postal_code="gm1 4ab",
)


@pytest.fixture
def bring_people_in(office, written, tmp_path):
    def run(*rows, dry=False, using=None):
        using = using or mapping.load("outlook", kind="contacts")
        prepared = ContactImport(written(file_of(*rows)), using, office, by=None, at=MONDAY)
        with ErrorFile(tmp_path / "errors.csv", "people") as errors:
            outcome = prepared.run(errors, lambda done: None, dry=dry, at=lambda: MONDAY)
        prepared.table.close()
        return outcome, errors.said()

    return run


def test_a_row_becomes_a_contact_with_all_that_is_told(bring_people_in, office):
    outcome, said = bring_people_in(RHIAN)
    contact = Contact.objects.get(office=office)
    assert (outcome.made, said) == (1, [])
    assert (contact.title, contact.name, contact.kind) == ("Mrs", "Rhian Evans", "person")
    assert [(point.value, point.label) for point in contact.points.order_by("kind", "position")] == [
        ("rhian@example.org", ""),
        ("+44 1632 960021", ""),
        ("07700 900123", "Mobile"),
    ]
    assert str(contact.addresses.get()) == "14 Mill Lane, GM1 4AB"
    assert list(Event.objects.about(contact).values_list("name", flat=True)) == ["contact.added"]
    assert list(flaws(office.pk)) == []


def test_the_same_file_again_changes_nothing(bring_people_in):
    rows = [RHIAN, row(company="Mill Lane Residents"), row(first_name="Tom")]
    assert bring_people_in(*rows)[0].made == 3
    before = list(Event.objects.values_list("pk", flat=True))
    outcome, _said = bring_people_in(*rows)
    assert (outcome.made, outcome.known, outcome.batch) == (0, 3, None)
    assert list(Event.objects.values_list("pk", flat=True)) == before
    assert Contact.objects.get(organisation_name="Mill Lane Residents").kind == "organisation"


def test_who_looks_like_somebody_known_is_left_alone(bring_people_in, office):
    add_contact(office, by=None, at=MONDAY, given_name="Rhian", family_name="Evans", phones=["01632 960 021"])
    for dry in (True, False):
        outcome, _said = bring_people_in(RHIAN, row(first_name="Rhian", last_name="Evans"), dry=dry)
        assert (outcome.made, outcome.known) == (1, 1)


def test_a_person_who_stands_twice_comes_in_once(bring_people_in):
    again = row(first_name="Rhian", last_name="Evans", e_mail_address="RHIAN@example.org")
    foreseen, _said = bring_people_in(RHIAN, again, dry=True)
    outcome, said = bring_people_in(RHIAN, again, RHIAN)
    assert (foreseen.made, foreseen.known) == (1, 1)
    assert (outcome.made, outcome.known, outcome.refused) == (1, 1, 1)
    assert said == ["Found nothing; expected something else than in row 2, which says the same. (row 4)"]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"home_phone": "01632 960021"}, "Last Name: Found nothing; expected a name, since the row tells more"),
        ({"first_name": "Tom", "home_postal_code": "GM1 4"}, "Home Postal Code: Found “GM1 4”; expected a postcode."),
        (
            {"first_name": "Tom", "home_postal_code": "nowhere"},
            "Home Postal Code: Found “nowhere”; expected a postcode.",
        ),
        ({"first_name": "Tom", "e_mail_address": "tom"}, "E-mail Address: Found “tom”; expected an email address."),
        ({"first_name": "T" * 81}, "; expected at most 80 characters."),
    ],
)
def test_a_row_with_something_wrong_stays_out_and_says_what(bring_people_in, cells, says):
    outcome, said = bring_people_in(row(**cells))
    assert (outcome.made, outcome.refused, len(said)) == (0, 1, 1)
    assert says in said[0]
    assert not Contact.objects.exists()


def test_an_import_of_people_is_taken_back(bring_people_in, office):
    batch = bring_people_in(RHIAN, row(first_name="Tom"))[0].batch
    taken = actions.take_back(batch, by=None, at=MONDAY)
    assert (taken.people, taken.stayed, Contact.objects.count()) == (2, [], 0)
    assert bring_people_in(RHIAN)[0].made == 1


def test_the_sources_own_number_decides_if_there_is_one(bring_people_in, load):
    using = load(
        'kind="contacts"\nsource="Old"\nfields.id="Company"\n'
        'fields.given_name="First Name"\nfields.email="E-mail Address"',
        kind="contacts",
    )
    same = {"first_name": "Tom", "e_mail_address": "tom@example.org"}
    assert bring_people_in(row(company="1", **same), row(company="2", **same), using=using)[0].made == 2
    outcome, said = bring_people_in(row(company="1", first_name="Thomas"), row(**same), using=using)
    assert (outcome.known, outcome.refused) == (1, 1)
    assert said == ["Company: Found nothing; expected the source's own number of the person. (row 3)"]


def test_the_command_brings_in_lists_and_takes_back(office, written, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    written(file_of(RHIAN), "people.csv")
    out = io.StringIO()
    words = ("people.csv", "--office", "glanmor", "--map", "outlook")
    call_command("import_contacts", *words, "--dry-run", stdout=out)
    assert "1 would come in as contacts" in out.getvalue()
    assert not Contact.objects.exists()
    call_command("import_contacts", *words, stdout=out)
    number = Batch.objects.get().pk
    assert f"To take it back: wardbook import contacts --undo {number}" in out.getvalue()
    with pytest.raises(CommandError, match=f"There is no batch {number}"):
        call_command("import_cases", "--undo", str(number))
    call_command("import_contacts", "--undo", str(number), stdout=out)
    assert "Taken back: 0 cases, 1 contacts" in out.getvalue()
    with pytest.raises(CommandError, match="this map is for “contacts”, not for cases"):
        call_command("import_cases", *words)
