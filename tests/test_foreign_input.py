"""What a form must not take: another office's id in any field (A2) or among fifty of our own (A8), and fields that
it does not have (A9).

Every id field of every form, alone and with the others valid, gets the id that the other office has for the same kind
of thing, and where the page does not show the kind, one of each kind (on PostgreSQL of the most usual, as what looks
them up is the same code). No table of tests/world.py shares an id with
another, so none of them is right by chance. Refused with 400, 404 or 422, and a dump of both offices is the same
before and after. All of it on SQLite and on PostgreSQL; the additional fields on SQLite only, as forms read them
without asking the database.
"""

from functools import partial
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import connection

from tests import filling
from tests.asking import unchanged, undone, writing
from tests.dumping import apart_from_moments, changes, dump
from tests.test_bad_input import CHANGING, DONE
from wardbook.cases.factories import ActivityFactory, CaseFactory
from wardbook.cases.models import Case
from wardbook.contacts.models import Contact
from wardbook.correspondence.models import Message
from wardbook.desk.bulk.acts import ACTS
from wardbook.invariants import path_to_office, references_across_offices

pytestmark = pytest.mark.django_db

REFUSED = (400, 403, 404, 422)
# What is compared and never looked up: the version that was read, what stood in the field before, the way back.
# It may be taken, and then nothing of the other office is changed or referred to.
NOT_LOOKED_UP = {"seen", "version", "was", "before", "back", "next", "query", "step", "confirmed", "uid", "restrict"}
# Marks of where it was pressed, and words that a button brings along: none is looked up.
NOT_LOOKED_UP |= {"beside", "moves", "for_agency", "text", "subject", "again"}
# Addresses that are compared with those of the campaign.
NOT_LOOKED_UP |= {"listed", "gets"}


@pytest.fixture(scope="module")
def forms(both):
    return filling.Forms(both[0])


@pytest.fixture
def asker(forms):
    return forms.asker


@pytest.fixture(scope="module")
def known():
    """How the tables of both offices are: nothing that is asked here stays."""
    return {}


@pytest.fixture(scope="module")
def kinds(both):
    """(model of each of our ids, the other office's id of each model)."""
    ours, theirs = both
    mine, foreign = {}, {}
    for model in apps.get_models():
        path = path_to_office(model)
        if path:
            rows = model._default_manager
            mine |= {str(pk): model for pk in rows.filter(**{path: ours.office.pk}).values_list("pk", flat=True)}
            pk = rows.filter(**{path: theirs.office.pk}).order_by("pk").values_list("pk", flat=True).first()
            if pk:
                foreign[model] = str(pk)
    mine |= {str(user.pk): type(user) for user in ours.users.values()}
    foreign[type(theirs.users["caseworker"])] = str(theirs.users["caseworker"].pk)
    foreign["case number"] = str(theirs.case.number)
    mine |= {str(number): "case number" for number in range(1000, 1100)}
    return mine, foreign


def id_fields(found, mine):
    """{name: kind} of what holds ids; None where the page does not show of what kind."""
    fields = {}
    for one in found.form.fields:
        offered = [value for value in (*one.options, *found.valid.get(one.name, []), one.value) if value]
        known = [mine[value] for value in offered if value in mine]
        is_pair = bool(found.form.named(f"{one.name}_text"))
        if one.name in filling.KEPT or one.name in NOT_LOOKED_UP or one.kind in ("file", "textarea"):
            continue
        if known:
            fields[one.name] = known[0]
        elif is_pair or one.kind == "hidden" or (one.kind == "select" and not any(offered)):
            fields.setdefault(one.name, None)
    return fields


def of_each_kind(foreign):
    if connection.vendor == "postgresql":
        return [foreign[kind] for kind in (Case, Contact, Message, "case number")]
    return list(foreign.values())


@pytest.mark.parametrize("route", CHANGING)
def test_another_offices_id_is_refused_in_each_field_alone(route, forms, asker, both, kinds, known):
    mine, foreign = kinds
    for found in forms.to(route):
        fields = id_fields(found, mine)
        if not fields:
            continue
        for name, kind in fields.items():
            for value in [foreign[kind]] if kind in foreign else of_each_kind(foreign):
                with_it = found.valid | {name: [value]}
                response = unchanged(partial(found.send, asker, with_it), *both, known=known)
                assert response.status_code in REFUSED, (found.route, name, kind, value, response.status_code)
                assert b"CANARYB" not in response.body, (found.route, name, value)


