"""A browser, and a page that fails its test when anything is refused or breaks unseen."""

import os

import pytest
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from wardbook.cases.factories import ActivityFactory, CaseFactory
from wardbook.desk.tests.people import make_member, rhian_of

# The browser's driver runs an event loop in this thread, which Django takes for a mistake.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ARGS = [
    "--no-sandbox",  # as root, as in CI, Chromium does not start otherwise
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# In ms. What comes is there at once on an idle machine; a busy one must not be taken for a fault.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)
# SLOWER=3 makes the processor of a page so many times slower, and its scripts come late: a test that does not wait
# for what a person would wait for fails then, and not once in fifty runs.
SLOWER = int(os.environ.get("SLOWER", "0"))
WIDTHS = {"narrow": (320, 640), "phone": (390, 844), "tablet": (834, 1112), "desk": (1440, 900)}


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=ARGS
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_server, transactional_db):
    """A function that opens a fresh browser window: `open_page(width="phone", script=False)`.

    The test fails at its end if a page broke the content policy, threw in a script, or asked a foreign host.
    """
    contexts, complaints = [], []

    def open_one(width="desk", *, script=True, **options):
        across, down = WIDTHS[width]
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": across, "height": down},
            java_script_enabled=script,
            locale="en-GB",
            timezone_id="Europe/London",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        if SLOWER:
            slow_down(context, page)
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        page.on("console", lambda line: note_console(line, complaints))
        page.on("request", lambda asked: note_foreign(asked.url, live_server.url, complaints))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def slow_down(context, page):
    devtools = context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    line = {"offline": False, "latency": 100 * SLOWER, "downloadThroughput": -1, "uploadThroughput": -1}
    devtools.send("Network.emulateNetworkConditions", line)


def note_console(line, complaints):
    # A 4xx answer is shown as an error too, and is often what a test is after.
    if line.type == "error" and "Failed to load resource" not in line.text:
        complaints.append(f"console: {line.text}")


def note_foreign(url, ours, complaints):
    if not url.startswith((ours, "data:", "blob:")):
        complaints.append(f"foreign: {url}")


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture
def anna(transactional_db):
    return make_member()


@pytest.fixture
def rhian(anna):
    """Somebody with two open cases, one of them urgent to her."""
    rhian = rhian_of(anna.office)
    for about in ("Blue badge appeal", "Damp in flat, council not replying"):
        ActivityFactory(
            case=CaseFactory(office=anna.office, constituent=rhian, owner=anna.user, description=about),
            office=anna.office,
        )
    return rhian


@pytest.fixture
def desk(open_page, anna, live_server):
    """Open a page of the office as Anna, or as `who`."""

    def open_one(path="cases/", width="desk", *, who=None, **options):
        client = Client()  # of its own: two people are two browsers
        client.force_login((who or anna).user)
        page = open_page(width, reduced_motion="reduce", **options)
        session = client.cookies["wardbook_session"].value
        page.context.add_cookies([{"name": "wardbook_session", "value": session, "url": live_server.url}])
        page.goto(f"/{anna.office.slug}/{path}")
        return page

    return open_one
