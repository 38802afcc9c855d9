"""A refused form keeps its files: they are not chosen again (R15, S2.24)."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from wardbook.cases import actions
from wardbook.cases.actions import waiting_files
from wardbook.cases.factories import CaseFactory
from wardbook.cases.models import Document
from wardbook.cases.models.working import WaitingFile
from wardbook.lib.testing import post
from wardbook.offices.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def case():
    return CaseFactory()


@pytest.fixture
def member(case):
    return MembershipFactory(office=case.office)


@pytest.fixture
def browser(client, member):
    client.force_login(member.user)
    return client


def notes(case):
    return reverse("cases:notes", args=[case.office.slug, case.number])


def scan(name="scan.txt", content=b"Dear Sir"):
    return SimpleUploadedFile(name, content, "text/plain")


def refused(browser, case, *uploads, **more):
    """Send a note without its text; the keys of the files that wait."""
    answer = post(browser, notes(case), {"text": "", "uploads": list(uploads)} | more)
    assert answer.status_code == 422
    return re.findall(r'name="uploads_waiting" value="(\w+)"', answer.content.decode()), answer.content.decode()


def test_files_of_a_refused_form_are_named_and_go_with_the_next_try(
    browser, case, django_capture_on_commit_callbacks
):
    keys, html = refused(browser, case, scan(), scan("photo.txt", b"roof"))
    assert len(keys) == 2
    assert "scan.txt" in html
    assert "Remove" in html
    assert Document.objects.count() == 0

    with django_capture_on_commit_callbacks(execute=True):
        answer = post(browser, notes(case), {"text": "The scan came.", "uploads_waiting": keys})

    assert answer.status_code == 303
    kept = {
        d.name: (settings.MEDIA_ROOT / d.storage_key[:2] / d.storage_key).read_bytes() for d in case.documents.all()
    }
    assert kept == {"scan.txt": b"Dear Sir", "photo.txt": b"roof"}
    assert not WaitingFile.objects.exists()
    assert not [path for path in waiting_files.waiting_root().rglob("*") if path.is_file()]


def test_a_file_waits_through_a_second_refusal_and_one_that_is_taken_out_does_not_come(browser, case):
    keys, _html = refused(browser, case, scan(), scan("photo.txt", b"roof"))
    again, html = refused(browser, case, scan("third.txt", b"3"), uploads_waiting=keys[:1])
    assert keys[0] in again
    assert len(again) == 2
    assert "photo.txt" not in html

    post(browser, notes(case), {"text": "Both.", "uploads_waiting": again})
    assert set(case.documents.values_list("name", flat=True)) == {"scan.txt", "third.txt"}


def test_nobody_else_and_no_other_office_gets_a_file_that_waits(browser, client, case, member):
    keys, _html = refused(browser, case, scan())
    colleague = MembershipFactory(office=case.office)
    elsewhere = CaseFactory()
    MembershipFactory(office=elsewhere.office, user=member.user)
    post(browser, notes(elsewhere), {"text": "Here?", "uploads_waiting": keys})
    client.force_login(colleague.user)
    post(client, notes(case), {"text": "Mine?", "uploads_waiting": keys})
    assert Document.objects.count() == 0
    assert WaitingFile.objects.count() == 1


def test_only_so_much_waits_for_one_person(browser, case, monkeypatch):
    monkeypatch.setattr(waiting_files, "MOST_FILES", 2)
    keys, _html = refused(browser, case, *(scan(f"{n}.txt") for n in range(4)))
    assert len(keys) == WaitingFile.objects.count() == 2


def test_what_nobody_sends_again_is_swept_after_a_week(browser, case, django_capture_on_commit_callbacks):
    refused(browser, case, scan())
    now = timezone.now()
    assert actions.sweep_waiting(at=now + timedelta(days=6)) == 0
    WaitingFile.objects.update(since=now - timedelta(days=8))
    with django_capture_on_commit_callbacks(execute=True):
        call_command("tidy")
    assert not WaitingFile.objects.exists()
    assert not [path for path in waiting_files.waiting_root().rglob("*") if path.is_file()]


def test_a_key_that_is_none_and_a_file_that_is_gone_do_no_harm(browser, case):
    keys, _html = refused(browser, case, scan())
    for path in waiting_files.waiting_root().rglob("*"):
        if path.is_file():
            path.unlink()
    sent = {"text": "All the same.", "uploads_waiting": [*keys, "../../etc/passwd", "9" * 60]}
    assert post(browser, notes(case), sent).status_code == 303
    assert Document.objects.count() == 0
