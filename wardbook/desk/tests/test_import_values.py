"""Settings › Imports: each value of a file is matched to the lists of the office, made new, left out or refused."""

import re
import tomllib

import pytest

from wardbook.cases.models import Case
from wardbook.desk.tests.test_settings_imports import bring, manager, office, page, work
from wardbook.exchange.models import Run
from wardbook.vocabulary.models import Category, PolicyArea, Status, Tag

__all__ = ["bring", "manager", "office", "page"]

pytestmark = pytest.mark.django_db

CASES = """Ref,Subject,State,Area,Kind of it,Labels,Who
1,Damp,in hand,Flats,Mould,urgent one;Pot-hole,Anna  Price
2,Lamp,Fixed,Flats,Mould,urgent one,Anna Price
3,Bin,in hand,Junk,,,Somebody else
4,Kerb,In Hand,housing,Repairs and damp,,
"""
COLUMNS = {
    "column_0": "id",
    "column_1": "description",
    "column_2": "status",
    "column_3": "policy_area",
    "column_4": "category",
    "column_5": "tags",
    "column_6": "owner",
    "source": "Old",
    "dates": "%d/%m/%Y",
    "encoding": "told",
}


@pytest.fixture
def run(bring, page):
    run = bring(CASES, "cases.csv", kind="cases")
    page("import_run", run.pk, data=COLUMNS)
    return work(run)


def named(shown, label):
    """The name of the select beside a value, and what it is set to."""
    found = re.search(rf'<label class="field__label" for="id_(\w+)">{re.escape(label)}</label>', shown)
    assert found, f"{label} is not listed"
    select = re.search(rf'<select name="{found[1]}".*?</select>', shown, re.DOTALL)[0]
    chosen = re.search(r'<option value="([^"]*)" selected', select)
    return found[1], chosen and chosen[1], select


def option(select, words):
    return re.search(rf'<option value="([^"]*)"[^>]*>{re.escape(words)}</option>', select)[1]


def chosen(shown):
    """Everything that the form of a page says as it stands."""
    data = {}
    for name, inside in re.findall(r'<select name="((?:v|rest)_\w+)".*?>(.*?)</select>', shown, re.DOTALL):
        found = re.search(r'<option value="([^"]*)" selected', inside)
        data[name] = found[1] if found else ""
    return data


def test_values_are_matched_made_left_out_or_refused_without_a_map(run, page, office, manager):
    assert run.outcome["made"] == 0
    shown = page("import_run", run.pk)
    assert "8 values of the file have no match in your lists" in shown
    shown = page("import_values", run.pk)
    assert "3 rows" in shown, "how often a value stands there, whatever its case"
    data = chosen(shown)

    def choose(label, words):
        name, _now, select = named(shown, label)
        data[name] = option(select, words)
        return name

    choose("in hand", "Open")
    choose("Fixed", "Closed: Resolved")
    choose("Flats", "Housing")
    choose("Junk", "Keep these rows out")
    choose("Mould", "New in the list")
    choose("urgent one", "Leave it out: the case comes in without it")
    choose("Somebody else", "Leave it out: the case comes in without it")
    assert named(shown, "Anna Price")[1] == f"is:{manager.user.email.casefold()}", "a name is suggested"
    assert named(shown, "housing")[1] == f"is:{PolicyArea.objects.get(office=office, name='Housing').pk}"
    page("import_values", run.pk, data=data)
    work(run)
    shown = page("import_run", run.pk)
    assert "have no match" not in shown
    assert named(page("import_values", run.pk), "Fixed")[2].count("selected") == 1
    assert "Rows that say “Junk” stay out, as the map says." in shown
    assert not Category.objects.filter(name="Mould").exists()

    page("import_bring", run.pk, data={})
    work(run)
    cases = {case.source_id: case for case in Case.objects.filter(office=office)}
    assert sorted(cases) == ["1", "2", "4"]
    assert (cases["1"].status.name, cases["1"].policy_area.name, cases["1"].category.name) == (
        "Open",
        "Housing",
        "Mould",
    )
    assert (cases["2"].status.name, cases["2"].outcome) == ("Closed", "resolved")
    assert [case.owner for case in (cases["1"], cases["4"])] == [manager.user, None]
    assert list(cases["1"].tags.values_list("key", flat=True)) == ["pothole"]
    assert not Tag.objects.filter(office=office, name="urgent one").exists()


