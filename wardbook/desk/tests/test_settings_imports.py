"""Settings › Imports: a file is matched, checked, brought in by a worker, and taken back; what goes wrong is said."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from wardbook.cases.models import Case
from wardbook.contacts.models import Contact
from wardbook.exchange import keeping, running
from wardbook.exchange.models import Batch, Run
from wardbook.exchange.tests.workbook import workbook
from wardbook.journal.models import Event
from wardbook.offices.factories import MembershipFactory, OfficeFactory
from wardbook.vocabulary.actions import seed_lists

pytestmark = pytest.mark.django_db

MONDAY = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
PEOPLE = (
    "Full Name;Tel;E-mail;Shoe size\nRhian Evans;01632 960021;rhian@example.org;39\nTom Pugh;;;\n;01632 960022;;\n"
)
CASES = "Ref,Subject,Received,Status,Category,Name\n7,Damp in flat,02/05/2025,Open,Repairs,Rhian Evans\n"


@pytest.fixture
def office():
    office = OfficeFactory(slug="glanmor", profile="council")
    seed_lists(office, by=None, at=MONDAY)
    return office


@pytest.fixture
def manager(office, client):
    member = MembershipFactory(office=office, role="manager", user__name="Anna Price")
    client.force_login(member.user)
    return member


@pytest.fixture
def page(client, manager):
    """Ask a page of imports, or send a form to it, as a person without JavaScript; gives the page they see then."""

    def ask(route, *args, data=None, status=200):
        address = reverse(f"desk:{route}", args=["glanmor", *args])
        if data is None:
            response = client.get(address)
        else:
            data = {"operation": str(uuid.uuid4())} | data
            response = client.post(address, data)
            if response.status_code == 303:
                response = client.get(response.headers["Location"])
        assert response.status_code == status, response.content.decode()[-3000:]
        return response.content.decode() if not response.streaming else b"".join(response.streaming_content).decode()

    return ask


def file(text, name="people.csv"):
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


@pytest.fixture
def bring(page):
    """Bring a file to the page. Gives the run."""

    def send(text=PEOPLE, name="people.csv", status=200, **said):
        data = {"kind": "contacts", "using": "match", "table": file(text, name)} | said
        shown = page("imports", data=data, status=status)
        return Run.objects.latest("pk") if status == 200 else shown

    return send


def work(run):
    """What the worker does."""
    running.carry_out(run.pk, clock=timezone.now)
    run.refresh_from_db()
    return run


MATCHED = {
    "source": "Old list",
    "encoding": "told",
    "column_3": "-",
    "column_0": "name",
    "column_1": "phone",
    "column_2": "email",
}


def test_people_come_in_from_a_file_and_go_again(page, bring, office):
    run = bring()
    shown = page("import_run", run.pk)
    assert "Rhian Evans" in shown, "the first rows are shown beside each column"
    assert 'value="name" selected' in shown, "a column whose name tells is matched already"
    assert not Contact.objects.exists()

    shown = page("import_run", run.pk, data=MATCHED)
    assert "Waits for its turn." in shown
    assert DBTaskResult.objects.filter(task_path="wardbook.exchange.tasks.carry_out").count() == 1
    work(run)
    assert not Contact.objects.exists(), "nothing is written before the person has seen what would be"
    shown = page("import_run", run.pk)
    assert "2 contacts would come in." in shown
    assert "1 row cannot come in" in shown
    assert "row 4" in shown
    assert "Left out: Shoe size" in shown
    reasons = page("import_run_errors", run.pk)
    assert reasons.splitlines()[0].endswith("row,column,found,expected")
    assert reasons.splitlines()[1].startswith("4,Full Name,")

    page("import_bring", run.pk, data={})
    work(run)
    assert [str(one) for one in Contact.objects.filter(office=office).order_by("pk")] == ["Rhian Evans", "Tom Pugh"]
    shown = page("import_run", run.pk)
    assert "2 contacts came in." in shown
    assert keeping.find(run.folder, keeping.TABLE) is None, "no copy of the file stays behind"
    batch = Batch.objects.get()
    shown = page("imports")
    assert "people.csv" in shown
    assert "Anna Price" in shown
    assert page("import_batch_errors", batch.pk) == reasons

    shown = page("import_batch", batch.pk)
    assert "Take this import back" in shown
    shown = page("import_batch", batch.pk, data={})
    assert "Waits for its turn." in shown
    work(Run.objects.latest("pk"))
    assert not Contact.objects.exists()
    assert "Taken back on" in page("imports")
    assert "Take this import back" not in page("import_batch", batch.pk)
    names = set(Event.objects.filter(office=office).values_list("name", flat=True))
    assert {"import.asked", "import.matched", "import.started", "import.finished", "import.taken_back"} <= names


def test_what_somebody_worked_with_stays_and_is_named(page, bring, office, manager):
    from wardbook.contacts import actions

    run = bring()
    page("import_run", run.pk, data=MATCHED)
    work(run)
    page("import_bring", run.pk, data={})
    work(run)
    rhian = Contact.objects.get(given_name="Rhian")
    actions.edit_contact(rhian, by=manager.user, at=timezone.now(), needs="Large print")
    page("import_batch", run.batch_id, data={})
    back = work(Run.objects.latest("pk"))
    shown = page("import_run", back.pk)
    assert "1 stays" in shown
    assert "Rhian Evans" in shown
    assert Contact.objects.get() == rhian


def test_cases_come_in_with_the_values_they_need(page, bring, office):
    run = bring(CASES, "cases.csv", kind="cases")
    columns = dict.fromkeys([f"column_{place}" for place in range(6)], "-")
    columns |= {"column_0": "id", "column_1": "description", "column_2": "opened", "column_3": "status"}
    columns |= {"column_5": "constituent.name"}
    page("import_run", run.pk, data={"source": "Old", "dates": "%d/%m/%Y", "encoding": "told"} | columns)
    assert "1 case would come in." in (work(run), page("import_run", run.pk))[1]
    page("import_bring", run.pk, data={})
    work(run)
    case = Case.objects.get(office=office)
    assert (case.description, case.opened_on.isoformat(), str(case.constituent)) == (
        "Damp in flat",
        "2025-05-02",
        "Rhian Evans",
    )


def test_people_come_in_from_an_excel_workbook(page, bring):
    rows = [["Full Name", "Tel", "E-mail", "x"], ["Rhian Evans", "+44 1632 960021", None, 39], ["Tom Pugh"]]
    run = bring(workbook(rows), "people.xlsx")
    assert "Rhian Evans" in page("import_run", run.pk)
    page("import_run", run.pk, data=MATCHED)
    assert work(run).outcome["made"] == 2
    page("import_bring", run.pk, data={})
    work(run)
    assert [str(one) for one in Contact.objects.order_by("pk")] == ["Rhian Evans", "Tom Pugh"]
    assert Batch.objects.get().file_name == "people.xlsx"


def test_a_map_that_comes_with_wardbook_needs_no_matching(page, bring):
    run = bring(
        "First Name,Last Name,Company,Title,E-mail Address,Home Phone,Mobile Phone,Home Street,Home City,"
        "Home Postal Code\nRhian,Evans,,,,,,,,\n",
        using="outlook",
    )
    assert run.step == Run.Step.LOOK
    work(run)
    shown = page("import_run", run.pk)
    assert "1 contact would come in." in shown
    assert "First Name → First name" in shown


@pytest.mark.parametrize(
    ("text", "said", "words"),
    [
        ("", {}, "This file is empty."),
        (b"PK\x03\x04 workbook", {}, "an Excel workbook"),
        ("Name\nRhian\n", {"using": "outlook"}, "has no column"),
        ("Name\nRhian\n", {"using": "own"}, "Choose the file of your map"),
        ("Name\nRhian\n", {"using": "own", "map_file": b"no = toml ="}, "is not TOML"),
        ("Name\nRhian\n", {"kind": "la311"}, "Say what is in the file."),
    ],
)
def test_what_is_no_such_file_is_refused_beside_its_field(bring, text, said, words):
    if isinstance(said.get("map_file"), bytes):
        said = said | {"map_file": file(said["map_file"], "my.toml")}
    shown = bring(text, status=422, **said)
    assert words in shown
    assert not Run.objects.exists()
    assert keeping.older_than(timezone.now() + timedelta(days=1)) == [], "nothing of it is kept"


def test_two_columns_do_not_go_to_one_field(page, bring):
    run = bring()
    shown = page("import_run", run.pk, data=MATCHED | {"column_3": "name"}, status=422)
    assert "goes there already" in shown
    shown = page("import_run", run.pk, data=MATCHED | {"column_0": "-"}, status=422)
    assert "Say which column is this" in shown


def test_a_file_that_fails_later_says_why_and_can_be_matched_again(page, bring):
    run = bring(b"Name,Tel\nRh\xefan,1\n")
    assert 'value="cp1252" selected' in page("import_run", run.pk), "what Excel writes is guessed"
    page("import_run", run.pk, data={"source": "Old", "encoding": "told", "column_0": "name", "column_1": "phone"})
    work(run)
    assert run.state == Run.State.FAILED
    shown = page("import_run", run.pk)
    assert "is not UTF-8" in shown
    assert "Match the columns again" in shown
    page("import_run", run.pk, data={"source": "Old", "encoding": "cp1252", "column_0": "name", "column_1": "-"})
    assert work(run).state == Run.State.DONE


def test_a_stopped_import_goes_on_where_it_was(page, bring, monkeypatch):
    monkeypatch.setattr("wardbook.exchange.importing.STEP", 1)
    run = bring("Name\nRhian Evans\nTom Pugh\nOwen Hughes\n")
    page("import_run", run.pk, data={"source": "Old", "encoding": "told", "column_0": "name"})
    work(run)
    page("import_bring", run.pk, data={})
    assert "Stop" in page("import_run", run.pk)
    told = []

    def clock():
        # Somebody presses Stop while the second row comes in.
        told.append(1)
        if len(told) == 4:
            Run.objects.filter(pk=run.pk).update(is_to_stop=True)
        return timezone.now()

    running.carry_out(run.pk, clock=clock)
    run.refresh_from_db()
    assert run.state == Run.State.STOPPED
    there = Contact.objects.count()
    assert 0 < there < 3
    shown = page("import_run", run.pk)
    assert "What was done so far stays." in shown
    page("import_bring", run.pk, data={})
    work(run)
    assert Contact.objects.count() == 3
    assert Batch.objects.get().rows_made == 3


def test_a_run_that_a_worker_left_is_taken_up_again(bring, page):
    run = bring()
    page("import_run", run.pk, data=MATCHED)
    before = DBTaskResult.objects.count()
    Run.objects.update(state=Run.State.RUNNING, touched_at=timezone.now())
    running.carry_out(run.pk, clock=timezone.now)
    run.refresh_from_db()
    assert run.state == Run.State.RUNNING, "whoever comes second leaves it to the first"
    Run.objects.update(touched_at=timezone.now() - timedelta(minutes=5))
    call_command("resume_imports")
    assert DBTaskResult.objects.count() == before + 1
    assert work(run).state == Run.State.DONE


def test_files_are_forgotten_after_30_days_and_batches_stay(bring, page):
    run = bring()
    page("import_run", run.pk, data=MATCHED)
    work(run)
    page("import_bring", run.pk, data={})
    work(run)
    long_ago = timezone.now() - timedelta(days=31)
    Run.objects.update(touched_at=long_ago)
    Batch.objects.update(started_at=long_ago, finished_at=long_ago)
    import os

    folder = keeping._place(run.folder)
    os.utime(folder, (long_ago.timestamp(), long_ago.timestamp()))
    call_command("resume_imports")
    assert not Run.objects.exists()
    assert not folder.exists()
    assert "older than 30 days" in page("import_batch", Batch.objects.get().pk, data={})


def test_whoever_left_meanwhile_brings_nothing_in(bring, page, manager):
    run = bring()
    page("import_run", run.pk, data=MATCHED)
    work(run)
    page("import_bring", run.pk, data={})
    manager.ended_at = timezone.now()
    manager.save(update_fields=["ended_at"])
    assert work(run).state == Run.State.FAILED
    assert "Anna Price may no longer bring files" in run.problem
    assert not Contact.objects.exists()


def test_a_file_that_is_not_wanted_is_removed_with_its_bytes(bring, page, django_capture_on_commit_callbacks):
    run = bring()
    with django_capture_on_commit_callbacks(execute=True):
        shown = page("import_removal", run.pk, data={})
    assert "people.csv is removed." in shown
    assert not Run.objects.exists()
    assert keeping.find(run.folder, keeping.TABLE) is None


def test_a_caseworker_sees_no_imports(client, office):
    client.force_login(MembershipFactory(office=office, role="caseworker").user)
    assert client.get(reverse("desk:imports", args=["glanmor"])).status_code == 403
