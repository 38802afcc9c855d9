"""What the forms of a case say of bad input, and in which form they keep odd text.

That every field of every form stands anything is in tests/test_bad_input.py and tests/test_foreign_input.py.
"""

import pytest

from wardbook.cases.factories import (
    ActivityFactory,
    FollowUpFactory,
    InternalNoteFactory,
    PartyRoleFactory,
    activity_type_of,
)
from wardbook.cases.models import Activity, CaseNote, InternalNote
from wardbook.contacts.factories import ContactFactory
from wardbook.offices.factories import (
    RepresentativeFactory,
    TeamFactory,
    WardFactory,
)
from wardbook.vocabulary.factories import (
    CategoryFactory,
    TagFactory,
)

HUGE = "9" * 40
RTL = "\u202eevil\u202c \u0627\u0644\u0633\u0644\u0627\u0645 عليكم"
CONTROL = "A\x00B\x07C\x1bD\x85E\u2028F"


@pytest.fixture
def full(office, case, worker, sam):
    """An office in which every field is shown, and a case on which every form works."""
    CategoryFactory(office=office, policy_area__office=office)
    TeamFactory(office=office)
    WardFactory(office=office)
    PartyRoleFactory(office=office)
    TagFactory(office=office, name="damp")
    RepresentativeFactory(office=office)
    InternalNoteFactory(case=case, by=worker)
    ActivityFactory(case=case, type=activity_type_of(office))
    FollowUpFactory(case=case, type=activity_type_of(office))
    return case


DETAILS = (
    "description kind opened topic type code how constituent requester representative "
    "status priority assignment tags waiting deadline"
).split()
FORMS = {
    **{f"detail {name}": ("cases:detail", lambda case, name=name: (case.number, name)) for name in DETAILS},
    "closure": ("cases:closure", lambda case: (case.number,)),
    "party": ("cases:parties", lambda case: (case.number,)),
    "place": ("cases:places", lambda case: (case.number,)),
    "access": ("cases:restriction", lambda case: (case.number,)),
    "note": ("cases:notes", lambda case: (case.number,)),
    "case note": ("cases:case_notes", lambda case: (case.number,)),
    "call": ("cases:calls", lambda case: (case.number,)),
    "letter": ("cases:letters", lambda case: (case.number,)),
    "other": ("cases:entries", lambda case: (case.number,)),
    "plan": ("cases:follow_up", lambda case: (case.number,)),
    "edit note": ("cases:note", lambda case: (case.number, InternalNote.objects.get(case=case).pk)),
    "edit done": ("cases:activity", lambda case: (Activity.objects.done().get(case=case).pk,)),
    "edit planned": ("cases:activity", lambda case: (Activity.objects.planned().get(case=case).pk,)),
    "filing": ("cases:filing", lambda case: ()),
}
# What makes each form valid but for the field under test.
VALID = {
    "note": {"text": "A note"},
    "case note": {"text": "A note"},
    "edit note": {"text": "A note"},
    "call": {"subject": "Rang"},
    "letter": {"subject": "They wrote"},
    "other": {"subject": "Met them"},
    "plan": {"subject": "Ring", "due_on": "+3"},
    "closure": {"outcome": "resolved"},
    "place": {"text": "Mill Lane"},
}
HIDDEN = {"version", "was", "seen", "before"}


def send(desk, matter, name, /, **changes):
    route, args = FORMS[name]
    data = desk.form(route, *args(matter)) | VALID.get(name, {}) | changes
    return desk.post(route, *args(matter), **data)


def fields_of(desk, case, name):
    route, args = FORMS[name]
    return {bound.name: bound.field for bound in desk.get(route, *args(case)).context["form"]}