def test_what_was_matched_makes_a_map_for_the_next_file(run, page, bring):
    data = chosen(page("import_values", run.pk))
    shown = page("import_values", run.pk)
    name, _now, select = named(shown, "in hand")
    page("import_values", run.pk, data=data | {name: option(select, "Open")})
    work(run)
    text = page("import_map", run.pk)
    assert tomllib.loads(text)["fields"]["status"]["values"] == {"in hand": "Open"}

    from wardbook.desk.tests.test_settings_imports import file

    again = bring(CASES, "june.csv", kind="cases", using="own", map_file=file(text, "our.toml"))
    work(again)
    shown = page("import_run", again.pk)
    assert "Match the values" in shown
    assert "Match the columns again" not in shown, "a map in a file may say more than this page can"
    shown = page("import_values", again.pk)
    assert named(shown, "in hand")[1].startswith("is:")
    name, _now, select = named(shown, "Flats")
    page("import_values", again.pk, data=chosen(shown) | {name: option(select, "Housing")})
    work(again)
    assert tomllib.loads(page("import_map", again.pk))["fields"]["policy_area"]["values"] == {"Flats": "Housing"}


def test_a_new_status_has_its_kind_and_is_made_with_the_first_case(run, page, office):
    shown = page("import_values", run.pk)
    name, _now, select = named(shown, "in hand")
    data = chosen(shown) | {name: option(select, "New in the list, of the kind: paused")}
    rest = dict.fromkeys([key for key in data if key.startswith("rest_")], "new")
    page("import_values", run.pk, data=data | rest)
    work(run)
    assert "New in Statuses (1): in hand" in page("import_run", run.pk)
    assert named(page("import_values", run.pk), "in hand")[1] == data[name]
    page("import_bring", run.pk, data={})
    work(run)
    assert Status.objects.get(office=office, name="in hand").status_class == "paused"
    assert sorted(Case.objects.values_list("source_id", flat=True)) == ["1", "4"]


def test_the_next_file_of_the_same_shape_is_matched_as_the_last_one(run, page, bring):
    shown = page("import_values", run.pk)
    name, _now, select = named(shown, "in hand")
    page("import_values", run.pk, data={name: option(select, "Open")})
    work(run)
    again = bring(CASES.replace("Who", "Who,More"), "june.csv", kind="cases")
    shown = page("import_run", again.pk)
    assert "Matched as cases.csv of" in shown
    assert 'value="Old"' in shown
    data = dict(
        re.findall(r'<select name="(column_\d+|dates|encoding)".*?<option value="([^"]*)" selected', shown, re.DOTALL)
    )
    page("import_run", again.pk, data=data | {"source": "Old"})
    again.refresh_from_db()
    assert again.matched["fields"] == Run.objects.get(pk=run.pk).matched["fields"]
    other = bring(CASES.replace("Who", "Someone"), "other.csv", kind="cases")
    assert "Matched as" not in page("import_run", other.pk)


def test_what_is_on_no_page_is_refused(run, page):
    shown = page("import_values", run.pk)
    name, _now, _select = named(shown, "Fixed")
    assert "Choose from the list." in page("import_values", run.pk, data={name: "is:0"}, status=422)
    run.refresh_from_db()
    assert (run.state, "values" in run.matched["fields"]["status"]) == (Run.State.DONE, False)


def test_hundreds_of_values_stay_usable(bring, page):
    rows = "".join(f"{n},Damp,Label {n % 120:03}\n" for n in range(121))
    run = bring(f"Ref,Subject,Labels\n{rows}", "cases.csv", kind="cases")
    columns = dict.fromkeys(COLUMNS, "-") | {"column_0": "id", "column_1": "description", "column_2": "tags"}
    page("import_run", run.pk, data=columns | {"source": "Old", "dates": "%d/%m/%Y", "encoding": "told"})
    work(run)
    shown = page("import_values", run.pk)
    assert "Shown are the 50 most frequent of 120" in shown
    labels = re.findall(r">(Label \d+)</label>", shown)
    assert len(labels) == 50
    assert labels[0] == "Label 000", "the one that stands twice"
    name, _now, _select = named(shown, "Label 000")
    shown = page("import_values", run.pk, data={name: "empty", "more": "on"})
    assert len(re.findall(r">Label \d+</label>", shown)) == 50
    assert "Label 000" not in shown, "what has a match makes room"
    run.refresh_from_db()
    assert run.state == Run.State.DONE, "nothing is checked before the person says so"
    assert run.matched["fields"]["tags"]["values"] == {"Label 000": ""}
