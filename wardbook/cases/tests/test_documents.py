"""Files: several at once, names made safe, never shown in our origin, nobody else's (E1-E6, E8, A3)."""

import io
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from wardbook.cases import actions, files
from wardbook.cases.actions import documents as documents_actions
from wardbook.cases.factories import (
    ActivityFactory,
    CaseFactory,
    DocumentFactory,
    FollowUpFactory,
    InternalNoteFactory,
)
from wardbook.cases.models import Case, Document
from wardbook.cases.tests.conftest import TUESDAY
from wardbook.journal.models import Event


def upload(name="letter.txt", content=b"Dear Sir", kind="text/plain"):
    return SimpleUploadedFile(name, content, kind)


def keep(case, worker, *uploads):
    return actions.add_documents(ActivityFactory(case=case), list(uploads), by=worker, at=TUESDAY)


NAMES = [
    ("../../etc/passwd", "passwd"),
    ("..\\..\\boot.ini", "boot.ini"),
    ("/etc/shadow", "shadow"),
    ("%2e%2e%2fetc", "_2e_2e_2fetc"),
    ("a\0b.txt", "ab.txt"),
    ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ("CON", "file CON"),
    ("nul.txt", "file nul.txt"),
    (".htaccess", "htaccess"),
    ("report.pdf. ", "report.pdf"),
    ("in\u200bvoice\u202efdp.exe", "invoicefdp.exe"),
    ('quote".txt', "quote_.txt"),
    ("line\r\nSet-Cookie: x.txt", "lineSet-Cookie_ x.txt"),
    ("", "file"),
    ("...", "file"),
    ("Llythyr Siân.pdf", "Llythyr Siân.pdf"),
]


@pytest.mark.parametrize(("given", "shown"), NAMES, ids=[repr(name)[:30] for name, _shown in NAMES])
def test_names_are_made_safe_and_the_bytes_lie_under_a_random_key(case, worker, given, shown):
    """E1. Nothing is written outside the store, whatever the name says."""
    assert files.clean_name(given) == shown
    around = Path(settings.MEDIA_ROOT).parent
    before = {path for path in around.rglob("*") if path.is_file()}

    sent = upload()
    sent._name = given  # Django cleans names itself; ours must not lean on that
    kept, refused = keep(case, worker, sent)

    assert not refused
    assert kept[0].name == shown
    added = {path for path in around.rglob("*") if path.is_file()} - before
    assert added == {files.path_of(settings.MEDIA_ROOT, kept[0].storage_key)}
    assert len(kept[0].storage_key) == 48


@pytest.mark.parametrize("extension", sorted(files.RISKY_EXTENSIONS))
@pytest.mark.parametrize("name", ["evil.{}", "photo.{}.jpg", "EVIL.{}"])
def test_what_could_do_harm_is_flagged_whatever_stands_around_it(extension, name):
    """E2: extensions, doubled extensions, capitals."""
    written = name.format(extension.upper() if name.startswith("EVIL") else extension)
    assert files.sniff(b"plain text", files.clean_name(written), "text/plain").is_risky


@pytest.mark.parametrize(
    ("content", "name", "risky"),
    [
        (b"<html><script>alert(1)</script>", "photo.jpg", True),
        (b"\xef\xbb\xbf  <!DOCTYPE html>", "notes.txt", True),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'>", "logo.png", True),
        (b"<?xml version='1.0'?><svg/>", "logo.png", True),
        (b"MZ\x90\0" + b"\0" * 60, "letter.pdf", True),
        (b"#!/bin/sh\nrm -rf /", "readme.txt", True),
        (b"GIF89a/*" + b"x" * 20 + b"*/=1;alert(1)", "pixel.gif", False),
        (b"%PDF-1.4\n<html>", "report.pdf", False),
        (b"Dear Sir", "letter.txt", False),
    ],
)
def test_content_decides_what_a_file_is(content, name, risky):
    assert files.sniff(content, name, "image/png").is_risky == risky


@pytest.mark.parametrize(
    ("content", "name", "mismatch"),
    [
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "photo.jpg", False),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "photo.jpg", False),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "report.pdf", True),
        (b"%PDF-1.4\n", "photo.jpg", True),
        (b"PK\x03\x04" + b"\0" * 40, "letter.docx", False),
        (b"Dear Sir", "letter.txt", False),
    ],
)
def test_a_name_that_contradicts_the_content_is_flagged(content, name, mismatch):
    """E3. A picture by another picture's name is no lie worth a warning."""
    assert files.sniff(content, name, "").is_mismatch == mismatch


