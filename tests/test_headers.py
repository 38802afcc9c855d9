"""Every answer carries the headers, refusals and errors too."""

import pytest

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "frame-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "font-src 'self'",
}


@pytest.mark.parametrize("path", ["/accounts/login/", "/healthz", "/no-such-page/", "/accounts/logout/"])
def test_headers_are_on_every_page(client, path):
    headers = client.get(path).headers
    assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
    assert headers["Cache-Control"] == "no-store, private"
    assert "Cookie" in headers["Vary"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Permissions-Policy"] == "geolocation=(self), camera=(), microphone=()"
    assert headers["X-Frame-Options"] == "DENY"


def test_another_host_is_refused(client):
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400


def test_a_forged_post_is_refused_with_the_headers():
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {})
    assert answer.status_code == 403
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_what_is_not_there_answers_alike_everywhere(client):
    one, other = client.get("/accounts/nothing-of-ours/"), client.get("/accounts/elsewhere/at/all/")
    assert one.status_code == other.status_code == 404
    assert len(one.content) == len(other.content)
    assert b"nothing-of-ours" not in one.content


def test_our_own_fault_is_told_in_words(client, monkeypatch, caplog):
    from wardbook import schedule

    def broken(*_):
        raise ZeroDivisionError("a cause that is nobody's business")

    monkeypatch.setattr(schedule, "state_of", broken)
    client.raise_request_exception = False
    answer = client.get("/healthz")

    assert answer.status_code == 500
    assert b"nobody" not in answer.content
    reference = next(record.args[0] for record in caplog.records if record.name == "wardbook.trouble")
    assert reference.encode() in answer.content
