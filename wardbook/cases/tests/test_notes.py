"""Notes for the office, and notes for everybody on the case: who sees which, who may correct them, whom they call."""

import re
from datetime import timedelta

import pytest

from wardbook.cases import actions, mentions
from wardbook.cases.factories import (
    CaseAccessFactory,
    CaseFactory,
    CaseNoteFactory,
    DocumentFactory,
    InternalNoteFactory,
)
from wardbook.cases.models import CaseNote, Document, InternalNote
from wardbook.cases.tests.conftest import TUESDAY
from wardbook.lib.rules import RuleBroken
from wardbook.offices.factories import CaseworkerFactory, MembershipFactory, TeamFactory, TeamMemberFactory

# Viewer: sees a note for the office, sees a note for everybody on the case (C3). All of them see the case.
AUDIENCE = {
    "caseworker": (True, True),
    "manager": (True, True),
    "representative": (True, True),
    "triage": (True, True),
    "service": (True, True),
    "councillor": (False, True),
    "volunteer": (False, True),
    "protection": (False, False),
    "admin": (False, False),
}


@pytest.fixture
def seen_by_all(office):
    """A case that every role sees that sees cases at all: of their team, raised by them."""

    def make(user):
        team = TeamFactory(office=office)
        TeamMemberFactory(team=team, user=user)
        return CaseFactory(office=office, owner_team=team, created_by=user)

    return make


@pytest.mark.parametrize(("role", "sees"), AUDIENCE.items())
def test_who_sees_which_note_is_exactly_the_table(office, seen_by_all, role, sees, desk):
    membership = MembershipFactory(office=office, role=role)
    case = seen_by_all(membership.user)
    note = InternalNoteFactory(case=case, text="Her son has asthma, says the doctor.")
    shared = CaseNoteFactory(case=case, text="The inspection is on Thursday at ten.")
    attached = DocumentFactory(activity=None, internal_note=note, case=case, office=office, name="doctor.txt")

    found = (
        InternalNote.objects.visible_to(membership).filter(pk=note.pk).exists(),
        CaseNote.objects.visible_to(membership).filter(pk=shared.pk).exists(),
    )
    assert found == sees
    assert Document.objects.visible_to(membership).filter(pk=attached.pk).exists() == sees[0]

    page = desk.sit(membership.user).get("desk:case", case.number)
    assert ("says the doctor" in page.text) == sees[0]
    assert ("Thursday at ten" in page.text) == sees[1]
    assert ("doctor.txt" in page.text) == sees[0]


@pytest.mark.parametrize("role", AUDIENCE)
def test_only_staff_find_the_form_of_an_office_note(office, seen_by_all, role, desk):
    user = MembershipFactory(office=office, role=role).user
    case = seen_by_all(user)
    status = desk.sit(user).post("cases:notes", case.number, text="Mine").status_code
    assert (status == 303) == AUDIENCE[role][0]
    assert InternalNote.objects.filter(case=case).exists() == AUDIENCE[role][0]


def test_a_note_for_the_office_is_added_with_its_audience_on_the_page(desk, case, worker):
    page = desk.get("cases:notes", case.number)
    assert "Only your office sees this" in page.text
    assert "Add note for the office" in page.text

    response = desk.post("cases:notes", case.number, text="Ask for the report.\r\nThen ring.")

    note = case.internal_notes.get()
    assert (note.text, note.by) == ("Ask for the report.\nThen ring.", worker)
    assert response["Location"].endswith(f"#note-{note.pk}")


def test_a_case_note_names_the_councillor_before_it_is_posted(desk, case, office):
    councillor = CaseworkerFactory(office=office, role="councillor", name="Mair Lloyd")
    case.created_by = councillor
    case.save()

    page = desk.get("cases:case_notes", case.number)

    assert "Visible to everyone on this case, including Councillor Mair Lloyd" in page.text
    assert "Add note for everyone on this case" in page.text


def test_a_councillor_adds_a_case_note_to_their_case_and_to_no_other(desk, office, case):
    councillor = CaseworkerFactory(office=office, role="councillor")
    own = CaseFactory(office=office, created_by=councillor)
    desk.sit(councillor)

    assert desk.post("cases:case_notes", own.number, text="Any news?").status_code == 303
    assert desk.post("cases:case_notes", case.number, text="Any news?").status_code == 404
    assert CaseNote.objects.count() == 1


def test_an_empty_note_is_refused_in_words(desk, case):
    for route in ("cases:notes", "cases:case_notes"):
        response = desk.post(route, case.number, text=" \n ")
        assert response.status_code == 422
        assert "Write the note first." in response.text


def test_a_closed_case_takes_office_notes_but_no_case_notes(desk, office):
    case = CaseFactory(office=office, closed=True)
    assert desk.post("cases:notes", case.number, text="Thanked us.").status_code == 303
    refused = desk.post("cases:case_notes", case.number, text="Thanked us.")
    assert refused.status_code == 422
    assert "Reopen it" in refused.text
    assert "Thanked us." in refused.text


