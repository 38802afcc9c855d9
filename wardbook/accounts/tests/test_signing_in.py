"""Signing in: who is refused, how guessing is slowed, what is written down, and the second step."""

import re
import time
from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from wardbook.accounts import actions, tasks
from wardbook.accounts.factories import PASSWORD, UserFactory
from wardbook.accounts.models import LONGEST_PASSWORD, SignInEvent, User

pytestmark = pytest.mark.django_db

MONDAY = datetime(2025, 6, 2, 9, tzinfo=UTC)
LOGIN, PAGE = "/accounts/login/", "/me/"
Kind = SignInEvent.Kind


@pytest.fixture(autouse=True)
def _no_earlier_tries():
    cache.clear()


@pytest.fixture
def anna():
    return UserFactory(email="anna@example.org")


def sign_in(client, email="anna@example.org", password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def kinds(user=None):
    events = SignInEvent.objects.filter(user=user) if user else SignInEvent.objects.all()
    return list(events.order_by("pk").values_list("kind", flat=True))


def is_in(client):
    return client.get(PAGE).status_code == 200


# --- The door ---


def test_signing_in_and_out_is_written_down_with_where_from(client, anna):
    sign_in(client, REMOTE_ADDR="203.0.113.7", headers={"User-Agent": "Browser\x1b[31m " + "x" * 300})
    client.post(reverse("account_logout"))
    assert kinds(anna) == [Kind.SIGNED_IN, Kind.SIGNED_OUT]
    event = SignInEvent.objects.get(kind=Kind.SIGNED_IN)
    assert event.ip == "203.0.113.7"
    assert event.user_agent.startswith("Browser [31m xxx")
    assert len(event.user_agent) <= 200


def test_the_address_may_be_written_in_capitals(client, anna):
    sign_in(client, email="Anna@Example.org")
    assert is_in(client)


def test_a_wrong_password_is_written_down_but_not_what_was_typed(client, anna):
    sign_in(client, password="a secret of mine")
    sign_in(client, email="secret.of.mine@example.org")
    assert kinds() == [Kind.REFUSED, Kind.REFUSED]
    assert SignInEvent.objects.filter(user=anna).count() == 1
    assert "secret" not in str(list(SignInEvent.objects.values()))


def test_a_forged_address_of_the_caller_is_not_believed(client, anna):
    sign_in(client, headers={"X-Forwarded-For": "198.51.100.9"})
    assert SignInEvent.objects.get().ip == "127.0.0.1"


def test_known_and_unknown_get_the_same_answer(client, anna):
    UserFactory(email="gone@example.org").deactivate(MONDAY).save()
    answers = {
        (response.status_code, re.sub(r'(value|content)="[^"]*"|[\w.]+@example\.org|\w{64}', "", response.text))
        for email in ("anna@example.org", "nobody@example.org", "gone@example.org")
        for response in [sign_in(Client(), email=email, password="wrong wrong wrong")]
    }
    assert len(answers) == 1


def test_the_deactivated_are_refused_with_the_right_password(client, anna):
    anna.deactivate(MONDAY).save()
    response = sign_in(client)
    assert response.url == reverse("account_inactive")
    assert not is_in(client)


def test_nobody_signs_up(client):
    for data in ({}, {"email": "eve@example.org", "password1": PASSWORD}):
        client.post(reverse("account_signup"), data)
    assert not User.objects.exists()


def test_guessing_is_slowed_for_the_guesser_and_not_for_the_owner(client, anna):
    for _ in range(12):
        response = sign_in(client, password="wrong wrong wrong", REMOTE_ADDR="203.0.113.66")
    assert "Too many tries" in response.text
    assert "Too many tries" in sign_in(client, REMOTE_ADDR="203.0.113.66").text, "even with the right one now"
    owner = Client()
    assert sign_in(owner, REMOTE_ADDR="203.0.113.7").status_code == 302
    assert is_in(owner)


def test_trying_one_password_on_many_is_slowed_by_address(client):
    refused = [
        "Too many tries" in sign_in(client, email=f"person{n}@example.org", password="spring in the valley").text
        for n in range(40)
    ]
    assert not any(refused[:25])
    assert all(refused[31:])


def test_an_endless_password_is_never_hashed(client, anna, monkeypatch):
    def hashed(*args, **kwargs):
        raise AssertionError("hashed")

    monkeypatch.setattr("django.contrib.auth.hashers.BasePasswordHasher.verify", hashed, raising=False)
    monkeypatch.setattr("django.contrib.auth.hashers.MD5PasswordHasher.encode", hashed)
    for email in ("anna@example.org", "nobody@example.org"):
        response = sign_in(client, email=email, password="x" * (LONGEST_PASSWORD + 1))
        assert "do not go together" in response.text
    assert anna.check_password("x" * (LONGEST_PASSWORD + 1)) is False
    assert kinds() == [Kind.REFUSED, Kind.REFUSED]


def test_a_password_of_64_letters_and_more_works(client, anna):
    long = "plum tractor velvet seven " * 4
    actions.set_password(anna, password=long)
    sign_in(client, password=long)
    assert is_in(client)


# --- A new password by mail ---


def reset_link():
    queued = DBTaskResult.objects.filter(task_path__endswith="send_password_reset")
    for row in queued:
        tasks.send_password_reset.func(*row.args_kwargs["args"])
    queued.delete()
    return re.search(r"http://localhost:\d+(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)[1]


def test_asking_for_a_new_password_tells_nothing_and_the_queue_holds_no_link(client, anna):
    asked = ("anna@example.org", "nobody@example.org")
    answers = [client.post(reverse("account_reset_password"), {"email": email}) for email in asked]
    assert len({(answer.status_code, answer.url) for answer in answers}) == 1
    (queued,) = DBTaskResult.objects.all()
    assert queued.args_kwargs == {"args": [anna.pk, "anna@example.org"], "kwargs": {}}


def test_a_reset_link_comes_from_the_settings_and_works_once(client, anna):
    client.post(reverse("account_reset_password"), {"email": anna.email}, headers={"Host": "localhost"})
    link = reset_link()
    form_page = client.get(link).url
    new = {"password1": "brass otter pavement nine", "password2": "brass otter pavement nine"}
    client.post(form_page, new)
    anna.refresh_from_db()
    assert anna.check_password("brass otter pavement nine")
    assert Kind.PASSWORD_RESET in kinds(anna)
    again = Client().get(link)
    assert again.status_code == 200, "no redirect to the form: the key is used up"
    assert not is_in(client), "a reset is no way round signing in"


def test_a_forged_host_gets_nothing(client, anna):
    response = client.post(reverse("account_reset_password"), {"email": anna.email}, headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert not DBTaskResult.objects.exists()


def test_the_deactivated_get_no_reset_mail(client, anna):
    anna.deactivate(MONDAY).save()
    client.post(reverse("account_reset_password"), {"email": anna.email})
    assert not DBTaskResult.objects.exists()
    tasks.send_password_reset.func(anna.pk, anna.email)
    assert not mail.outbox


# --- The second step ---


@pytest.fixture
def required(settings):
    settings.SECOND_STEP_REQUIRED = True


def code(secret, shift=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + shift))


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("page", [PAGE, "/", "/accounts/email/", "/accounts/sessions/"])
def test_without_a_second_step_only_setting_one_up_is_open(client, anna, page):
    sign_in(client)
    response = client.get(page)
    assert (response.status_code, response.url) == (302, "/me/second-step/")


@pytest.mark.usefixtures("required")
def test_the_page_says_why_and_leads_to_both_ways(client, anna):
    sign_in(client)
    page = client.get("/me/second-step/")
    assert page.status_code == 200
    for name in ("mfa_activate_totp", "mfa_add_webauthn", "account_logout"):
        assert reverse(name) in page.text


@pytest.mark.usefixtures("required")
def test_a_post_without_a_second_step_does_nothing(client, anna):
    sign_in(client)
    assert client.post("/me/appearance/", {"theme": "dark"}).url == "/me/second-step/"
    script = client.get(PAGE, headers={"HX-Request": "true"})
    assert script.headers["HX-Redirect"] == "/me/second-step/"
    anna.refresh_from_db()
    assert anna.theme == User.Theme.SYSTEM


@pytest.mark.usefixtures("required")
def test_with_a_second_step_the_password_alone_is_not_enough(client, anna):
    TOTP.activate(anna, SECRET)
    assert sign_in(client).url == reverse("mfa_authenticate")
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code(SECRET)})
    assert is_in(client)


