"""A pile of letters from the scanner: each becomes a letter in the Inbox, and no file harms the others."""

import struct
import zlib
from datetime import timedelta

import pytest

from wardbook.cases.factories import MONDAY
from wardbook.correspondence import raw_store
from wardbook.correspondence.actions import scanning
from wardbook.correspondence.models import Attachment, Message
from wardbook.correspondence.scans import cuts, press
from wardbook.correspondence.tests import scans
from wardbook.correspondence.tests.scans import upload
from wardbook.journal.models import Event
from wardbook.lib import confined
from wardbook.lib.rules import RuleBroken
from wardbook.offices.factories import CaseworkerFactory, OfficeFactory

TODAY = MONDAY.date()
FRIDAY = TODAY - timedelta(days=3)


@pytest.fixture
def office():
    return OfficeFactory()


def take_in(office, *uploads, received_on=TODAY, **options):
    by = CaseworkerFactory(office=office)
    return scanning.take_in(office, uploads, received_on=received_on, by=by, at=MONDAY, **options)


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1-2, 3, 4-6", [(1, 2), (3, 3), (4, 6)]),
        ("1–2;3\n4 - 6", [(1, 2), (3, 3), (4, 6)]),
        (" 5 , 1-4,", [(1, 4), (5, 5)]),
    ],
)
def test_pages_are_written_as_people_write_them(text, parts):
    assert cuts.read(text) == parts


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Write which pages"),
        ("a-b", "“a-b” is no page"),
        ("1-2-3", "is no page"),
        ("0-1", "counted from 1"),
        ("5-3", "ends before it begins"),
        ("1-3, 3", "Page 3 is in two letters"),
        ("1-99999", "is no page"),
        ("٣", "Page|page"),
        (",".join(str(page) for page in range(1, 110)), "At most 100"),
    ],
)
def test_what_is_no_list_of_pages_is_refused_in_words(text, why):
    with pytest.raises(RuleBroken, match=why):
        cuts.fit(cuts.read(text), 2, leave_out=False)


@pytest.mark.any_engine
def test_no_page_is_lost_without_being_told():
    with pytest.raises(RuleBroken, match="in no letter: 3, 4"):
        cuts.fit([(1, 2), (5, 5)], 5, leave_out=False)
    cuts.fit([(1, 2), (5, 5)], 5, leave_out=True)
    with pytest.raises(RuleBroken, match="ends with page 5; there is no page 6"):
        cuts.fit([(1, 6)], 5, leave_out=False)


@pytest.mark.django_db
def test_each_file_is_a_letter_that_waits(office):
    letters, refused = take_in(
        office, upload(scans.pdf()), upload(scans.picture(), "photo.jpg", "image/jpeg"), received_on=FRIDAY
    )

    assert refused == []
    assert [(one.medium, one.state, one.mailbox) for one in letters] == [("letter", "waiting", None)] * 2
    assert {office.local_date(one.at) for one in letters} == {FRIDAY}
    assert [part.media_type for part in Attachment.objects.order_by("pk")] == ["application/pdf", "image/jpeg"]
    assert Event.objects.filter(name="message.logged").count() == 2


@pytest.mark.django_db
def test_one_file_that_fails_does_not_lose_the_others(office):
    letters, refused = take_in(
        office,
        upload(scans.LOCKED, "locked.pdf"),
        upload(scans.pdf(), "good.pdf"),
        upload(b"%PDF-1.7\nand nothing more", "broken.pdf"),
        upload(b"<html>hello", "page.pdf"),
        upload(b"", "empty.pdf"),
    )

    assert [one.attachments.get().name for one in letters] == ["good.pdf"]
    why = dict(refused)
    assert "locked with a password" in why["locked.pdf"]
    assert "cannot be opened" in why["broken.pdf"]
    assert "no PDF and no picture" in why["page.pdf"]
    assert "empty" in why["empty.pdf"]


