"""Pictures from outside in a real browser: it asks nobody before the press, nor after it; we do, once (C8, P19)."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.mailbag import mail
from wardbook.lib import fetching
from wardbook.lib.fetching import Fetched

LOGO = "https://pictures.example/logo.png"
TRACKER = "https://tracker.example/open.gif"
HTML = f'<p>Dear Member</p><img src="{LOGO}" alt="Our logo"><img src="{TRACKER}" width=1 height=1 alt="">'


@pytest.fixture
def asked(monkeypatch, settings, tmp_path):
    """What we fetched, in a web that has one red picture."""
    settings.DATA = tmp_path
    out = io.BytesIO()
    Image.new("RGB", (120, 40), "red").save(out, "PNG")
    asked = []

    def fetch(address, **limits):
        asked.append(address)
        return Fetched(out.getvalue(), "image/png")

    monkeypatch.setattr(fetching, "fetch", fetch)
    return asked


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_pictures_are_fetched_by_us_and_only_after_the_press(anna, desk, asked, live_server, width):
    message = mail(anna.office, 1, subject="With pictures", html=HTML)
    page = desk(f"inbox/{message.pk}/", width)
    elsewhere = []
    page.context.on(
        "request",
        lambda one: elsewhere.append(one.url) if not one.url.startswith((live_server.url, "data:")) else None,
    )
    page.get_by_text("Show original").click()
    frame = page.frame_locator("iframe.mail__frame")
    expect(frame.get_by_text("1 picture from outside is not shown.")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert (asked, elsewhere) == ([], [])

    button = page.get_by_role("button", name="Show pictures")
    button.click()

    picture = frame.get_by_role("img", name="Our logo")
    expect(picture).to_be_visible()
    assert picture.evaluate("one => [one.naturalWidth, one.src.slice(0, 15)]") == [120, "data:image/png;"]
    expect(frame.get_by_text("not shown")).to_have_count(0)
    # The press is over, and the page around the frame is the one it was.
    expect(button).to_be_visible()
    expect(button).not_to_have_attribute("aria-disabled", "true")
    page.wait_for_load_state("networkidle")
    assert (asked, elsewhere) == ([LOGO], [])