@pytest.mark.parametrize(
    ("who", "may"), [("author", True), ("other", False), ("manager", False), ("councillor", False)]
)
def test_only_the_author_corrects_a_note(desk, case, office, worker, sam, manager, who, may):
    """A12, by the table: nobody else, whatever their role; nobody deletes a note."""
    from django.utils import timezone

    people = {"author": worker, "other": sam, "manager": manager}
    user = people.get(who) or CaseworkerFactory(office=office, role="councillor")
    note = InternalNoteFactory(case=case, by=worker, at=timezone.now(), text="Before")

    response = desk.sit(user).post("cases:note", case.number, note.pk, text="After")

    note.refresh_from_db()
    assert (response.status_code == 303) == may
    assert note.text == ("After" if may else "Before")
    assert desk.client.delete(response.request["PATH_INFO"]).status_code in (403, 405)


def test_after_fifteen_minutes_a_note_stands(case, worker):
    note = InternalNoteFactory(case=case, by=worker, at=TUESDAY, text="Before")
    actions.edit_internal_note(note, text="After", by=worker, at=TUESDAY + timedelta(minutes=15))

    with pytest.raises(RuleBroken, match="15 minutes"):
        actions.edit_internal_note(note, text="Later", by=worker, at=TUESDAY + timedelta(minutes=15, seconds=1))

    assert [revision.text for revision in note.revisions.all()] == ["Before"]


def test_mentioned_colleagues_who_can_read_it_are_told(desk, case, sam, office):
    councillor = CaseworkerFactory(office=office, role="councillor", name="Mair Lloyd")
    case.created_by = councillor
    case.save()

    desk.post("cases:notes", case.number, text="@Sam can you ring? @Mair Lloyd need not know.")

    assert list(case.internal_notes.get().mentions.all()) == [sam]


def test_a_name_that_two_colleagues_have_must_be_said_in_full(desk, case, office):
    CaseworkerFactory(office=office, name="Sam Okoro")
    CaseworkerFactory(office=office, name="Sam Hughes")

    response = desk.post("cases:notes", case.number, text="@sam please ring")

    assert response.status_code == 422
    assert "@Sam Hughes, @Sam Okoro" in response.text
    assert desk.post("cases:notes", case.number, text="@Sam Hughes please ring").status_code == 303
    assert [u.name for u in case.internal_notes.get().mentions.all()] == ["Sam Hughes"]


class Named:
    def __init__(self, name):
        self.name = name


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@Anna will ring", ["Anna Price"]),
        ("ask @anna price, please", ["Anna Price"]),
        ("(@Siân) and @Dewi", ["Siân Rees", "Dewi Pugh"]),
        ("@Sian.", ["Siân Rees"]),
        ("mail anna@price.example", []),
        ("@nobody here", []),
        ("@ Anna", []),
        ("@Anna @Anna", ["Anna Price"]),
    ],
)
def test_a_text_calls(text, called):
    people = [Named("Anna Price"), Named("Siân Rees"), Named("Dewi Pugh")]
    found = mentions.called_in(text, people)
    assert [person.name for person in found.people] == called
    assert not found.unclear


def test_newer_entries_of_colleagues_are_told_when_one_saves(desk, case, sam):
    tabs = desk.get("desk:case", case.number).context["composer_tabs"]
    drawn = next(tab for tab in tabs if tab["key"] == "note")["form"]["seen"].value()
    from django.utils import timezone

    actions.add_internal_note(case, text="I rang her.", by=sam, at=timezone.now())

    response = desk.post("cases:notes", case.number, text="I will ring her.", seen=drawn)

    assert response.status_code == 303
    page = desk.client.get(response["Location"])
    assert "Sam added an entry while you wrote" in page.text
    assert "I rang her." in page.text
    assert "I will ring her." in page.text


def test_the_letters_after_an_at_offer_who_can_be_told(desk, case, office, worker, sam, stranger):
    CaseworkerFactory(office=office, name="Sámantha Lloyd")
    MembershipFactory(office=office, role="councillor", user__name="Sam Councillor")
    kept_out = CaseworkerFactory(office=office, name="Sam Kin")
    CaseAccessFactory(case=case, user=kept_out, grant="kept_out")

    def offered(typed):
        return re.findall(r'data-label="([^"]+)"', desk.get("cases:mentions", case.number, q=typed).text)

    assert offered("sam") == ["Sam Okoro", "Sámantha Lloyd"]
    assert offered("sam ok") == ["Sam Okoro"]
    assert worker.name not in offered("")
    assert desk.sit(stranger).get("cases:mentions", case.number).status_code == 404


def test_the_field_of_a_note_knows_where_to_ask(desk, case):
    assert f"/cases/{case.number}/mentions/" in desk.get("cases:notes", case.number).text