@pytest.mark.parametrize("name", FORMS)
def test_a_required_field_left_empty_is_said_beside_it(desk, full, name):
    fields = fields_of(desk, full, name)
    for field_name, field in fields.items():
        if not field.required or field_name in HIDDEN:
            continue
        response = send(desk, full, name, **{field_name: ""})
        assert response.status_code == 422, (name, field_name)
        errors = response.context["form"].errors
        assert field_name in errors, (name, field_name, errors)
        assert "This field is required" not in str(errors), (name, field_name)


TEXTS = {
    "detail description": ("description", lambda case: case.description),
    "note": ("text", lambda case: InternalNote.objects.filter(case=case).latest("pk").text),
    "case note": ("text", lambda case: CaseNote.objects.get(case=case).text),
    "call": ("subject", lambda case: Activity.objects.filter(case=case).latest("pk").subject),
    "plan": ("subject", lambda case: Activity.objects.filter(case=case).latest("pk").subject),
    "place": ("text", lambda case: case.locations.get().text),
}


@pytest.mark.parametrize("name", TEXTS)
def test_text_is_kept_without_control_characters_and_direction_overrides(desk, full, name):
    field, read = TEXTS[name]
    assert send(desk, full, name, **{field: f"{CONTROL} {RTL}"}).status_code == 303
    full.refresh_from_db()
    kept = read(full)
    assert not {"\x00", "\x07", "\x1b", "\u202e", "\u202c"} & set(kept)
    assert "السلام" in kept


@pytest.mark.parametrize("name", TEXTS)
def test_what_was_typed_stays_in_the_form(desk, full, name):
    field, _read = TEXTS[name]
    typed = "y" * 20_500
    response = send(desk, full, name, **{field: typed})
    assert response.status_code == 422
    assert typed in response.text
    assert "letters shorter" in response.text


def test_typed_but_not_chosen_is_explained_and_offered(desk, full):
    """Without JavaScript: the name typed into a type-ahead comes back as choices."""
    ContactFactory(office=full.office, given_name="Omar", family_name="Haddad")
    response = send(desk, full, "detail requester", requester="", requester_text="haddad")
    assert response.status_code == 422
    assert "Omar Haddad" in response.text
    assert 'type="radio"' in response.text


def test_fields_that_no_form_has_are_ignored(desk, full, sam):
    """A9: mass assignment."""
    extra = {
        "is_staff": "on",
        "is_superuser": "on",
        "role": "admin",
        "office": "1",
        "created_by": sam.pk,
        "is_internal": "",
        "status": "1",
        "closed_at": "2020-01-01",
        "deleted_at": "2020-01-01",
        "id": "1",
        "number": "1",
        "is_restricted": "on",
    }
    assert send(desk, full, "detail description", description="Mould", **extra).status_code == 303
    before = (full.created_by_id, full.number, full.office_id, full.status_id)
    full.refresh_from_db()
    assert (full.created_by_id, full.number, full.office_id, full.status_id) == before
    assert (full.is_restricted, full.deleted_at, full.closed_at) == (False, None, None)


@pytest.mark.parametrize("number", ["0", "99999999999999999999999", "1e3", "-1"])
def test_a_case_number_that_is_none_is_not_found(desk, number):
    slug = desk.office.slug
    for path in (f"/{slug}/cases/{number}/", f"/{slug}/cases/{number}/status/", f"/{slug}/documents/{number}/"):
        assert desk.client.get(path).status_code == 404


@pytest.mark.parametrize(
    "query",
    """before=x before=~~ after=2025-01-01T00:00:00%2B00:00~9~9 entry=note-x entry=note-999999 entry=../../x show=%00
    write=email sort=%27 status=%00 before=2025-01-01~0~99999999999999999999 entry=event-99999999999999999999
    before=2025-06-01T00:00:00%2B00:00~0~999999999999999999""".split(),
)
def test_a_hostile_address_is_a_plain_page(desk, case, query):
    response = desk.client.get(f"/{desk.office.slug}/cases/{case.number}/?{query}")
    assert response.status_code in (200, 302)