def more_than_asked(ours, theirs):
    """What an attacker adds to a form: columns of the person, of the record, of the office."""
    return {
        "is_staff": "1",
        "is_superuser": "1",
        "is_active": "0",
        "role": "admin",
        "office": str(theirs.office.pk),
        "office_id": str(theirs.office.pk),
        "user": str(ours.users["volunteer"].pk),
        "user_id": str(ours.users["volunteer"].pk),
        "owner": str(ours.users["service"].pk),
        "owner_id": str(ours.users["service"].pk),
        "created_by": str(ours.users["volunteer"].pk),
        "by": str(ours.users["volunteer"].pk),
        "is_internal": "0",
        "status": str(ours.closed.status_id),
        "status_class": "closed",
        "closed_at": "2020-01-01T00:00:00Z",
        "closed_on": "2020-01-01",
        "sla_due": "2020-01-01",
        "deleted_at": "2020-01-01T00:00:00Z",
        "id": str(ours.closed.pk),
        "pk": str(ours.closed.pk),
        "number": str(ours.closed.number),
        "reference": "FORGED 1",
        "is_restricted": "1",
        "password": "forged-password-1",
        "token_hash": "f" * 64,
    }


@pytest.mark.parametrize("route", CHANGING)
def test_another_offices_id_in_what_is_only_compared_does_nothing(route, forms, asker, theirs, kinds, known):
    mine, foreign = kinds
    for found in forms.to(route):
        for name in NOT_LOOKED_UP.intersection(found.names):
            kind = next((mine[value] for one in found.form.fields for value in one.options if value in mine), None)
            with_it = found.valid | {name: [foreign.get(kind, foreign["case number"])]}
            response = unchanged(partial(sent_without_reference, found, asker, with_it), theirs, known=known)
            assert response.status_code in (*DONE, *REFUSED, 409), (found.route, name, response.status_code)
            assert b"CANARYB" not in response.body


def sent_without_reference(found, asker, fields):
    response = found.send(asker, fields)
    assert list(references_across_offices()) == [], found.route
    return response


@pytest.mark.any_engine
@pytest.mark.parametrize("route", CHANGING)
def test_fields_that_a_form_does_not_have_change_nothing(route, forms, asker, ours, theirs):
    for found in forms.to(route):
        extra = {name: [value] for name, value in more_than_asked(ours, theirs).items()}
        extra = {name: value for name, value in extra.items() if name not in found.names}
        ends = []
        for fields in (found.valid, found.valid | extra):
            with undone():
                with writing() as tables:
                    response = found.send(asker, fields)
                written = [apart_from_moments(dump(world, tables)) for world in (ours, theirs)]
                ends.append((response.status_code, tables, written))
        (status, tables, plain), (its_status, its_tables, forged) = ends
        if its_status == 400:
            continue
        assert its_status == status, (found.route, urlencode(extra, doseq=True))
        assert its_tables == tables, found.route
        assert [changes(*pair) for pair in zip(plain, forged, strict=True)] == [[], []], found.route


def fifty(ours, theirs):
    """49 cases of ours and one of theirs."""
    common = {"office": ours.office, "constituent": ours.contact, "owner": ours.users["caseworker"]}
    return [*(str(CaseFactory(**common).number) for _ in range(49)), str(theirs.case.number)]


@pytest.mark.any_engine
@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize(
    "sent", [{}, {"step": "act"}, {"step": "act", "confirmed": "50"}], ids=["ask", "act", "sure"]
)
def test_one_foreign_case_among_fifty_refuses_the_whole_act(act, sent, forms, asker, ours, theirs):
    """A8, with the number seen and confirmed as with the question still to be asked."""
    found = max(forms.to(f"desk:bulk_{act.replace('-', '_')}"), key=lambda one: len(one.names))
    with undone():
        numbers = fifty(ours, theirs)
        before = [dump(world) for world in (ours, theirs)]
        response = found.send(asker, found.valid | {"case": numbers} | {name: [one] for name, one in sent.items()})
        assert response.status_code == 404
        for was, world in zip(before, (ours, theirs), strict=True):
            assert changes(was, dump(world)) == []


@pytest.mark.any_engine
def test_one_foreign_case_among_fifty_is_not_handed_over_with_the_others(forms, asker, ours, theirs):
    (found,) = forms.to("desk:person_load")
    with undone():
        numbers = fifty(ours, theirs)
        before = [dump(world) for world in (ours, theirs)]
        response = found.send(asker, found.valid | {"cases": numbers})
        assert response.status_code in REFUSED
        for was, world in zip(before, (ours, theirs), strict=True):
            assert changes(was, dump(world)) == []


@pytest.mark.any_engine
def test_one_foreign_entry_among_fifty_is_not_filed_with_the_others(forms, asker, ours, theirs):
    (found,) = forms.to("cases:filing")
    with undone():
        loose = [
            ActivityFactory(case=None, contact=ours.contact, office=ours.office, type=ours.activity.type).pk
            for _ in range(49)
        ]
        before = [dump(world) for world in (ours, theirs)]
        response = found.send(asker, found.valid | {"activity": [*map(str, loose), str(theirs.loose.pk)]})
        assert response.status_code in REFUSED
        for was, world in zip(before, (ours, theirs), strict=True):
            assert changes(was, dump(world)) == []
