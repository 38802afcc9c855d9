"""All 9,999 real requests of Los Angeles come in as cases, once, and go again."""

import csv
from collections import Counter
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core import mail
from django.db.models import Count

from wardbook.cases.models import Case, CaseLocation
from wardbook.exchange import actions, mapping
from wardbook.exchange.case_import import CaseImport
from wardbook.exchange.errors import ErrorFile
from wardbook.exchange.models import Batch, Made
from wardbook.exchange.tests.conftest import MONDAY
from wardbook.journal.models import Event
from wardbook.offices.models import Representative, Ward
from wardbook.vocabulary.models import Category, Status

LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def run(la311, office, tmp_path, *, dry=False):
    prepared = CaseImport(la311, mapping.load("la311", kind="cases"), office, by=None, at=MONDAY)
    with ErrorFile(None, "la311", only_asked=True) as errors:
        outcome = prepared.run(errors, lambda done: None, dry=dry, at=lambda: MONDAY)
    prepared.table.close()
    assert errors.path is None
    return outcome


def counted(*path):
    field = "__".join(path)
    return Counter(dict(Case.objects.values_list(field).annotate(Count("pk"))))


def moment(text):
    return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=LOS_ANGELES)


def everything():
    """Every row that an import could have changed."""
    models = (Case, CaseLocation, Event, Batch, Made, Status, Category, Ward, Representative)
    return {model: list(model.objects.order_by("pk").values()) for model in models}


def test_the_file_comes_in_whole_and_once_and_goes_again(la311, office, tmp_path):
    with la311.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    before = everything()

    foreseen = run(la311, office, tmp_path, dry=True)
    assert (foreseen.made, foreseen.known, foreseen.refused) == (9_999, 0, 0)
    assert foreseen.statuses == Counter(row["Status"] for row in rows)
    assert everything() == before

    outcome = run(la311, office, tmp_path)
    assert (outcome.rows, outcome.made, outcome.known, outcome.refused) == (9_999, 9_999, 0, 0)
    assert mail.outbox == []

    assert counted("status", "name") == Counter(row["Status"] for row in rows)
    assert counted("category", "name") == Counter(row["RequestType"] for row in rows)
    assert counted("representative", "name") == Counter(row["CDMember"] or None for row in rows)
    district = Counter(f"District {row['CD']}" if row["CD"] else None for row in rows)
    assert counted("locations", "ward", "name") == district
    renamed = {"Call": "Phone", "Self Service": "Web form", "Walk-in": "In person"}
    came = Counter(renamed.get(row["RequestSource"], row["RequestSource"]) for row in rows)
    assert counted("contact_type", "name") == came
    assert counted("is_anonymous") == Counter(row["Anonymous"] == "Y" for row in rows)
    assert counted("status_class") == {"closed": 9_994, "open": 5}
    assert counted("outcome") == {"resolved": 9_739, "withdrawn": 246, "passed": 9, "": 5}
    assert counted("policy_area", "name") == {"Street and public space": 9_999}

    cases = {case.source_id: case for case in Case.objects.select_related("category")}
    places = {place.case_id: place for place in CaseLocation.objects.all()}
    for row in rows:
        case = cases[row["SRNumber"]]
        opened = moment(row["CreatedDate"])
        closed = moment(row["ClosedDate"]) if row["ClosedDate"] else None
        assert (case.created_at, case.opened_on) == (opened, opened.date())
        assert (case.closed_at, case.closed_on) == (closed, closed and closed.date())
        assert case.last_activity_at == max(
            filter(None, (opened, closed, moment(row["UpdatedDate"]))), key=lambda at: at.timestamp()
        )
        address = " ".join(row["Address"].split())
        assert case.description == f"{row['RequestType']} – {address}"
        place = places[case.pk]
        assert address in (place.text, f"{place.text}, {place.postcode}")
        assert place.postcode == row["ZipCode"]
        assert place.latitude == (round(Decimal(row["Latitude"]), 6) if row["Latitude"] else None)
        assert place.longitude == (round(Decimal(row["Longitude"]), 6) if row["Longitude"] else None)
    assert {case.next_step_on for case in cases.values()} == {None}
    assert sorted(case.number for case in cases.values()) == list(range(1_001, 11_000))
    assert Event.objects.filter(name="case.imported").count() == 9_999

    after = everything()
    again = run(la311, office, tmp_path)
    assert (again.made, again.known, again.refused) == (0, 9_999, 0)
    assert everything() == after

    taken = actions.take_back(outcome.batch, by=None, at=MONDAY)
    assert (taken.cases, taken.stayed) == (9_999, [])
    left = everything()
    for model in (Case, CaseLocation, Made, Status, Category, Ward, Representative):
        assert left[model] == before[model]