def test_an_archive_is_kept_and_never_unpacked(case, worker):
    """E4. 40 MB of nothing in 40 KB stays 40 KB."""
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("../../slip.txt", b"\0" * 40_000_000)
    kept, _refused = keep(case, worker, upload("bomb.zip", packed.getvalue(), "application/zip"))
    assert kept[0].size == len(packed.getvalue()) < 100_000


def test_several_files_one_failing_does_not_lose_the_others(desk, case):
    files_sent = [upload("one.txt"), upload("empty.txt", b""), upload("two.txt")]

    response = desk.post("cases:notes", case.number, text="The papers.", uploads=files_sent)

    assert response.status_code == 303
    assert sorted(case.documents.values_list("name", flat=True)) == ["one.txt", "two.txt"]
    assert "“empty.txt” was not kept. It is empty." in desk.client.get(response["Location"]).text


def test_a_file_that_cannot_be_kept_is_named_and_the_rest_is_kept(desk, case, monkeypatch):
    monkeypatch.setattr(settings, "UPLOAD_MAX_BYTES", 10)
    files_sent = [upload("one.txt", b"short"), upload("big.txt", b"x" * 11), upload("two.txt", b"also")]

    response = desk.post("cases:notes", case.number, text="The papers.", uploads=files_sent)

    assert response.status_code == 303
    assert sorted(case.documents.values_list("name", flat=True)) == ["one.txt", "two.txt"]
    page = desk.client.get(response["Location"])
    assert "“big.txt” was not kept. It is larger than 50 MB." in page.text
    assert "2 files kept with it." in page.text


def test_a_full_disk_is_said_in_words(case, worker, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "store", full)
    kept, refused = keep(case, worker, upload())
    assert not kept
    assert "no room" in refused[0][1]


def test_a_case_holds_so_many_files_and_no_more(case, worker, monkeypatch):
    monkeypatch.setattr(documents_actions, "MOST_FILES", 2)
    kept, refused = keep(case, worker, upload("1"), upload("2"), upload("3"))
    assert (len(kept), len(refused)) == (2, 1)


def test_files_join_an_entry_that_is_there_already(desk, case, worker):
    for kind, entry in (
        ("activity", ActivityFactory(case=case)),
        ("note", InternalNoteFactory(case=case, by=worker)),
    ):
        response = desk.post("cases:add_files", kind, entry.pk, uploads=[upload("a.txt"), upload("b.txt")])
        assert response.status_code == 303
        assert entry.documents.count() == 2


def test_a_script_sends_files_one_by_one(desk, case):
    entry = ActivityFactory(case=case)
    url = reverse("cases:add_files", args=[case.office.slug, "activity", entry.pk])
    headers = {"Accept": "application/json", "Idempotency-Key": str(uuid.uuid4())}

    made = desk.client.post(url, {"file": upload()}, headers=headers)
    assert made.status_code == 201
    assert made.json()["name"] == "letter.txt"

    none = desk.client.post(url, {}, headers=headers | {"Idempotency-Key": str(uuid.uuid4())})
    assert none.status_code == 422
    assert none.json() == {"error": "Choose a file."}


def test_without_a_file_the_form_says_so(desk, case):
    response = desk.post("cases:add_files", "activity", ActivityFactory(case=case).pk)
    assert response.status_code == 422
    assert "Choose at least one file." in response.text


def download(desk, document, **params):
    return desk.get("cases:document", document.pk, **params)


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_file_is_always_a_download_and_can_do_nothing_in_our_origin(desk, case):
    """E8, E2."""
    response = download(desk, DocumentFactory(activity=ActivityFactory(case=case), name="letter.txt"))

    assert response["Content-Disposition"] == 'attachment; filename="letter.txt"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]
    assert body(response) == b"The ceiling in the hall."


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Llythyr Siân.pdf", "attachment; filename*=utf-8''Llythyr%20Si%C3%A2n.pdf"),
        ('say "hi".txt', 'attachment; filename="say \\"hi\\".txt"'),
        ("رسالة.pdf", "attachment; filename*=utf-8''%D8%B1%D8%B3%D8%A7%D9%84%D8%A9.pdf"),
    ],
)
def test_names_stand_in_the_header_as_the_standard_says(desk, case, name, header):
    document = DocumentFactory(activity=ActivityFactory(case=case), name=name)
    assert download(desk, document)["Content-Disposition"] == header


