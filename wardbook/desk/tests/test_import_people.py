"""Settings › Imports: people who look like contacts are shown before they come in, and a person says who they are."""

import re

import pytest

from wardbook.cases.models import Case
from wardbook.contacts.actions import add_contact
from wardbook.contacts.models import Contact
from wardbook.desk.tests.test_settings_imports import MATCHED, MONDAY, bring, manager, office, page, work
from wardbook.exchange.models import Run

__all__ = ["bring", "manager", "office", "page"]

pytestmark = pytest.mark.django_db

CASES = """Ref,Subject,Name,Email,Tel,Postcode
1,Damp,R Evans,rhian@example.org,,
2,Lamp,R Evans,Rhian@example.org,,
3,Bin,Tom Pugh,,,gm1 4ab
4,Kerb,Owen Hughes,,01632 960055,
5,Fence,Rhian Evans,rhian@example.org,,
6,Noise,Mair Lloyd,,01632 960077,
"""
COLUMNS = {
    "column_0": "id",
    "column_1": "description",
    "column_2": "constituent.name",
    "column_3": "constituent.email",
    "column_4": "constituent.phone",
    "column_5": "constituent.postcode",
    "source": "Old",
    "dates": "%d/%m/%Y",
    "encoding": "told",
}


@pytest.fixture
def known(office):
    def add(given, family, **more):
        return add_contact(office, by=None, at=MONDAY, given_name=given, family_name=family, **more)

    # Two at one telephone: nobody can say whom of them a stranger with the same number looks like.
    add("Sian", "Lloyd", phones=["01632 960077"])
    add("Huw", "Lloyd", phones=["01632 960077"])
    return {
        "rhian": add("Rhian", "Evans", emails=["rhian@example.org"]),
        "tom": add("Tom", "Pugh", address="2 Mill Lane", postcode="GM1 4AB"),
        "nia": add("Nia", "Hughes", phones=["01632 960 055"]),
    }


@pytest.fixture
def run(known, bring, page):
    run = bring(CASES, "cases.csv", kind="cases")
    page("import_run", run.pk, data=COLUMNS)
    return work(run)


def fields(shown):
    return dict(re.findall(r'<label class="field__label" for="id_(person_\d+)">([^<]*)</label>', shown))


def test_each_is_attached_or_made_new_as_a_person_says_and_goes_with_the_import(run, page, known, office):
    assert "3 of the people look like somebody you have." in page("import_run", run.pk)
    assert run.outcome["new_people"] == 4
    shown = page("import_people", run.pk)
    assert fields(shown) == {"person_2": "R Evans", "person_4": "Tom Pugh", "person_5": "Owen Hughes"}
    assert "Row 2 and 1 more" in shown
    assert re.search(r"Same email address:\s*<a [^>]*>Rhian Evans</a>", shown)
    assert re.search(r"Same name and postcode:\s*<a [^>]*>Tom Pugh</a>", shown)
    assert re.search(r"Same telephone number:\s*<a [^>]*>Nia Hughes</a>", shown)

    said = {"general": "each", "person_2": "attach", "person_4": "attach", "person_5": "new"}
    page("import_people", run.pk, data=said)
    work(run)
    assert run.outcome["new_people"] == 2
    assert "2 are taken for the contacts you have." in page("import_run", run.pk)
    shown = page("import_people", run.pk)
    assert re.search(r'value="each"[^>]* checked', shown), "what was chosen is still so"
    assert len(re.findall(r'value="attach" selected', shown)) == 2
    before = set(Contact.objects.values_list("pk", "version"))
    page("import_bring", run.pk, data={})
    work(run)
    about = dict(Case.objects.values_list("source_id", "constituent"))
    assert (about["1"], about["2"], about["5"]) == (known["rhian"].pk,) * 3
    assert about["3"] == known["tom"].pk
    assert about["4"] != known["nia"].pk
    assert before < set(Contact.objects.values_list("pk", "version")), "no contact was changed"
    assert Contact.objects.count() == len(before) + 2

    page("import_batch", run.batch_id, data={})
    work(Run.objects.latest("pk"))
    assert set(Contact.objects.values_list("pk", "version")) == before, "only whom the import made is gone"
    assert not Case.objects.exists()


def test_nobody_is_attached_unless_somebody_says_so(run, page, known):
    page("import_bring", run.pk, data={})
    work(run)
    about = dict(Case.objects.values_list("source_id", "constituent"))
    assert about["5"] == known["rhian"].pk, "the same name and address is the same person, as ever"
    assert not {about[number] for number in "12346"} & {contact.pk for contact in known.values()}


def test_a_contact_that_is_gone_by_then_makes_a_new_one(run, page, known):
    page(
        "import_people",
        run.pk,
        data=dict.fromkeys(fields(page("import_people", run.pk)), "new") | {"general": "attach"},
    )
    work(run)
    Contact.objects.filter(pk=known["tom"].pk).delete()
    page("import_bring", run.pk, data={})
    work(run)
    about = dict(Case.objects.values_list("source_id", "constituent__name"))
    assert (about["3"], about["4"]) == ("Tom Pugh", "Nia Hughes")


def test_people_of_a_list_who_are_contacts_are_left_out(known, bring, page, office):
    run = bring("Full Name;Tel;E-mail;x\nR Evans;;rhian@example.org;\nSomebody New;;new@example.org;\n")
    page("import_run", run.pk, data=MATCHED)
    work(run)
    assert (run.outcome["made"], run.outcome["alike_count"]) == (2, 1)
    page("import_people", run.pk, data={"general": "attach", "person_2": "new"})
    work(run)
    assert (run.outcome["made"], run.outcome["known"], run.outcome["alike_count"]) == (1, 1, 1)
    before = Contact.objects.count()
    page("import_bring", run.pk, data={})
    work(run)
    assert Contact.objects.count() == before + 1


def test_whoever_sees_no_contacts_is_told_no_names(run, page, manager):
    manager.role = "admin"
    manager.save(update_fields=["role"])
    shown = page("import_people", run.pk)
    assert "Same email address:" in shown
    assert "Nia Hughes" not in shown
