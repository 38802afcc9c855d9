"""What a person chooses for themselves: kept on the account, and in cookies so that no page flashes."""

import uuid

import pytest
from django.urls import reverse

from wardbook.accounts import actions
from wardbook.accounts.factories import UserFactory
from wardbook.accounts.forms import languages
from wardbook.accounts.models import SignInEvent, User

pytestmark = pytest.mark.django_db

PAGE = "/me/"


@pytest.fixture
def anna(client):
    user = UserFactory(name="Anna Price")
    client.force_login(user)
    return user


def chosen(**changes):
    usual = {
        "name": "Anna Price",
        "language": "en-gb",
        "theme": "dark",
        "density": "compact",
        "single_keys": "off",
        "newest_first": "on",
    }
    return usual | {"operation": uuid.uuid4()} | changes


def test_what_is_chosen_is_kept_on_the_account_and_on_the_device(client, anna):
    response = client.post(PAGE, chosen(name=" Anna  Price-Jones "))
    assert response.url == PAGE
    anna.refresh_from_db()
    assert (anna.name, anna.theme, anna.density, anna.single_keys, anna.newest_first) == (
        "Anna Price-Jones",
        "dark",
        "compact",
        "off",
        True,
    )
    assert response.cookies["theme"].value == "dark"
    assert response.cookies["theme"]["httponly"]
    assert response.cookies["theme"]["max-age"] > 30 * 24 * 3600
    page = client.get(PAGE)
    assert 'data-theme="dark"' in page.text
    assert "Your preferences are saved." in page.text


def test_the_sign_in_page_keeps_the_colours(client, anna):
    client.post(PAGE, chosen())
    client.post(reverse("account_logout"))
    assert 'data-theme="dark"' in client.get("/").text


def test_back_to_the_usual_forgets_the_cookie(client, anna):
    client.post(PAGE, chosen())
    response = client.post(PAGE, chosen(theme="system"))
    assert response.cookies["theme"]["max-age"] == 0
    assert "data-theme" not in client.get(PAGE).text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Enter your name"),
        ({"name": "\u202e\x07\n"}, "Enter your name"),
        ({"name": "x" * 121}, "120"),
        ({"name": "a\x00b"}, "Null"),
        ({"theme": "pink"}, "pink"),
        ({"theme": ""}, "required"),
        ({"language": "tlh"}, "tlh"),
        ({"density": "' OR 1=1"}, "valid choice"),
        ({"single_keys": "maybe"}, "maybe"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_nothing_changes(client, anna, wrong, sentence):
    response = client.post(PAGE, chosen(**wrong))
    assert response.status_code == 422
    assert sentence in response.text
    anna.refresh_from_db()
    assert (anna.name, anna.theme) == ("Anna Price", "system")


def test_nothing_else_can_be_changed_here(client, anna):
    extra = {"email": "eve@example.org", "is_active": "", "is_staff": "on", "password": "x", "id": 1, "user": 1}
    client.post(PAGE, chosen(**extra))
    again = User.objects.get(pk=anna.pk)
    assert (again.email, again.is_active, again.password) == (anna.email, True, anna.password)


def test_only_languages_that_are_translated_are_offered():
    assert languages()[0] == ("en-gb", "English")


def test_the_page_shows_what_happened_at_ones_own_door_and_at_nobody_elses(client, anna):
    SignInEvent.objects.all().delete()
    at = anna.created_at
    actions.note(SignInEvent.Kind.REFUSED, user=anna, at=at, ip="203.0.113.7", user_agent="")
    actions.note(SignInEvent.Kind.REFUSED, user=UserFactory(), at=at, ip="198.51.100.9", user_agent="")
    page = client.get(PAGE).text
    assert "203.0.113.7" in page
    assert "198.51.100.9" not in page


def test_the_language_of_the_account_is_spoken(client, anna):
    User.objects.filter(pk=anna.pk).update(language="cy")
    assert client.get(PAGE, headers={"Accept-Language": "fr"}).headers["Content-Language"] == "cy"


# --- From the menu of any page ---


@pytest.mark.parametrize(("field", "value"), [("theme", "light"), ("density", "compact"), ("single_keys", "alt")])
def test_one_press_changes_one_thing_and_comes_back(client, anna, field, value):
    response = client.post(
        "/me/appearance/", {"next": "/glanmor/cases/?q=damp", "operation": uuid.uuid4(), field: value}
    )
    assert (response.status_code, response.url) == (303, "/glanmor/cases/?q=damp")
    anna.refresh_from_db()
    assert getattr(anna, field) == value
    others = {"theme": "system", "density": "comfortable", "single_keys": "on", "name": "Anna Price"}
    others.pop(field)
    assert {name: getattr(anna, name) for name in others} == others
    assert response.cookies[field].value == value


ELSEWHERE = [
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "https:evil",
    "javascript:alert(1)",
    "",
    "x\r\ny",
    "/x\r\nSet-Cookie: a=b",
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_it_never_leads_elsewhere(client, anna, address):
    response = client.post("/me/appearance/", {"next": address, "theme": "dark", "operation": uuid.uuid4()})
    assert response.url == "/"


def test_a_get_changes_nothing(client, anna):
    assert client.get("/me/appearance/?theme=dark").status_code == 405
    client.get(PAGE + "?theme=dark&name=Eve")
    anna.refresh_from_db()
    assert (anna.theme, anna.name) == ("system", "Anna Price")


@pytest.mark.parametrize("page", [PAGE, "/me/second-step/"])
def test_signed_out_there_is_nothing_to_see(client, page):
    assert client.get(page).url.startswith(reverse("account_login"))
