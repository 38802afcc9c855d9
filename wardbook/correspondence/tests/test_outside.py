"""Pictures from outside: fetched by us, only those that the mail names, only when somebody presses (C8, G1, D3)."""

import os
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wardbook.cases.factories import CaseFactory
from wardbook.correspondence import framing, outside
from wardbook.correspondence.factories import MessageFactory
from wardbook.correspondence.tests import scans
from wardbook.journal.models import Event
from wardbook.lib import fetching
from wardbook.lib.fetching import Fetched, NotFetched
from wardbook.offices.factories import MembershipFactory

pytestmark = pytest.mark.django_db

LOGO = "https://pictures.example/logo.png"
SEVEN = "https://pictures.example/seven.png"
TRACKER = "https://tracker.example/open.gif?who=rhian"
HTML = (
    f'<p>Dear Member</p><img src="{LOGO}" alt="Our logo"><img src="//pictures.example/seven.png">'
    f'<img src="{TRACKER}" width="1" height="1"><a href="https://pictures.example/link">x</a>'
)


@pytest.fixture
def member(settings, tmp_path):
    settings.DATA = tmp_path
    return MembershipFactory(role="caseworker")


@pytest.fixture
def signed_in(client, member):
    client.force_login(member.user)
    return client


@pytest.fixture
def web(monkeypatch):
    """The web: what lies at each address, and what was asked for."""

    class Web(dict):
        asked: list = []

    web = Web({LOGO: Fetched(scans.picture("PNG"), "image/png"), SEVEN: Fetched(scans.picture("GIF"), "image/gif")})
    web.asked = []

    def fetch(address, **limits):
        web.asked.append(address)
        assert limits["most_bytes"] <= framing.LARGEST_PICTURE
        if address not in web:
            raise NotFetched("not there")
        return web[address]

    monkeypatch.setattr(fetching, "fetch", fetch)
    return web


@pytest.fixture
def message(member):
    return MessageFactory(office=member.office, html=HTML)


def address(message, name="pictures"):
    return reverse(f"correspondence:{name}", args=[message.office.slug, message.pk])


def test_nothing_is_asked_by_looking(signed_in, message, web):
    inbox = signed_in.get(reverse("desk:inbox_item", args=[message.office.slug, message.pk])).content.decode()
    shown = signed_in.get(address(message, "original"))

    assert web.asked == []
    assert b"pictures.example/logo" not in shown.content
    assert "2 pictures from outside are not shown." in shown.content.decode()
    assert f'action="{address(message)}" target="message-{message.pk}-body-frame"' in inbox


def test_a_press_shows_the_pictures_and_never_the_tracker(signed_in, message, web):
    shown = signed_in.post(address(message))

    page = shown.content.decode()
    assert sorted(web.asked) == [LOGO, SEVEN]
    assert page.count('src="data:image/png;base64,') == 1
    assert page.count('src="data:image/gif;base64,') == 1
    # The reader's browser is given nothing to ask for, and may ask nobody.
    assert "pictures.example/logo" not in page
    assert "tracker.example" not in page
    assert "img-src data:" in shown["Content-Security-Policy"]
    assert "not shown" not in page
    event = Event.objects.get(name="message.pictures_shown")
    assert (event.facts["asked"], event.facts["shown"]) == (2, 2)


def test_a_second_press_asks_nobody_and_another_message_asks_anew(signed_in, member, message, web):
    signed_in.post(address(message))
    signed_in.post(address(message))
    assert len(web.asked) == 2
    signed_in.post(address(MessageFactory(office=member.office, html=HTML)))
    assert len(web.asked) == 4


def test_no_link_and_no_other_site_makes_us_ask(message, web):
    member = MembershipFactory(office=message.office, role="caseworker")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member.user)
    assert strict.get(address(message)).status_code == 405
    assert strict.post(address(message)).status_code == 403
    # What is sent along is not looked at: only what stands in the message is fetched.
    client = Client()
    client.force_login(member.user)
    client.post(f"{address(message)}?url=https://evil.example/", {"url": "https://evil.example/", "pictures": "x"})
    assert sorted(web.asked) == [LOGO, SEVEN]


def test_only_who_may_read_the_message_may_ask(message, web):
    stranger = MembershipFactory(role="manager")
    volunteer = MembershipFactory(office=message.office, role="volunteer")
    for who, status in ((stranger, 404), (volunteer, 403)):
        client = Client()
        client.force_login(who.user)
        assert client.post(address(message)).status_code == status
    message.case = CaseFactory(office=message.office, is_restricted=True)
    message.state = "filed"
    message.save()
    client = Client()
    client.force_login(MembershipFactory(office=message.office, role="caseworker").user)
    assert client.post(address(message)).status_code == 404
    assert web.asked == []


@pytest.mark.parametrize(
    "there",
    [
        Fetched(b"<html><script>alert(1)</script>", "text/html"),
        Fetched(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image/svg+xml"),
        Fetched(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png"),
        Fetched(scans.picture("PNG"), "text/html"),
        Fetched(b"%PDF-1.7", "application/pdf"),
        Fetched(b"", "image/png"),
        Fetched(b"GIF89a", "image/gif"),
        Fetched(scans.picture("BMP"), "image/bmp"),
        Fetched(scans.picture("TIFF"), "image/tiff"),
    ],
)
def test_what_is_no_raster_picture_is_not_shown_and_not_kept(signed_in, message, web, there, settings):
    web[LOGO] = there

    page = signed_in.post(address(message)).content.decode()

    assert "data:image/png" not in page
    assert "alert(1)" not in page
    assert "1 picture from outside is not shown." in page
    assert len([path for path in settings.DATA.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    "where",
    ["http://127.0.0.1/x.png", "http://localhost/x.png", "http://[::1]/x.png", "http://169.254.169.254/latest/"],
)
def test_addresses_inside_are_not_asked(signed_in, member, where, monkeypatch):
    def connect(*args, **kwargs):
        raise AssertionError(f"connected to {args}")

    monkeypatch.setattr(fetching.socket, "create_connection", connect)
    message = MessageFactory(office=member.office, html=f'<img src="{where}">')
    assert "1 picture from outside is not shown." in signed_in.post(address(message)).content.decode()


def test_a_mail_cannot_make_us_fetch_without_end(signed_in, member, web, monkeypatch):
    many = "".join(f'<img src="https://pictures.example/{number}.png">' for number in range(500))
    signed_in.post(address(MessageFactory(office=member.office, html=many)))
    assert len(web.asked) == outside.MOST_PICTURES
    monkeypatch.setattr(outside, "MOST_BYTES", len(web[LOGO].content) + 1)
    page = signed_in.post(address(MessageFactory(office=member.office, html=HTML))).content.decode()
    assert page.count('src="data:image') == 1


def test_what_was_fetched_is_forgotten_after_a_day(signed_in, message, web, settings):
    signed_in.post(address(message))
    now = timezone.now()
    assert outside.sweep(at=now) == 0
    kept = [path for path in settings.DATA.rglob("*") if path.is_file()]
    os.utime(kept[0], ((now - timedelta(days=2)).timestamp(),) * 2)
    assert outside.sweep(at=now) == 1
    assert [path for path in settings.DATA.rglob("*") if path.is_file()] == kept[1:]


def test_a_message_without_html_has_no_pictures(signed_in, member, web):
    assert signed_in.post(address(MessageFactory(office=member.office))).status_code == 404
