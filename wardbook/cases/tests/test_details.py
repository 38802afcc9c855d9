"""Each detail is changed in place by its own form at its own address, with and without JavaScript."""

from datetime import date

import pytest
from django.utils import timezone

from wardbook.cases import actions
from wardbook.cases.factories import CaseFactory, TagFactory, status_of
from wardbook.cases.models import Case
from wardbook.cases.tests.conftest import TUESDAY
from wardbook.contacts.factories import AgencyFactory, ContactFactory
from wardbook.journal.models import Event
from wardbook.lib.rules import RuleBroken
from wardbook.offices.factories import RepresentativeFactory
from wardbook.vocabulary.factories import (
    CaseCodeFactory,
    CaseTypeFactory,
    CategoryFactory,
    ContactTypeFactory,
    PolicyAreaFactory,
    ServiceTypeFactory,
    SubTypeFactory,
)
from wardbook.vocabulary.models import Tag


def change(desk, case, name, htmx="", **values):
    data = desk.form("cases:detail", case.number, name) | values
    return desk.post("cases:detail", case.number, name, htmx=htmx, **data)


def made_of(office):
    return {
        "description": (
            {"description": "  Rot \n in the hall ", "notes": "Since May"},
            {"description": "Rot in the hall"},
        ),
        "kind": ({"kind": "policy"}, {"kind": "policy"}),
        "opened": ({"opened_on": "1 May 2025"}, {"opened_on": date(2025, 5, 1)}),
        "code": lambda: ({"case_code": (v := CaseCodeFactory(office=office)).pk}, {"case_code": v}),
        "how": lambda: ({"contact_type": (v := ContactTypeFactory(office=office)).pk}, {"contact_type": v}),
        "constituent": lambda: ({"constituent": (v := ContactFactory(office=office)).pk}, {"constituent": v}),
        "requester": lambda: ({"requester": (v := ContactFactory(office=office)).pk}, {"requester": v}),
        "representative": lambda: (
            {"representative": (v := RepresentativeFactory(office=office)).pk},
            {"representative": v},
        ),
        "priority": ({"priority": "2"}, {"priority": 2}),
        "deadline": ({"deadline_on": "2030-06-06", "deadline_reason": "Hearing"}, {"deadline_on": date(2030, 6, 6)}),
        "waiting": lambda: (
            {"waiting_on": "agency", "waiting_agency": (v := AgencyFactory(office=office)).pk},
            {"waiting_agency": v, "waiting_on": "agency"},
        ),
        "status": lambda: ({"status": (v := status_of(office, "open")).pk}, {"status": v}),
    }


