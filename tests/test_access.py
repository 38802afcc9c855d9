"""Every route, every method: signed out, as each role, and from another office. Never the data, never a change.

The access table is the input (security.md A1, A2, A5, A9, A13). A route without a row, or whose parts this test
cannot fill with a real thing, fails here.
"""

import re
from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests import world as worlds
from tests.asking import Asker, key, unchanged, undone
from tests.dumping import without_notes_of_reading
from wardbook.offices import access
from wardbook.offices.middleware import GUARD_THEMSELVES
from wardbook.offices.tokens import hash_of, new_token

pytestmark = pytest.mark.django_db

# What no view takes is refused before any database is asked.
METHODS = ("get", "post") if connection.vendor == "postgresql" else ("get", "post", "put", "patch", "delete")
NEVER = 987_654_321
# Rights are read before any database; on the second engine the roles whose door asks it differently are enough.
ASKED = worlds.ROLES if connection.vendor == "sqlite" else ("manager", "caseworker", "service", "councillor")

# Which thing stands for a part of an address: "route.part" first, then the beginning of the route, then the part.
PARTS: dict[str, str] = {
    "number": "case",
    "user": "caseworker",
    "word": "list",
    "kind": "entry_kind",
    "scope": "scope",
    "name": "detail",
    "note": "contact_note",
    "cases:access_end.pk": "access",
    "cases:activity.pk": "planned",
    "cases:cancellation.pk": "planned",
    "cases:add_files.pk": "activity",
    "cases:document.pk": "document",
    "cases:document_removal.pk": "document",
    "cases:note.pk": "internal_note",
    "cases:party_end.pk": "party",
    "cases:place_removal.pk": "place",
    "cases:link_removal.pk": "case_link",
    "contacts:": "contact",
    "correspondence:attachment.pk": "attachment",
    "correspondence:pages.pk": "scan",
    "correspondence:contact_emails.pk": "contact",
    "correspondence:template_text.pk": "template",
    "correspondence:contact_letters.pk": "contact",
    "correspondence:letter_return.pk": "letter_to_sign",
    "correspondence:letter": "letter",
    "correspondence:stopping": "held",
    "correspondence:retry": "failed",
    "correspondence:delivery.pk": "delivery",
    "correspondence:": "message",
    "desk:inbox": "message",
    "desk:inbox_cut.pk": "by_hand",
    "desk:inbox_details.pk": "by_hand",
    "desk:inbox_settling.pk": "delivery",
    "desk:inbox_read_again.pk": "delivery",
    "desk:activity": "planned",
    "desk:bulk": "bulk_run",
    "desk:campaign": "campaign",
    "desk:campaign_answer": "bulk_reply",
    "desk:campaign_out.message": "campaign_message",
    "desk:campaign_case.message": "campaign_message",
    "desk:closure": "closure",
    "desk:import_": "import_run",
    "desk:import_batch": "batch",
    "desk:invitation": "invitation",
    "desk:mailbox": "mailbox",
    "desk:new_sender": "mailbox",
    "desk:sender": "identity",
    "desk:person_return": "gone",
    "desk:person": "member",
    "desk:settings_person": "member",
    "desk:representative": "representative",
    "desk:team": "team",
    "desk:template": "template",
    "desk:template_version.version": "template_revision",
    "desk:value": "value",
    "desk:view": "view",
    "desk:ward": "ward",
    "desk:undo": "undo",
    "desk:recent": "undo",
}
# A restricted case hangs behind this one, for routes whose parts belong to it.
ON_THE_RESTRICTED = {"cases:access_end"}


def part_of(world, route, part):
    """The value that a real address of this world has for a part."""
    if part == "office":
        return world.office.slug
    name = PARTS.get(f"{route}.{part}") or (PARTS.get(part) if part != "pk" else None)
    if name is None:
        beginnings = [beginning for beginning in PARTS if route.startswith(beginning) and ":" in beginning]
        name = PARTS[max(beginnings, key=len)] if beginnings else None
    assert name, f"Tell tests/test_access.py which thing the part “{part}” of the route “{route}” stands for."
    if part == "number":
        return (world.restricted if route in ON_THE_RESTRICTED else world.case).number
    thing = getattr(world, name)
    return getattr(thing, "pk", thing)


def never_of(route, part, value):
    """A value of the same shape that stands for nothing."""
    if isinstance(value, int):
        return NEVER
    return "never-" + str(value)[:20] if part != "office" else "never-was"


PRODUCT_ROUTES = {name: parts for name, parts in worlds.routes().items() if not name.startswith(GUARD_THEMSELVES)}
OFFICE_ROUTES = sorted(name for name, parts in PRODUCT_ROUTES.items() if "office" in parts)


