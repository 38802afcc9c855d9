"""What is being typed is kept on the server, per person, case and kind of entry (ux P8, E2)."""

import json

import pytest

from wardbook.cases.factories import CaseFactory
from wardbook.cases.models import Draft


@pytest.fixture
def put(desk, office):
    def send(scope, body, version=0):
        return desk.client.put(
            f"/{office.slug}/drafts/{scope}/",
            json.dumps({"version": version, "body": body}),
            content_type="application/json",
        )

    return send


@pytest.fixture
def scope(case):
    return f"case-{case.number}-note"


def test_a_draft_is_kept_and_comes_back_in_its_own_tab_only(desk, put, case, scope):
    answer = put(scope, {"text": "Half a sentence"})
    assert answer.status_code == 200
    assert answer.json()["version"] == 1
    assert "saved_at" in answer.json()

    def tab(key):
        shown = desk.get("desk:case", case.number, write=key)
        return {one["key"]: one for one in shown.context["composer_tabs"]}[key]

    assert tab("note")["form"]["text"].value() == "Half a sentence"
    assert tab("note")["draft_version"] == 1
    assert not tab("case-note")["form"]["text"].value()
    assert not tab("case-note")["draft_version"]


def test_it_counts_on_and_a_newer_one_of_another_device_asks(put, scope):
    put(scope, {"text": "one"})
    assert put(scope, {"text": "two"}, version=1).json()["version"] == 2
    stale = put(scope, {"text": "three"}, version=1)
    assert stale.status_code == 409
    assert (stale.json()["version"], stale.json()["body"]) == (2, {"text": "two"})


def test_the_same_text_twice_is_no_quarrel(put, scope):
    put(scope, {"text": "one"})
    assert put(scope, {"text": "one"}).status_code == 200


def test_adding_the_entry_ends_its_draft(desk, put, case, scope):
    put(scope, {"text": "Half a sentence"})
    put(f"case-{case.number}-call", {"subject": "Rang"})
    desk.post("cases:notes", case.number, text="A whole sentence.")
    assert [draft.scope for draft in Draft.objects.all()] == [f"case-{case.number}-call"]


def test_a_refused_entry_keeps_its_draft(desk, put, case, scope):
    put(scope, {"text": "Half a sentence"})
    desk.post("cases:notes", case.number, text="")
    assert Draft.objects.count() == 1


def test_a_draft_is_thrown_away(desk, put, scope, office):
    put(scope, {"text": "x"})
    assert desk.client.delete(f"/{office.slug}/drafts/{scope}/").status_code == 204
    assert not Draft.objects.exists()


def test_nobody_sees_the_draft_of_another(desk, put, case, scope, sam):
    put(scope, {"text": "Secret thought"})
    desk.sit(sam)
    assert "Secret thought" not in desk.get("desk:case", case.number).text
    assert desk.client.get(f"/{case.office.slug}/drafts/{scope}/").status_code == 204


def test_a_case_of_another_office_has_no_drafts(put, stranger):
    other = CaseFactory(office=stranger.memberships.get().office, number=77_777)
    assert put(f"case-{other.number}-note", {"text": "x"}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'{"version": "x"}',
        b'{"body": []}',
        b'{"body": {"text": 1}}',
        b'{"body": {"a": {"b": "c"}}}',
        b"\xff",
        b'{"body": {"text": "' + b"x" * 100_000 + b'"}}',
        b"[" * 50_000,
        b'{"version": 1e999, "body": {}}',
        json.dumps({"body": {str(n): "x" for n in range(61)}}).encode(),
    ],
    ids=lambda body: repr(body[:20]),
)
def test_what_is_no_draft_is_refused(desk, office, body, scope):
    url = f"/{office.slug}/drafts/{scope}/"
    assert desk.client.put(url, body, content_type="application/json").status_code == 400
    assert not Draft.objects.exists()


def test_characters_that_databases_refuse_are_left_out(put, scope):
    assert put(scope, {"text": "a\0b\ud800c"}).status_code == 200
    assert Draft.objects.get().body == {"text": "abc"}


def test_keys_and_versions_are_never_in_a_draft(put, scope):
    put(
        scope,
        {"text": "x", "operation": "y", "version": "3", "seen": "z", "csrfmiddlewaretoken": "t", "confirmed": "c"},
    )
    assert Draft.objects.get().body == {"text": "x"}