@pytest.mark.usefixtures("required")
def test_a_code_works_once(anna):
    TOTP.activate(anna, SECRET)
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client)
        client.post(reverse("mfa_authenticate"), {"code": code(SECRET)})
    assert is_in(first)
    assert not is_in(second)


@pytest.mark.usefixtures("required")
def test_five_wrong_codes_make_you_wait(client, anna):
    TOTP.activate(anna, SECRET)
    sign_in(client)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": code(SECRET)})
    assert not is_in(client)
    assert kinds(anna).count(Kind.SECOND_STEP_REFUSED) == 5


def test_a_recovery_code_works_once(anna):
    TOTP.activate(anna, SECRET)
    one = RecoveryCodes.activate(anna).get_unused_codes()[0]
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client)
        client.post(reverse("mfa_authenticate"), {"code": one})
    assert is_in(first)
    assert not is_in(second)


def test_what_the_second_step_rests_on_is_sealed_in_the_database(anna):
    TOTP.activate(anna, SECRET)
    codes = RecoveryCodes.activate(anna).get_unused_codes()
    stored = str(list(Authenticator.objects.values()))
    assert SECRET not in stored
    assert not any(one in stored for one in codes)


def test_the_seal_survives_a_change_of_the_secret_key(anna, settings):
    TOTP.activate(anna, SECRET)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-of-fifty-letters-and-more-0123456789-abc"
    assert TOTP(Authenticator.objects.get(user=anna)).validate_code(code(SECRET))


