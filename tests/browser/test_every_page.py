"""Every page that somebody can open: no rule of accessibility broken, wide and narrow, light and dark.

The addresses are the resolver's, filled with the things of tests/world.py; whoever the access table lets in looks.
No page is wider than its window, has other than one h1, hides the focus, or asks for what the policy refuses.
"""

from contextlib import suppress

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests import filling
from tests import test_access as routes
from tests import world as worlds
from tests.browser.looking import LOOKS, OPEN_DETAILS, WIDE_IN_THE_DARK, asking, barriers
from wardbook.offices import access
from wardbook.offices.middleware import GUARD_THEMSELVES

# Who is asked first; a page is looked at by the first of them who may open it.
READERS = tuple("manager caseworker representative admin triage service protection volunteer councillor".split())
# What is shown differently to each of them.
OWN = ("desk:home", "desk:settings", "desk:cases", "desk:search")
LOOKED_AT_AS = ("manager", "caseworker", "representative", "service", "councillor")
PARTS = 6
RICHEST = ("desk:home", "desk:cases", "desk:case", "desk:inbox", "desk:search", "desk:styleguide", "contacts:contact")
SIGNED_OUT = ("account_login", "account_reset_password", "start")


def addresses(world):
    """(role, address) of each page; the same page for several roles where they differ."""
    for name in sorted(routes.PRODUCT_ROUTES):
        if access.row(name).read == "-":
            continue
        if "office" not in routes.PRODUCT_ROUTES[name]:
            yield "manager", routes.address(name, world)
            continue
        readers = [role for role in READERS if may(role, name)]
        for role in (role for role in readers if role in LOOKED_AT_AS) if name in OWN else readers[:1]:
            yield role, routes.address(name, world)
    for name in sorted(name for name in worlds.routes() if name.startswith(GUARD_THEMSELVES)):
        with suppress(NoReverseMatch):  # what needs a key out of a mail
            yield "nobody" if name in SIGNED_OUT else "manager", reverse(name)


def may(role, name):
    capability = access.row(name).read
    return capability in ("self", "public") or role in access.roles_with(capability)


def is_page(client, address):
    """Whether this address answers with a whole page of its own; never a failure."""
    answer = client.get(address)
    assert answer.status_code < 500, address
    is_html = answer.headers.get("Content-Type", "").startswith("text/html")
    return answer.status_code == 200 and is_html and b"<!doctype html>" in answer.content[:400].lower()


@pytest.fixture
def world(transactional_db):
    return worlds.build("CANARYA", slug="ours")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def sign_in(page, client, url):
    page.context.clear_cookies()
    if client is not None:
        value = client.cookies["wardbook_session"].value
        page.context.add_cookies([{"name": "wardbook_session", "value": value, "url": url}])


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_wrong_with_a_page(open_page, live_server, world, part):
    clients = {role: signed_in(user) for role, user in world.users.items()} | {"nobody": Client()}
    asked = sorted(dict.fromkeys(addresses(world)), key=lambda pair: pair[0])[part::PARTS]
    pages = [(role, address) for role, address in asked if is_page(clients[role], address)]
    assert len(pages) > 60 // PARTS
    page = open_page(reduced_motion="reduce")
    wrong, now = [], None
    for role, address in pages:
        if role != now:
            sign_in(page, clients[role] if role != "nobody" else None, live_server.url)
            now = role
        looks = (*LOOKS, WIDE_IN_THE_DARK) if filling.route_of(address) in RICHEST else LOOKS
        wrong += [f"{address} ({role}) {said}" for said in faults(page, address, looks)]
    assert not wrong, "\n".join(wrong)


def faults(page, address, looks):
    """What is wrong with one page, in words."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    answer = page.goto(address)
    page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
    if answer.status != 200:
        yield f"answers {answer.status}"
        return
    if (count := page.locator("h1").count()) != 1:
        yield f"has {count} h1"
    page.evaluate(OPEN_DETAILS)
    yield from barriers(page, looks)
    page.keyboard.press("Tab")
    for bare in page.evaluate(asking("focus")):
        yield f"shows no focus on {bare}"