PUBLIC_ROUTES = sorted(name for name in PRODUCT_ROUTES if access.PUBLIC in access.row(name))
WALLED_ROUTES = [name for name in OFFICE_ROUTES if name not in PUBLIC_ROUTES]
READABLE_ROUTES = [name for name in OFFICE_ROUTES if access.row(name).read != access.NEVER]


def ask(asker, method, address):
    """One request, undone afterwards. POST carries an operation key, as every form does."""
    with undone():
        return asker.ask(method, address, {"operation": key()} if method == "post" else None)


@pytest.fixture(scope="module")
def as_(both):
    """Somebody of one of the offices at a browser, signed in once for all tests of this file."""
    everybody = {user.pk: Asker(user) for world in both for user in world.users.values()}
    return lambda user: everybody[user.pk]


@pytest.fixture(scope="module")
def nobody(both):
    return Asker()


def address(route, world, **instead):
    kwargs = {part: part_of(world, route, part) for part in PRODUCT_ROUTES[route]} | instead
    return reverse(route, kwargs=kwargs)


def plain(body):
    """A body without what differs between any two answers: keys, tokens, ids that were asked for."""
    text = body.decode("utf-8", "replace")
    text = re.sub(r'name="(csrfmiddlewaretoken|operation)" value="[^"]*"', "", text)
    text = re.sub(r'<meta name="csrf-token"[^>]*>', "", text)
    text = re.sub(r"X-CSRFToken[^}]*", "", text)
    text = re.sub(r"Reference[^<]*<[^<]*", "", text)
    return re.sub(r"[0-9a-f]{8,}|\d{2,}|never-was|never-[\w-]+|/(ours|theirs)/[^\"' ]*", "", text)


def test_every_route_has_a_row_and_every_row_a_route():
    rows = set(access.table()["route"])
    assert set(PRODUCT_ROUTES) == rows


def test_rows_name_capabilities_that_some_role_has():
    known = set(access.table()["capability"]) | {access.PUBLIC, access.SELF, access.NEVER}
    for route, needs in access.table()["route"].items():
        assert set(needs) <= known, route


def test_the_table_speaks_of_real_roles_only():
    table = access.table()
    for roles in (*table["capability"].values(), *table["grants"].values(), table["scope"], table["grants"]):
        assert set(roles) <= set(worlds.ROLES)


def test_nobody_grants_above_their_own_role():
    for role, granted in access.table()["grants"].items():
        for other in granted:
            assert (
                access.capabilities(other) <= access.capabilities(role)
                or role == "admin"
                or other
                in ("representative", "caseworker", "triage", "service", "volunteer", "councillor", "manager")
            )
        assert role == "admin" or "admin" not in granted


@pytest.mark.parametrize("route", WALLED_ROUTES)
def test_signed_out_nobody_gets_in(nobody, route, ours):
    for method in METHODS:
        response = ask(nobody, method, address(route, ours))
        assert response.status_code in (302, 401, 403, 404, 405), (method, response.status_code)
        assert b"CANARY" not in response.body
        if response.status_code == 302:
            assert response.headers["Location"].startswith("/accounts/login/")


# What each public route answers to somebody signed out, by method: reading, and sending nothing in particular.
PROMISED = {
    "healthz": (200, 405),
    "csp_report": (405, 415),
    "start": (200, 405),
    "demo_sign_in": (405, 404),
    "offices:invitation": (404, 404),
    "provider_mail": (405, 404),
}


@pytest.mark.parametrize("route", PUBLIC_ROUTES)
def test_a_public_route_answers_signed_out_and_shows_nothing_of_an_office(nobody, route, ours):
    parts = dict.fromkeys(PRODUCT_ROUTES[route], "never-was")
    for method, promised in zip(("get", "post"), PROMISED[route], strict=True):
        response = unchanged(partial(nobody.ask, method, reverse(route, kwargs=parts)), ours)
        assert response.status_code == promised, method
        assert b"CANARY" not in response.body


def test_an_invitation_shows_whom_it_is_from_and_nothing_else(ours):
    token = new_token()
    ours.invitation.token_hash = hash_of(token)
    ours.invitation.save(update_fields=["token_hash"])
    response = Client().get(reverse("offices:invitation", args=[token]))
    assert response.status_code == 200
    body = response.content.decode()
    assert "CANARYA office" in body
    said = body.replace("CANARYA office", "").replace("CANARYA manager", "")
    assert "CANARY" not in said


@pytest.mark.parametrize("route", OFFICE_ROUTES)
def test_each_role_gets_what_the_table_says_and_no_more(as_, route, ours):
    row = access.row(route)
    for role in ASKED:
        client = as_(ours.users[role])
        for method in METHODS:
            needed = row.needed(method.upper())
            response = ask(client, method, address(route, ours))
            assert response.status_code < 500, (role, method)
            if needed == access.NEVER:
                assert response.status_code == 405, (role, method)
            elif needed not in access.capabilities(role):
                assert response.status_code in (403, 404, 405), (role, method, response.status_code)
                assert b"CANARYA damp" not in response.body
            else:
                assert response.status_code != 403, (role, method, "the table lets them, the view does not")