def test_a_name_cannot_split_the_header(desk, case):
    document = DocumentFactory(activity=ActivityFactory(case=case), name="a\r\nSet-Cookie: x=1.txt")
    response = download(desk, document)
    assert "\n" not in response["Content-Disposition"]
    assert "x" not in response.cookies


def test_what_could_do_harm_goes_out_as_bytes_and_is_flagged_on_the_page(desk, case):
    document = DocumentFactory(
        activity=ActivityFactory(case=case), name="a.html", media_type="text/html", is_risky=True, content=b"<html>"
    )
    assert download(desk, document)["Content-Type"] == "application/octet-stream"
    assert "Could do harm when opened" in desk.get("desk:case", case.number).text


def test_nobody_else_gets_a_file(desk, client, case, office, stranger, sam):
    """A3: logged out, of another office, not let in, by a guessed path, after the case is deleted."""
    document = DocumentFactory(activity=ActivityFactory(case=case))
    assert download(desk, document).status_code == 200
    Case.objects.filter(pk=case.pk).update(is_restricted=True)
    assert download(desk, document).status_code == 404
    Case.objects.filter(pk=case.pk).update(is_restricted=False, deleted_at=TUESDAY)
    assert download(desk, document).status_code == 404
    Case.objects.filter(pk=case.pk).update(deleted_at=None)

    desk.sit(stranger)
    assert download(desk, document).status_code == 404
    theirs = reverse("cases:document", args=[stranger.memberships.get().office.slug, document.pk])
    assert client.get(theirs).status_code == 404
    client.logout()
    assert download(desk, document).status_code == 302
    for guess in (f"/media/{document.storage_key}", f"/files/{document.storage_key[:2]}/{document.storage_key}"):
        assert client.get(guess).status_code in (404, 302)


def test_a_file_taken_off_is_gone_and_comes_back_by_undo(desk, case, worker, newest_undo):
    from wardbook.journal.actions import take_back

    document = DocumentFactory(activity=ActivityFactory(case=case))
    assert desk.post("cases:document_removal", document.pk).status_code == 303
    assert download(desk, document).status_code == 404

    undo = newest_undo(worker)
    take_back(undo, by=worker, at=undo.at)
    assert download(desk, document).status_code == 200


def test_reading_a_file_of_a_restricted_case_is_noted(desk, office, worker):
    case = CaseFactory(office=office, is_restricted=True, owner=worker)
    document = DocumentFactory(activity=ActivityFactory(case=case))
    download(desk, document)
    assert Event.objects.about(document).get().name == "document.read"


def test_a_file_whose_bytes_are_gone_is_not_found(desk, case):
    document = DocumentFactory(activity=ActivityFactory(case=case))
    files.remove(settings.MEDIA_ROOT, document.storage_key)
    assert download(desk, document).status_code == 404


def test_every_file_of_the_case_is_listed_with_where_it_came_from(desk, case, worker):
    note = InternalNoteFactory(case=case, by=worker)
    DocumentFactory(activity=ActivityFactory(case=case), name="call.txt")
    DocumentFactory(activity=FollowUpFactory(case=case), name="plan.txt")
    DocumentFactory(activity=None, internal_note=note, case=case, office=case.office, name="note.txt")
    page = desk.get("desk:case", case.number)
    assert page.context["file_count"] == 3
    assert {file["name"] for file in page.context["files"]} == {"call.txt", "plan.txt", "note.txt"}
    assert f"?entry=note-{note.pk}#note-{note.pk}" in page.text


def test_one_office_cannot_tell_what_another_keeps(case, worker, stranger):
    """E10: the same bytes twice are two files; taking one away leaves the other."""
    other = CaseFactory(office=stranger.memberships.get().office)
    first, _ = keep(case, worker, upload())
    second, _ = keep(other, stranger, upload())
    assert first[0].sha256 == second[0].sha256
    assert first[0].storage_key != second[0].storage_key
    files.remove(settings.MEDIA_ROOT, first[0].storage_key)
    assert files.path_of(settings.MEDIA_ROOT, second[0].storage_key).exists()
    assert Document.objects.count() == 2