NAMES = (
    "description kind opened code how constituent requester representative priority deadline waiting status".split()
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("by_script", [False, True])
def test_a_detail_is_saved(desk, case, office, name, by_script):
    values = made_of(office)[name]
    sent, wanted = values() if callable(values) else values

    response = change(desk, case, name, htmx=f"div#case-{case.number}-{name}" if by_script else "", **sent)

    case = Case.objects.get(pk=case.pk)
    assert {field: getattr(case, field) for field in wanted} == wanted
    if by_script:
        assert response.status_code == 200
        assert response.text.strip().startswith("<div")
        assert f'id="case-{case.number}-{name}"' in response.text
        assert "<html" not in response.text
        assert "case-changed" in response["HX-Trigger"]
    else:
        assert response.status_code == 303
        assert response["Location"] == f"/{office.slug}/cases/{case.number}/"


def test_a_wrong_detail_is_swapped_where_it_stood(desk, case):
    response = change(desk, case, "description", htmx=f"div#case-{case.number}-description", description="")
    assert response.status_code == 422
    assert response["HX-Retarget"] == f"#case-{case.number}-description"
    assert "data-autofocus" in response.text


def test_cancel_gives_the_value_back(desk, case):
    piece = desk.get("cases:detail", case.number, "description", htmx="div#x", shown="")
    assert f'id="case-{case.number}-description"' in piece.text
    assert "<form" not in piece.text


def test_the_open_date_is_not_in_the_future_and_not_after_the_closing(desk, case, office, worker):
    assert change(desk, case, "opened", opened_on="tomorrow").status_code == 422
    closed = CaseFactory(office=office, closed=True)
    with pytest.raises(RuleBroken, match="closed before"):
        actions.edit(closed, opened_on=date(2025, 6, 3), by=worker, at=TUESDAY)


def test_back_dating_counts_the_age_from_then(desk, case):
    change(desk, case, "opened", opened_on="2025-05-03")
    case.refresh_from_db()
    assert case.age(date(2025, 6, 2)) == 30


@pytest.fixture
def tree(office):
    """Two policy areas with a category and a service type each."""
    areas = [PolicyAreaFactory(office=office, name=name) for name in ("Housing", "Roads")]
    categories = [CategoryFactory(office=office, policy_area=area, name=f"{area} category") for area in areas]
    services = [ServiceTypeFactory(office=office, category=category) for category in categories]
    return areas, categories, services


def topic(case):
    case.refresh_from_db()
    return case.policy_area, case.category, case.service_type


def test_a_category_brings_its_policy_area(desk, case, tree):
    areas, categories, _services = tree
    change(desk, case, "topic", category=categories[0].pk)
    assert topic(case) == (areas[0], categories[0], None)


def test_another_policy_area_drops_the_category_of_the_old_one(desk, case, tree):
    areas, categories, services = tree
    change(desk, case, "topic", service_type=services[0].pk)
    assert topic(case) == (areas[0], categories[0], services[0])
    change(desk, case, "topic", policy_area=areas[1].pk)
    assert topic(case) == (areas[1], None, None)


def test_choosing_an_area_narrows_what_is_below(desk, case, tree):
    areas, categories, _services = tree
    form = desk.get("cases:detail", case.number, "topic", htmx="div#x", policy_area=areas[1].pk).context["form"]
    shown = [value for value, _label in form["category"].field.widget.choices]
    assert shown == ["", categories[1].pk]


def test_without_javascript_every_category_stands_under_its_area(desk, case, tree):
    page = desk.get("cases:detail", case.number, "topic")
    assert '<optgroup label="Housing">' in page.text


def test_another_case_type_drops_the_sub_type(desk, case, office):
    first, second = CaseTypeFactory(office=office), CaseTypeFactory(office=office)
    sub = SubTypeFactory(office=office, case_type=first)
    change(desk, case, "type", case_type=first.pk, sub_type=sub.pk)
    change(desk, case, "type", case_type=second.pk)
    case.refresh_from_db()
    assert (case.case_type, case.sub_type) == (second, None)


def test_a_retired_value_stays_on_the_case_and_is_offered_to_no_other(desk, case, office):
    code = CaseCodeFactory(office=office)
    change(desk, case, "code", case_code=code.pk)
    code.retired_at = TUESDAY
    code.save()
    assert code in desk.get("cases:detail", case.number, "code").context["form"].fields["case_code"].queryset
    other = CaseFactory(office=office)
    assert change(desk, other, "code", case_code=code.pk).status_code == 422


def test_on_hold_comes_back_in_fourteen_days_or_when_it_is_told(desk, case, office):
    hold = status_of(office, "paused")
    change(desk, case, "status", status=hold.pk)
    case.refresh_from_db()
    today = office.local_date(timezone.now())
    assert (case.review_on - today).days == 14
    change(desk, case, "status", status=hold.pk, review_on="2030-01-07", reason="Waiting for the court")
    case.refresh_from_db()
    assert case.review_on == date(2030, 1, 7)
    assert "Waiting for the court" in case.internal_notes.get().text


def test_waiting_counts_from_the_day_it_changed(case, worker):
    actions.wait_on(case, "constituent", by=worker, at=TUESDAY)
    actions.wait_on(case, "constituent", by=worker, at=TUESDAY.replace(day=20))
    case.refresh_from_db()
    assert case.waiting_since == TUESDAY.date()
    actions.wait_on(case, "", by=worker, at=TUESDAY)
    case.refresh_from_db()
    assert case.waiting_since is None


def test_nobody_is_no_constituent_of_casework(desk, case):
    response = change(desk, case, "constituent", constituent="", constituent_text="")
    assert response.status_code == 422
    assert (
        change(desk, case, "constituent", constituent="", constituent_text="", is_anonymous="on").status_code == 303
    )
    case.refresh_from_db()
    assert (case.constituent, case.is_anonymous) == (None, True)


def test_an_internal_case_needs_nobody(desk, office):
    case = CaseFactory(office=office, kind="internal")
    assert change(desk, case, "constituent", constituent="", constituent_text="").status_code == 303


def test_tags_are_added_and_taken_off_beside_what_a_colleague_does(desk, case, office, sam):
    damp, mould, noise = (TagFactory(office=office, name=name) for name in ("damp", "mould", "noise"))
    actions.set_tags(case, [damp], by=sam, at=TUESDAY)
    data = desk.form("cases:tags", case.number)
    actions.set_tags(case, [damp, mould], by=sam, at=TUESDAY)

    desk.post("cases:tags", case.number, **data | {"tags": [noise.pk]})

    assert set(case.tags.all()) == {mould, noise}


def test_a_new_tag_is_made_by_those_who_may(desk, case, office, worker):
    assert change(desk, case, "tags", new_tag="fly-tipping").status_code == 303
    assert case.tags.get().name == "fly-tipping"
    office.memberships.filter(user=worker).update(role="triage")
    from wardbook.offices.factories import TeamFactory, TeamMemberFactory

    team = TeamFactory(office=office)
    TeamMemberFactory(team=team, user=worker)
    Case.objects.filter(pk=case.pk).update(owner_team=team)
    change(desk, case, "tags", new_tag="another")
    assert not Tag.objects.filter(name="another").exists()


def test_a_tag_that_is_nearly_the_same_is_offered_first(desk, case, office):
    pothole = TagFactory(office=office, name="pothole")

    asked = change(desk, case, "tags", new_tag="potholes")
    assert asked.status_code == 422
    assert "Choose it, or add the new one" in asked.text

    change(desk, case, "tags", new_tag="potholes", instead=str(pothole.pk))
    assert list(case.tags.all()) == [pothole]
    change(desk, case, "tags", new_tag="potholes", instead="add")
    assert set(case.tags.values_list("name", flat=True)) == {"pothole", "potholes"}


def test_the_same_word_spelt_otherwise_is_the_same_tag(desk, case, office):
    pothole = TagFactory(office=office, name="pothole")
    change(desk, case, "tags", new_tag="Pot-Hole")
    assert list(case.tags.all()) == [pothole]


def test_tags_are_found_by_a_few_letters(desk, office):
    TagFactory(office=office, name="riverside-estate")
    TagFactory(office=office, name="damp", retired_at=TUESDAY)
    assert "riverside-estate" in desk.get("cases:tag_options", q="river").text
    assert "damp" not in desk.get("cases:tag_options", q="dam").text


def test_what_the_office_hides_is_not_shown(desk, case, office):
    from wardbook.offices.models import FieldUse

    assert "Policy area" in desk.get("desk:case", case.number).text
    FieldUse.objects.create(office=office, field="policy_area", use="hidden")
    assert "Policy area" not in desk.get("desk:case", case.number).text


def test_free_text_never_enters_the_journal(desk, case):
    change(desk, case, "description", description="Rhian Evans has asthma", notes="Her doctor says so")
    facts = str([line.facts for line in Event.objects.about(case)])
    assert "asthma" not in facts
    assert "doctor" not in facts


def test_an_unknown_detail_is_not_found(desk, case):
    assert desk.get("cases:detail", case.number, "salary").status_code == 404
