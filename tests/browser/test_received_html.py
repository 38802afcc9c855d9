"""Received mail in a real browser: every attack that we know, opened where a caseworker opens it (D1, D3, D4, C8)."""

import io

import pytest
from PIL import Image

from tests.browser import received_mail
from tests.browser.looking import EVERY_WIDTH, barriers
from wardbook.correspondence.cleaning import CleanedMail
from wardbook.correspondence.framing import as_data
from wardbook.correspondence.tests import payloads

AT_ONCE = 60


@pytest.fixture
def received(settings, monkeypatch):
    """A function that lets mails have come in."""
    settings.ROOT_URLCONF = "tests.browser.received_mail"
    monkeypatch.setattr(received_mail, "MAILS", [])
    monkeypatch.setattr(received_mail, "PICTURES", {})

    def receive(*mails, **pictures):
        received_mail.MAILS.extend(mails)
        received_mail.PICTURES.update(pictures)

    return receive


@pytest.fixture
def watched(open_page, live_server):
    """A page, and a list of what it should never do: ask, speak, or go elsewhere. `open_page` refuses errors too."""
    page = open_page()
    seen = []
    page.on("dialog", lambda dialog: (seen.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda line: seen.append(f"console {line.text}"))
    page.on("popup", lambda popup: seen.append(f"popup {popup.url}"))
    page.on("download", lambda file: seen.append(f"download {file.url}"))
    page.context.on("request", lambda asked: note(asked.url, live_server.url, seen))
    return page, seen


def note(url, ours, seen):
    ways = ("/received/", "/static/", "/favicon.ico")
    if not url.startswith((*(ours + way for way in ways), "data:")):
        seen.append(f"asked {url}")


# All at once, and none left for when it is scrolled to: a click for each took two minutes.
OPEN_ALL = """() => {
  for (const frame of document.querySelectorAll("iframe")) frame.loading = "eager";
  for (const mail of document.querySelectorAll("details")) mail.open = true;
}"""
ARE_LOADED = """() => [...document.querySelectorAll("iframe")].every((frame) =>
  performance.getEntriesByName(frame.src).some((one) => one.responseEnd > 0))"""


def open_originals(page, frames):
    """Opens every original, and waits until its frame is loaded."""
    assert page.locator("iframe").count() == frames
    page.evaluate(OPEN_ALL)
    page.wait_for_function(ARE_LOADED)
    for frame in page.frames:
        frame.locator("body").wait_for(state="attached")


@pytest.mark.parametrize("kind", payloads.CLASSES)
def test_no_attack_reaches_the_reader(received, watched, kind):
    page, seen = watched
    attacks = payloads.CLASSES[kind]
    received(*attacks)
    for first in range(0, len(attacks), AT_ONCE):
        page.goto(f"/received/{first}-{first + AT_ONCE}/")
        open_originals(page, min(AT_ONCE, len(attacks) - first))
        page.mouse.move(300, 300)
        page.keyboard.press("Tab")
        page.wait_for_load_state("networkidle")

    assert seen == []
    assert page.evaluate("document.cookie + JSON.stringify(Object.keys(localStorage))").count("EVIL") == 0


def test_the_frame_has_no_rights(received, watched):
    page, _ = watched
    received("<p>Hello</p>")
    page.goto("/received/0-1/")
    frame = page.locator("iframe")

    assert set(frame.get_attribute("sandbox").split()) == {"allow-popups", "allow-popups-to-escape-sandbox"}
    assert frame.get_attribute("title") == "Email from <p>Hello</p>"
    policy = page.request.get("/received/0/original/").headers
    assert "default-src 'none'" in policy["content-security-policy"]
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy["content-security-policy"]
    assert "unsafe-inline" not in policy["content-security-policy"]
    assert policy["content-type"] == "text/html; charset=utf-8"
    assert policy["referrer-policy"] == "no-referrer"


def test_a_script_would_not_run_even_if_cleaning_let_it_pass(received, chromium, live_server, monkeypatch):
    hostile = (
        "<script>alert('EVIL')</script><img src=x onerror=alert('EVIL')><style>p{color:red}</style><form><input>"
    )
    received("<p>Hello</p>")
    monkeypatch.setattr(received_mail, "clean", lambda *_, **__: CleanedMail(hostile + "<p>Hello</p>"))
    # Not `open_page`, which fails where the browser refuses something: here it must.
    page = chromium.new_context(base_url=live_server.url).new_page()
    acted, refused = [], []
    page.on("dialog", lambda dialog: (acted.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda line: refused.append(line.text))
    page.goto("/received/0-1/")
    page.locator("details > summary").click()
    words = page.locator("iframe").content_frame.get_by_text("Hello")
    words.wait_for()
    colour = words.evaluate("p => getComputedStyle(p).color")
    page.context.close()

    assert acted == []
    assert colour != "rgb(255, 0, 0)"
    assert any("sandboxed" in line or "Content Security Policy" in line for line in refused)


def test_a_mail_draws_nothing_outside_its_box(received, watched):
    page, _ = watched
    covers = "position:fixed;top:-900px;left:-900px;width:5000px;height:5000px;background:#f00;z-index:2147483647"
    received(
        f'<div style="{covers}"></div><table width=5000 height=5000 bgcolor=red><tr><td style="{covers}">x</table>'
        + "z̢̛͎̘͖̗̮̺͇͕" * 40
        + "<marquee width=5000>x</marquee><font size=99>x</font><hr width=5000 color=red size=900>"
    )
    page.goto("/received/0-1/")
    before = outside(page)
    page.locator("details > summary").click()
    page.locator("iframe").content_frame.get_by_text("x").first.wait_for()
    box, words = page.locator("#box").bounding_box(), page.locator("#after").bounding_box()

    assert words["y"] >= box["y"] + box["height"]
    assert outside(page) == before
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def outside(page):
    """A picture of the page above the mail, and of what stands after it."""
    return page.locator("h1").screenshot(), page.locator("#after").screenshot()


def test_a_link_opens_a_window_that_knows_nothing_of_us(received, open_page, live_server):
    page = open_page()
    received(f'<p><a href="{live_server.url}/static/img/mark.svg">the letter</a></p>')
    page.goto("/received/0-1/")
    page.locator("details > summary").click()
    with page.expect_popup() as opened:
        page.locator("iframe").content_frame.get_by_role("link", name="the letter").click()
    opened.value.wait_for_load_state()

    assert opened.value.url.endswith("/static/img/mark.svg")
    assert opened.value.evaluate("window.opener") is None
    assert page.url.endswith("/received/0-1/")


def test_a_picture_of_the_mail_is_shown_in_its_frame(received, open_page):
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "PNG")
    page = open_page()
    received('<p><img src="cid:plan@mail" alt="The plan"></p>', **{"plan@mail": as_data(drawn.getvalue())})
    page.goto("/received/0-1/")
    page.locator("details > summary").click()
    picture = page.locator("iframe").content_frame.get_by_role("img", name="The plan")

    picture.wait_for()
    assert picture.evaluate("img => img.decode().then(() => img.naturalWidth)") == 40


def test_without_scripts_the_mail_is_read_all_the_same(received, open_page):
    page = open_page(script=False)
    received("<p>Dear Member</p>")
    page.goto("/received/0-1/")
    page.locator("details > summary").click()

    page.locator("iframe").content_frame.get_by_text("Dear Member").wait_for()


def test_a_mail_can_be_read_by_everybody(received, open_page):
    page = open_page()
    received(
        f"Dear Member,\n\nit is damp, see https://a.example/{'long' * 60}\n\n> one\n> two\n> three\n> four\n\nRhian"
    )
    page.goto("/received/0-1/")
    page.locator(".mail__original > summary").click()
    page.locator(".mail__earlier > summary").click()
    page.locator("iframe").content_frame.locator("body").wait_for()

    assert list(barriers(page, EVERY_WIDTH)) == []