@pytest.mark.django_db(transaction=True)  # allauth tells of a new step when it is committed
@pytest.mark.usefixtures("required")
def test_adding_and_removing_are_written_down_and_mailed(client, anna):
    sign_in(client)
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert is_in(client)
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200, "shown at once, without asking again"
    client.post(reverse("mfa_deactivate_totp"))
    assert is_in(client), "taking it away asks for the password first"
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("mfa_deactivate_totp"))
    assert client.get(PAGE).url == "/me/second-step/", "and the way is shut again at once"
    assert [kind for kind in kinds(anna) if kind != Kind.SIGNED_IN] == [
        Kind.SECOND_STEP_ADDED,
        Kind.RECOVERY_CODES_MADE,
        Kind.SECOND_STEP_REMOVED,
    ]
    said = [row.args_kwargs["args"][1] for row in DBTaskResult.objects.order_by("enqueued_at")]
    assert said == ["An authenticator app was added", "Your authenticator app was removed"]


def test_changing_the_password_is_written_down_and_mailed(client, anna):
    sign_in(client)
    new = {
        "oldpassword": PASSWORD,
        "password1": "brass otter pavement nine",
        "password2": "brass otter pavement nine",
    }
    client.post(reverse("account_change_password"), new)
    assert kinds(anna) == [Kind.SIGNED_IN, Kind.PASSWORD_CHANGED]
    (queued,) = DBTaskResult.objects.all()
    to, subject, body = queued.args_kwargs["args"]
    assert (to, subject) == ("anna@example.org", "Your password was changed")
    assert "Was it not you?" in body
    tasks.send_message.func(to, subject, body)
    assert mail.outbox[0].to == ["anna@example.org"]
