"""Rows become cases: each whole or not at all, each once, and nobody is told."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core import mail

from wardbook.cases.models import Case, CaseLocation
from wardbook.exchange.case_import import CaseImport
from wardbook.exchange.errors import ErrorFile
from wardbook.exchange.models import Batch
from wardbook.exchange.tests.conftest import HEADER, MAP, MONDAY, fields
from wardbook.journal.models import Event
from wardbook.journal.verifying import flaws
from wardbook.offices.factories import CaseworkerFactory, OfficeFactory, TeamFactory
from wardbook.offices.models import Postcode, Team, Ward
from wardbook.vocabulary.actions import seed_lists
from wardbook.vocabulary.models import PolicyArea, Status

LAMP = "7,Street light out,31/05/2025 14:30,,live"


def only():
    return Case.objects.select_related("status", "category", "policy_area").get()


def test_an_open_row_is_an_open_case(bring_in):
    outcome, said = bring_in(LAMP)

    case = only()
    assert (outcome.made, outcome.refused, said) == (1, 0, [])
    assert (case.description, case.status.name, case.status_class) == ("Street light out", "Open", "open")
    assert (case.opened_on, case.created_at) == (date(2025, 5, 31), datetime(2025, 5, 31, 13, 30, tzinfo=UTC))
    assert (case.closed_at, case.outcome, case.next_step_on, case.owner) == (None, "", None, None)
    assert (case.number, case.reference, case.reference_key) == (1001, "1001", "1001")
    assert (case.source, case.source_id, case.batch_id) == ("Old system", "7", outcome.batch.pk)
    assert case.last_activity_at == case.created_at
    assert case.version == 1


def test_a_closed_row_is_a_closed_case_with_its_outcome(bring_in):
    bring_in("7,Street light out,31/05/2025 14:30,01/06/2025 09:00,Done")

    case = only()
    closed = datetime(2025, 6, 1, 8, 0, tzinfo=UTC)
    assert (case.status_class, case.outcome, case.closed_on) == ("closed", "resolved", date(2025, 6, 1))
    assert (case.closed_at, case.first_closed_at, case.last_activity_at) == (closed, closed, closed)


def test_a_day_without_a_time_is_never_before_the_opening(bring_in):
    bring_in("7,Street light out,31/05/2025 14:30,31/05/2025,done")
    case = only()
    assert (case.closed_on, case.closed_at) == (case.opened_on, case.created_at)


def test_an_open_row_that_was_closed_once_remembers_it(bring_in):
    bring_in("7,Street light out,31/05/2025 14:30,01/06/2025,live")
    case = only()
    assert (case.closed_at, case.first_closed_at) == (None, datetime(2025, 5, 31, 23, 0, tzinfo=UTC))


def test_the_journal_has_one_line_for_each_case_and_two_for_the_import(bring_in, office):
    bring_in(LAMP, "8,Pothole,01/06/2025,,live")

    case = Case.objects.get(source_id="7")
    (event,) = Event.objects.about(case)
    assert (event.name, event.by, event.at, event.case_id) == ("case.imported", None, MONDAY, case.pk)
    assert event.facts == {
        "batch": case.batch_id,
        "source": "Old system",
        "kind": "casework",
        "status": case.status_id,
        "outcome": "",
        "opened_on": "2025-05-31",
    }
    names = Counter(Event.objects.filter(office=office, name__contains="import").values_list("name", flat=True))
    assert names == {"case.imported": 2, "import.started": 1, "import.finished": 1}
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("7,,31/05/2025,,live", "What: Found nothing; expected what it is about. (row 2)"),
        (",Lamp,31/05/2025,,live", "Id: Found nothing; expected the source's own number of the request. (row 2)"),
        (
            "7,Lamp,2025-05-31,,live",
            "Opened: Found “2025-05-31”; expected a date like 31/12/2017 14:59 or 31/12/2017. (row 2)",
        ),
        (
            # What hangs on the day of opening is not told beside it.
            "7,Lamp,2025-05-31,30/05/2025,done",
            "Opened: Found “2025-05-31”; expected a date like 31/12/2017 14:59 or 31/12/2017. (row 2)",
        ),
        ("7,Lamp,,,live", "Opened: Found nothing; expected the day it was opened. (row 2)"),
        ("7,Lamp,03/06/2025,,live", "Opened: Found “03/06/2025”; expected a day that is not in the future. (row 2)"),
        ("7,Lamp,31/05/2025,,lost", "State: “lost” is not in Statuses. Match it or add it to the list. (row 2)"),
        ("7,Lamp,31/05/2025,,", "State: Found nothing; expected a status. (row 2)"),
        (
            "7,Lamp,31/05/2025,,done",
            "Closed: Found nothing; expected the day it was closed, since its status is a closed one. (row 2)",
        ),
        (
            "7,Lamp,31/05/2025,30/05/2025,done",
            "Closed: Found “30/05/2025”; expected a day not before 2025-05-31, when it was opened. (row 2)",
        ),
        ("7,Lamp", "Found “2 cells”; expected 5 cells, as many as the first line names. (row 2)"),
        (
            "7,Lamp,31/05/2025,,live,more",
            "Found “6 cells”; expected 5 cells, as many as the first line names. (row 2)",
        ),
        ("x" * 121 + ",Lamp,31/05/2025,,live", "; expected at most 120 characters. (row 2)"),
    ],
)
def test_a_row_with_something_wrong_stays_out_and_says_what(bring_in, row, says):
    outcome, said = bring_in(row)
    assert (outcome.made, outcome.refused, outcome.batch) == (0, 1, None)
    assert len(said) == 1
    assert said[0].endswith(says)
    assert not Case.objects.exists()
    assert not Event.objects.filter(name__contains="import").exists()


def test_everything_wrong_with_a_row_is_told_and_the_others_come_in(bring_in):
    outcome, said = bring_in("1,Lamp,31/05/2025,,live", ",,x,,lost", "3,Bin,31/05/2025,,live")
    assert (outcome.made, outcome.refused, len(said)) == (2, 1, 4)


def test_empty_cells_too_many_are_forgiven(bring_in):
    assert bring_in(f"{LAMP},,,")[0].made == 1


def test_the_same_file_again_changes_nothing_at_all(bring_in, office):
    def everything():
        return [list(model.objects.order_by("pk").values()) for model in (Case, Event, Batch, Status)]

    bring_in(LAMP, "8,Pothole,01/06/2025,,live")
    before = everything()
    outcome, _said = bring_in(LAMP, "8,Pothole,01/06/2025,,live")
    assert (outcome.made, outcome.known, outcome.batch) == (0, 2, None)
    assert everything() == before


def test_a_row_that_changed_in_the_source_is_left_alone(bring_in):
    bring_in(LAMP)
    outcome, _said = bring_in("7,Something else,01/06/2025,,live", "8,Pothole,01/06/2025,,live")
    assert (outcome.made, outcome.known) == (1, 1)
    assert Case.objects.get(source_id="7").description == "Street light out"


def test_a_number_that_stands_twice_comes_in_once(bring_in):
    outcome, said = bring_in(LAMP, "7,Pothole,01/06/2025,,live")
    assert (outcome.made, outcome.refused) == (1, 1)
    assert said == ["Id: Found “7”; expected a number of its own; row 2 has the same. (row 3)"]
    assert only().description == "Street light out"


class PowerCut(Exception):
    pass


def test_an_import_that_was_cut_off_goes_on_where_it_stopped(bring_in, office):
    rows = [f"{number},Lamp {number},01/06/2025,,live" for number in range(1_700)]

    def cut(done):
        if done >= 1_000:
            raise PowerCut

    with pytest.raises(PowerCut):
        bring_in(*rows, progress=cut)
    batch = Batch.objects.get()
    assert (Case.objects.count(), batch.rows_made, batch.finished_at) == (1_000, 1_000, None)

    outcome, _said = bring_in(*rows)
    batch.refresh_from_db()
    assert (outcome.made, outcome.known, outcome.batch) == (700, 1_000, batch)
    assert (batch.rows_made, batch.finished_at) == (1_700, MONDAY)
    assert Case.objects.filter(batch_id=batch.pk).count() == 1_700
    assert sorted(Case.objects.values_list("number", flat=True)) == list(range(1_001, 2_701))
    assert list(flaws(office.pk)) == []


def test_an_import_that_was_cut_off_after_its_last_row_is_ended(bring_in):
    rows = [f"{number},Lamp {number},01/06/2025,,live" for number in range(3)]

    def cut(done):
        raise PowerCut

    with pytest.raises(PowerCut):
        bring_in(*rows, progress=cut)
    outcome, _said = bring_in(*rows)
    assert (outcome.made, outcome.known) == (0, 3)
    assert Batch.objects.get().finished_at == MONDAY
    assert bring_in(*rows)[0].batch is None


def test_a_dry_run_tells_all_and_writes_nothing(bring_in):
    using = fields('policy_area = {column="Area", new_values=true}\nplace = "Area"')
    before = (Event.objects.count(), PolicyArea.objects.count())
    outcome, said = bring_in(
        f"{LAMP},Lighting",
        "8,Hole,01/06/2025,,live,Housing",
        "9,x,,,lost,Never",
        header=f"{HEADER},Area",
        using=using,
        dry=True,
    )
    assert (outcome.made, outcome.refused, outcome.places, outcome.batch) == (2, 1, 2, None)
    assert outcome.statuses == {"Open": 2}
    assert outcome.new_values["Policy areas"] == ["Lighting"]
    assert (outcome.first_day, outcome.last_day) == ("2025-05-31", "2025-06-01")
    assert len(said) == 2
    assert (Event.objects.count(), PolicyArea.objects.count(), Case.objects.count()) == (*before, 0)


def test_places_have_text_postcode_point_and_ward(bring_in, office):
    ward = Ward.objects.create(office=office, name="Mill")
    Postcode.objects.create(office=office, key="GM1", ward=ward)
    using = fields('place="Where"\npostcode="Code"\nlatitude="Lat"\nlongitude="Lon"')
    header = f"{HEADER},Where,Code,Lat,Lon"
    rows = [
        'a,Lamp,01/06/2025,,live,"14 Mill Lane, GM1 4AB",gm1 4ab,51.12345678,-3.5',
        "b,Lamp,01/06/2025,,live,,,51,-3",
        "c,Lamp,01/06/2025,,live,,,,",
        "d,Lamp,01/06/2025,,live,Somewhere,,91,0",
        "e,Lamp,01/06/2025,,live,Somewhere,,51,",
        "f,Lamp,01/06/2025,,live,Somewhere,,1e5,0",
    ]
    _outcome, said = bring_in(*rows, header=header, using=using)
    places = {place.case.source_id: place for place in CaseLocation.objects.select_related("case", "ward")}
    first = places["a"]
    assert (first.text, first.postcode, first.ward) == ("14 Mill Lane", "GM1 4AB", ward)
    assert (first.latitude, first.longitude) == (Decimal("51.123457"), Decimal("-3.500000"))
    assert first.place_key == "GM14AB|14 mill lane"
    assert places["b"].text == "51.000000, -3.000000"
    assert places.keys() == {"a", "b"}
    assert sorted(said) == [
        "Lat: Found “1e5”; expected a number from -90 to 90. (row 7)",
        "Lat: Found “91”; expected a number from -90 to 90. (row 5)",
        "Lon: Found nothing; expected both latitude and longitude, or neither. (row 6)",
    ]


def test_who_works_on_it_comes_from_their_address_in_this_office(bring_in, office):
    anna = CaseworkerFactory(office=office, email="anna@example.org")
    CaseworkerFactory(office=OfficeFactory(), email="other@example.org")
    team = TeamFactory(office=office, name="Highways")
    using = fields('owner="Who"\nteam="Team"')
    _outcome, said = bring_in(
        f"{LAMP},Anna@example.org,highways",
        "8,Lamp,01/06/2025,,live,other@example.org,",
        header=f"{HEADER},Who,Team",
        using=using,
    )
    case = only()
    assert (case.owner, case.owner_team, case.assigned_at) == (anna, team, case.created_at)
    assert "somebody who works in this office" in said[0]
    assert Team.objects.filter(office=office, name__iexact="highways").count() == 1


def test_nothing_of_another_office_is_seen_or_taken(bring_in, office):
    other = OfficeFactory(slug="other")
    seed_lists(other, by=None, at=MONDAY)
    PolicyArea.objects.create(office=other, name="Only theirs")
    bring_in(LAMP, into=other)
    _outcome, said = bring_in(
        "9,Lamp,01/06/2025,,live,Only theirs", header=f"{HEADER},Area", using=fields('policy_area="Area"')
    )
    assert "“Only theirs” is not in Policy areas" in said[0]
    outcome, _said = bring_in(LAMP)
    assert (outcome.made, outcome.known) == (1, 0)
    assert {case.office_id for case in Case.objects.all()} == {office.pk, other.pk}
    assert {case.status.office_id for case in Case.objects.filter(office=office)} == {office.pk}


def test_words_that_could_run_as_formulas_come_in_as_they_were(bring_in):
    rows = [
        "1,'=1+1,01/06/2025,,live",
        "2,=1+1,01/06/2025,,live",
        "3,'tis the lamp,01/06/2025,,live",
        "4,'+44 1632,01/06/2025,,live",
    ]
    bring_in(*rows)
    assert list(Case.objects.order_by("source_id").values_list("description", flat=True)) == [
        "=1+1",
        "=1+1",
        "'tis the lamp",
        "+44 1632",
    ]


def test_control_characters_and_overrides_do_not_come_in(bring_in):
    bring_in("7,La\x07mp \x1b[31m\u202eout,01/06/2025,,live")
    assert only().description == "La mp [31mout"


def test_a_long_description_stands_whole_in_the_details(bring_in):
    text = "word " * 100
    bring_in(f"7,{text},01/06/2025,,live,and more", header=f"{HEADER},Notes", using=fields('notes="Notes"'))
    case = only()
    assert len(case.description) <= 200
    assert case.description.endswith("…")
    assert case.notes == f"{text.strip()}\n\nand more"


def test_templates_leave_out_what_is_empty(bring_in):
    using = MAP.replace(
        'description = "What"', 'description = "{What} – {Where}"\nnotes = "From {Where}\\nSeen: {Closed}\\nEnd"'
    )
    bring_in(f"{LAMP},", "8,Hole,01/06/2025,,live,Mill Lane", header=f"{HEADER},Where", using=using)
    first, second = Case.objects.order_by("source_id")
    assert (first.description, first.notes) == ("Street light out", "End")
    assert (second.description, second.notes) == ("Hole – Mill Lane", "From Mill Lane\nEnd")


def test_yes_and_no_and_priorities_are_read_as_the_map_says(bring_in):
    using = fields('anonymous = {column="Anon", values={"keine" = false}}\npriority="Prio"\nrestricted={fixed=true}')
    rows = [
        "1,Lamp,01/06/2025,,live,Y,High",
        "2,Lamp,01/06/2025,,live,keine,",
        "3,Lamp,01/06/2025,,live,maybe,urgent",
    ]
    _outcome, said = bring_in(*rows, header=f"{HEADER},Anon,Prio", using=using)
    assert list(Case.objects.order_by("source_id").values_list("is_anonymous", "priority", "is_restricted")) == [
        (True, 3, True),
        (False, 0, True),
    ]
    assert "Found “urgent”; expected one of none, low, medium or high" in said[0]
    assert "Found “maybe”; expected yes or no" in said[1]


def test_without_a_status_in_the_map_rows_are_new_or_closed(bring_in):
    using = MAP[: MAP.index("[fields.status]")] + 'outcome = {fixed="advice"}\n'
    bring_in("1,Lamp,31/05/2025,,", "2,Lamp,31/05/2025,01/06/2025,", using=using)
    assert list(Case.objects.order_by("source_id").values_list("status__name", "status_class", "outcome")) == [
        ("New", "new", ""),
        ("Closed", "closed", "advice"),
    ]


def test_the_file_of_errors_is_safe_to_open(office, written, load, tmp_path):
    path = written(f"{HEADER}\n=cmd|' /C calc'!A0,,x,,-1+1\n")
    prepared = CaseImport(path, load(), office, by=None, at=MONDAY)
    with ErrorFile(tmp_path / "errors.csv", "old") as errors:
        prepared.run(errors, lambda done: None, at=lambda: MONDAY)
    prepared.table.close()
    lines = (tmp_path / "errors.csv").read_text(encoding="utf-8").splitlines()
    assert lines == [
        "row,column,found,expected",
        "2,What,,what it is about",
        "2,State,'-1+1,“-1+1” is not in Statuses. Match it or add it to the list.",
        "2,Opened,x,a date like 31/12/2017 14:59 or 31/12/2017",
    ]
