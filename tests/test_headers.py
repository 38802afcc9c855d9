"""Every answer carries the headers, refusals and errors too."""

import json

import pytest

from wardbook.lib.logs import JsonLine
from wardbook.offices.factories import MembershipFactory

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
    "require-trusted-types-for 'script'",
    "trusted-types default",
    "report-uri /reports/csp/",
    "report-to csp",
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
    assert headers["Reporting-Endpoints"] == 'csp="/reports/csp/"'


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


PAGE = "http://testserver/glanmor/cases/2041/?q=Rhian+Evans"
OLD_WAY = {
    "csp-report": {
        "document-uri": PAGE,
        "blocked-uri": "https://evil.example/steal?who=Rhian",
        "effective-directive": "script-src-elem",
        "source-file": "http://testserver/static/js/app.js?v=1",
        "line-number": 7,
        "script-sample": "alert('Rhian Evans')",
    }
}
NEW_WAY = [
    {
        "type": "csp-violation",
        "url": PAGE,
        "user_agent": "Rhian's browser",
        "body": {
            "documentURL": PAGE,
            "blockedURL": "inline",
            "effectiveDirective": "style-src-attr",
            "sourceFile": "chrome-extension://abc/x.js",
            "sample": "Rhian",
        },
    }
]


@pytest.mark.parametrize(
    ("sent", "kind", "line"),
    [
        (
            OLD_WAY,
            "application/csp-report",
            ("script-src-elem", "desk:case", "https://evil.example", "/static/js/app.js", 7),
        ),
        (
            NEW_WAY,
            "application/reports+json",
            ("style-src-attr", "desk:case", "inline", "chrome-extension://abc", 0),
        ),
    ],
)
def test_a_broken_policy_is_a_line_in_the_log_with_nobody_in_it(client, caplog, sent, kind, line):
    client.cookies["wardbook_session"] = "of somebody"
    assert client.post("/reports/csp/", json.dumps(sent), content_type=kind).status_code == 204
    (record,) = [record for record in caplog.records if record.name == "wardbook.csp_reports"]
    assert (record.directive, record.route, record.blocked, record.source, record.line) == line
    written = JsonLine().format(record)
    for personal in ("Rhian", "2041", "glanmor", "who="):
        assert personal not in written


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("x" * 20_000, "application/csp-report", 413),
        ("{", "application/csp-report", 400),
        ("[" * 9_000, "application/csp-report", 400),
        ('{"csp-report": []}', "application/csp-report", 204),
        ('[1, {"body": {"blockedURL": 7, "documentURL": "http://["}}]', "application/reports+json", 204),
        ("a=b", "application/x-www-form-urlencoded", 415),
    ],
)
def test_what_is_no_report_harms_nobody(client, body, kind, status):
    assert client.post("/reports/csp/", body, content_type=kind).status_code == status


def test_reports_do_not_fill_the_disk(client, caplog):
    answers = [
        client.post("/reports/csp/", json.dumps(NEW_WAY * 10), content_type="application/reports+json").status_code
        for _ in range(8)
    ]
    assert answers[0] == 204
    assert answers[-1] == 429
    assert len([record for record in caplog.records if record.name == "wardbook.csp_reports"]) == 60


def test_somebody_signed_in_reports_without_a_key(client):
    client.force_login(MembershipFactory().user)
    answer = client.post("/reports/csp/", json.dumps(NEW_WAY), content_type="application/reports+json")
    assert answer.status_code == 204
