"""Every field of every form, filled with what people and machines type by mistake or on purpose.

The answer is never a fault of the server; what is refused is refused in words, and what was typed stays.
"""

import html
import uuid

import pytest
from django.db import transaction
from django.test import Client

from tests import pages
from tests import world as worlds
from tests.test_access import METHODS, OFFICE_ROUTES, address, fingerprint, part_of
from wardbook.offices import access

pytestmark = pytest.mark.django_db
assert METHODS

BAD = {
    "empty": "",
    "blank": "   \n\t ",
    "too long": "x" * 60_000,
    "no number": "zwölf",
    "a huge number": "9" * 40,
    "a negative number": "-1",
    "no date": "2025-02-31",
    "the year nine": "0009-01-01",
    "control characters": "da\x00mp\x0b\x1f in\r\nflat\x7f",
    "right to left": "\u202egnp.exe \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "half a character": "\ud83d",
    "markup": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "template": "{{ settings.SECRET_KEY }}{% load x %}",
    "a query": "'; DROP TABLE cases_case; -- %_",
}
KEPT = ("csrfmiddlewaretoken", "operation")
ANSWERS = (200, 204, 302, 303, 400, 403, 404, 405, 409, 422)


@pytest.fixture(scope="module")
def both(django_db_setup, django_db_blocker):
    with worlds.kept(django_db_blocker.unblock()) as pair:
        yield pair


@pytest.fixture
def ours(both):
    return both[0]


@pytest.fixture
def theirs(both):
    return both[1]


def forms_of(client, route, world):
    """The forms that change something on a page, as a person finds them."""
    response = client.get(address(route, world))
    if response.status_code != 200 or "text/html" not in response.headers.get("Content-Type", ""):
        return []
    found = pages.read(response.content.decode())
    return [form for form in found.forms if form.method == "post"]


def send(client, form, here, fields):
    """Send a form once, and undo it. Half characters cannot travel in UTF-8: browsers send a replacement."""
    plain = {name: [value.encode("utf-8", "replace").decode() for value in values] for name, values in fields.items()}
    with transaction.atomic():
        response = client.post(form.action or here, plain | {"operation": [str(uuid.uuid4())]})
        response.body = b"" if response.streaming else response.content
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize("route", OFFICE_ROUTES)
def test_no_field_can_break_the_page(route, ours):
    if access.row(route).read == access.NEVER:
        return
    client = Client()
    client.force_login(ours.users["manager"])
    here = address(route, ours)
    for form in forms_of(client, route, ours):
        # Every field at once: each is checked by itself, whatever is wrong with the others.
        names = dict.fromkeys(one.name for one in form.fields if one.name not in KEPT and one.kind != "file")
        for what, value in BAD.items():
            response = send(client, form, here, form.filled() | {name: [value] for name in names})
            assert response.status_code in ANSWERS, (form.action, what, response.status_code)
            body = response.body.decode("utf-8", "replace")
            assert "<script>alert(1)</script>" not in body, form.action
            if response.status_code == 422:
                assert 'aria-invalid="true"' in body or "error" in body, (form.action, what)
        # And each alone with the two that no other field can hide.
        for name in names:
            for what in ("half a character", "a huge number"):
                response = send(client, form, here, form.filled() | {name: [BAD[what]]})
                assert response.status_code in ANSWERS, (form.action, name, what, response.status_code)


@pytest.mark.parametrize("route", OFFICE_ROUTES)
def test_what_was_typed_stays_when_it_is_refused(route, ours):
    if access.row(route).read == access.NEVER:
        return
    client = Client()
    client.force_login(ours.users["manager"])
    here, typed = address(route, ours), "Typed with care: Tŷ & Söhne"
    for form in forms_of(client, route, ours):
        texts = [
            one.name for one in form.fields if one.kind in ("text", "textarea", "search") and one.name not in KEPT
        ]
        selects = [one.name for one in form.fields if one.kind == "select"]
        for broken in selects or [None]:
            sent = form.filled() | {name: [typed] for name in texts}
            if broken:
                sent[broken] = ["987654321"]
            response = send(client, form, here, sent)
            if response.status_code != 422 or not texts:
                continue
            body = html.unescape(response.body.decode())
            kept = [one for one in pages.read(response.body.decode()).forms if one.method == "post"]
            values = [field.value for one in kept for field in one.fields] + [body]
            assert any(typed in value for value in values), (form.action, broken)


@pytest.mark.parametrize("route", OFFICE_ROUTES)
def test_another_offices_choice_is_no_choice(route, ours, theirs):
    if access.row(route).read == access.NEVER:
        return
    client = Client()
    client.force_login(ours.users["manager"])
    here, before = address(route, ours), fingerprint(theirs)
    foreign = [str(getattr(thing, "pk", "")) for thing in theirs.things.values() if hasattr(thing, "pk")]
    foreign += [str(user.pk) for user in theirs.users.values()]
    assert part_of(theirs, route, "office") == "theirs"
    for form in forms_of(client, route, ours):
        ids = {one.name for one in form.fields if one.kind in ("select", "hidden") and one.name not in KEPT}
        ids |= {one.name for one in form.fields if one.kind in ("checkbox", "radio") and one.value.isdigit()}
        for value in dict.fromkeys(foreign) if ids else ():
            response = send(client, form, here, form.filled() | {name: [value] for name in ids})
            assert response.status_code < 500, (form.action, value)
            assert b"CANARYB" not in response.body, (form.action, value)
    assert fingerprint(theirs) == before