@pytest.mark.django_db
def test_one_pdf_is_cut_into_letters(office):
    letters, refused = take_in(office, upload(scans.pdf(6), "monday.pdf"), parts=[(1, 2), (3, 3), (4, 6)])

    assert refused == []
    parts = [one.attachments.get() for one in letters]
    assert [part.name for part in parts] == ["monday, pages 1–2.pdf", "monday, pages 3.pdf", "monday, pages 4–6.pdf"]
    assert [scans.widths(raw_store.get(part.storage_key)) for part in parts] == [
        [595, 596],
        [597],
        [598, 599, 600],
    ]


@pytest.mark.django_db
def test_a_file_is_cut_whole_or_not_at_all(office):
    letters, refused = take_in(office, upload(scans.pdf(3)), parts=[(1, 2), (3, 4)])
    assert letters == []
    assert "there is no page 4" in refused[0][1]
    content = scans.pdf(3)
    take_in(office, upload(content), parts=[(3, 3)], leave_out=True)

    # Its third page is here, so the cut that has it too is refused, and its first is not kept by halves.
    letters, refused = take_in(office, upload(content), parts=[(1, 2), (3, 3)])

    assert letters == []
    assert "here already" in refused[0][1]
    assert Message.objects.count() == 1


@pytest.mark.django_db
def test_the_same_scan_comes_in_once(office):
    content = scans.pdf()
    take_in(office, upload(content))
    letters, refused = take_in(office, upload(content, "again.pdf"))
    assert (letters, len(refused)) == ([], 1)
    # Another office may have been sent the same circular.
    assert len(take_in(OfficeFactory(), upload(content))[0]) == 1


@pytest.mark.django_db
def test_a_picture_is_not_cut_and_nothing_comes_from_tomorrow(office):
    assert "Only a PDF" in take_in(office, upload(scans.picture(), "a.jpg"), parts=[(1, 1)])[1][0][1]
    tomorrow = TODAY + timedelta(days=1)
    assert "not come yet" in take_in(office, upload(scans.pdf()), received_on=tomorrow)[1][0][1]


@pytest.mark.any_engine
def test_a_hostile_file_ends_its_own_process_and_not_ours(tmp_path, monkeypatch):
    path = tmp_path / "scan"
    path.write_bytes(scans.pdf(width=14_000, height=14_000))
    shown = press.pictures(path, press.PDF)
    assert len(shown.pictures) == 1
    path.write_bytes(scans.pdf(width=10, height=14_000))
    with pytest.raises(press.CannotOpen):
        press.pictures(path, press.PDF)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 50)
    with pytest.raises(press.CannotOpen):
        press.pictures(path, "image/png")
    monkeypatch.setattr(confined, "SECONDS", 0.001)
    with pytest.raises(press.CannotOpen, match="too long"):
        press.pages_in(path)


@pytest.mark.any_engine
def test_a_flood_of_pixels_is_not_decoded(tmp_path):
    path = tmp_path / "scan"
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    seal = struct.pack(">I", zlib.crc32(b"IHDR" + head))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + head + seal + b"\0\0\0\1IDAT")
    with pytest.raises(press.CannotOpen, match="too large"):
        press.pictures(path, "image/png")


@pytest.mark.any_engine
def test_a_picture_is_made_anew_without_what_was_hidden_in_it(tmp_path):
    path = tmp_path / "scan"
    path.write_bytes(scans.picture(comment=b"a secret comment"))
    assert b"a secret comment" in path.read_bytes()
    shown = press.pictures(path, "image/jpeg").pictures[0]
    assert shown.startswith(b"\xff\xd8")
    assert b"a secret comment" not in shown


@pytest.mark.any_engine
def test_pages_are_shown_a_few_at_a_time(tmp_path):
    path = tmp_path / "scan"
    path.write_bytes(scans.pdf(5))
    shown = press.pictures(path, press.PDF, first=3, most=4)
    assert (len(shown.pictures), shown.of) == (2, 5)
    assert press.pictures(path, press.PDF, first=9) == ([], 5)


@pytest.mark.any_engine
def test_a_pdf_of_too_many_pages_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(press, "MOST_PAGES", 2)
    path = tmp_path / "scan"
    path.write_bytes(scans.pdf(3))
    with pytest.raises(press.CannotOpen, match="pages"):
        press.pages_in(path)