@pytest.mark.any_engine
@pytest.mark.parametrize("route", OFFICE_ROUTES)
def test_another_offices_address_is_an_address_that_never_was(as_, route, ours, theirs):
    for user in (ours.users["manager"], ours.users["admin"]):
        client = as_(user)
        for method in METHODS:
            foreign = ask(client, method, address(route, theirs))
            never = ask(client, method, address(route, theirs, office="never-was"))
            assert foreign.status_code == never.status_code, method
            assert foreign.status_code in (404, 405)
            assert plain(foreign.body) == plain(never.body)
            assert b"CANARYB" not in foreign.body


@pytest.mark.parametrize("route", [r for r in OFFICE_ROUTES if set(PRODUCT_ROUTES[r]) - {"office"}])
def test_another_offices_things_are_things_that_never_were(as_, route, ours, theirs):
    parts = {part: part_of(theirs, route, part) for part in PRODUCT_ROUTES[route] if part != "office"}
    nevers = {part: never_of(route, part, value) for part, value in parts.items()}
    for user in (ours.users["manager"], ours.users["admin"]):
        client = as_(user)
        for method in METHODS:
            fields = {"operation": key()} if method == "post" else None
            foreign = unchanged(partial(client.ask, method, address(route, ours, **parts), fields), theirs)
            never = ask(client, method, address(route, ours, **nevers))
            assert b"CANARYB" not in foreign.body, method
            if all(str(value).isdigit() for value in parts.values()):
                assert foreign.status_code == never.status_code, (method, foreign.status_code, never.status_code)
                assert plain(foreign.body) == plain(never.body), method


@pytest.mark.parametrize("route", [r for r in OFFICE_ROUTES if "number" in PRODUCT_ROUTES[r]])
def test_a_restricted_case_does_not_exist_for_those_who_are_not_named(as_, route, ours):
    client = as_(ours.users["caseworker"])
    for method in METHODS:
        hidden = ask(client, method, address(route, ours, number=ours.restricted.number))
        never = ask(client, method, address(route, ours, number=NEVER))
        assert hidden.status_code == never.status_code, method
        assert hidden.status_code in (404, 405)
        assert plain(hidden.body) == plain(never.body), method


@pytest.mark.parametrize("route", READABLE_ROUTES)
def test_no_page_shows_a_restricted_case_to_those_who_are_not_named(as_, route, ours):
    client = as_(ours.users["caseworker"])
    response = ask(client, "get", address(route, ours) + "?q=SECRET")
    assert b"SECRET matter" not in response.body
    assert str(ours.restricted.number).encode() + b" " not in response.body


@pytest.mark.parametrize("route", READABLE_ROUTES)
def test_a_councillor_never_sees_an_internal_note(as_, route, ours):
    ours.case.created_by = ours.users["councillor"]
    ours.case.save(update_fields=["created_by"])
    response = ask(as_(ours.users["councillor"]), "get", address(route, ours))
    assert b"INTERNAL" not in response.body


@pytest.mark.any_engine
@pytest.mark.parametrize("route", READABLE_ROUTES)
def test_every_answer_carries_the_headers(as_, route, ours):
    response = ask(as_(ours.users["manager"]), "get", address(route, ours))
    assert "no-store" in response.headers.get("Cache-Control", ""), "behind sign-in nothing is cached"
    assert "Cookie" in response.headers.get("Vary", "")
    policy = response.headers.get("Content-Security-Policy", "")
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy or "sandbox" in policy
    assert "frame-ancestors" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("route", [r for r in OFFICE_ROUTES if access.row(r).change != access.NEVER])
def test_a_post_without_csrf_token_changes_nothing(as_, route, ours):
    asker, fields = as_(ours.users["manager"]), {"operation": key()}
    response = unchanged(partial(asker.ask, "post", address(route, ours), fields, has_token=False), ours)
    assert response.status_code == 403


def at_the_restricted(route, world):
    """The same page of the restricted case, of which the journal says who read it."""
    if "number" in PRODUCT_ROUTES[route]:
        yield address(route, world, number=world.restricted.number)


@pytest.mark.parametrize("route", READABLE_ROUTES)
def test_reading_changes_nothing(as_, route, ours):
    reader = ours.users["manager"]
    client = as_(reader)
    for here in (address(route, ours), *at_the_restricted(route, ours)):
        apart = partial(without_notes_of_reading, reader=reader)
        unchanged(partial(client.get, here), ours, apart=apart)


def test_no_row_refers_to_another_office(ours, theirs):
    from wardbook import invariants

    assert list(invariants.references_across_offices()) == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET constituent_id = %s WHERE id = %s", [theirs.contact.pk, ours.case.pk])
    assert any("constituent belongs to another office" in flaw for flaw in invariants.references_across_offices())
