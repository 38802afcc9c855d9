"""Which parts are the words of a mail and which are files; nothing of a broken mail is lost."""

import base64
import binascii
import struct

import pytest
from compressed_rtf import compress

from wardbook.correspondence.mime import parse
from wardbook.correspondence.mime.bodies import clean_file_name
from wardbook.correspondence.tests.mails import mail, multipart, part, read

pytestmark = pytest.mark.any_engine

PDF = b"%PDF-1.4 a plan"


def attached(name="plan.pdf", content=PDF, kind="application/pdf", **headers):
    return part(
        base64.encodebytes(content),
        content_type=f'{kind}; name="{name}"',
        content_disposition=f'attachment; filename="{name}"',
        content_transfer_encoding="base64",
        **headers,
    )


def nested(inner):
    """A multipart as a part of another."""
    return part(inner["body"], content_type=inner["content_type"])


def names(found):
    return [(file.name, file.type, file.size) for file in found]


def test_an_attachment_has_its_name_type_and_size_in_decoded_bytes():
    found = read(**multipart(part("See the plan."), attached()))
    assert found.text == "See the plan."
    assert names(found.attachments) == [("plan.pdf", "application/pdf", len(PDF))]
    assert found.attachments[0].payload == PDF


def test_of_alternatives_there_is_one_text_and_one_html():
    both = multipart(
        part("Hello *you*", content_type="text/plain"),
        part("<p>Hello <b>you</b></p>", content_type="text/html"),
        kind="alternative",
    )
    found = read(**both)
    assert (found.text, found.html, found.files) == ("Hello *you*", "<p>Hello <b>you</b></p>", ())


def test_an_empty_text_gives_way_to_the_html():
    both = multipart(
        part(" \r\n", content_type="text/plain"), part("<p>Hello</p>", content_type="text/html"), kind="alternative"
    )
    assert read(**both).text == "Hello"


def test_text_around_an_attachment_is_one_text():
    found = read(**multipart(part("Before."), attached(), part("After.")))
    assert found.text == "Before.\n\nAfter."


def test_a_picture_that_the_html_shows_is_inline_and_another_is_a_file():
    def picture(identifier, name):
        return part(
            base64.b64encode(b"GIF89a"),
            content_type=f'image/gif; name="{name}"',
            content_id=f"<{identifier}>",
            content_disposition="inline",
            content_transfer_encoding="base64",
        )

    page = part('<p>Look <img src="cid:shown@x"></p>', content_type="text/html")
    found = read(**multipart(page, picture("shown@x", "a.gif"), picture("other@x", "b.gif"), kind="related"))
    assert [file.name for file in found.inline] == ["a.gif"]
    assert [file.name for file in found.attachments] == ["b.gif"]
    assert [file.name for file in found.files] == ["a.gif", "b.gif"]


def test_a_mail_in_a_mail_is_a_file_named_by_its_subject():
    inner = mail("The inner text", subject="=?utf-8?Q?T=C5=B7_Newydd?=")
    found = read(**multipart(part("See below."), part(inner, content_type="message/rfc822")))
    assert found.text == "See below."
    assert names(found.attachments) == [("Tŷ Newydd.eml", "message/rfc822", len(inner))]


def test_files_without_a_name_get_one():
    found = read(
        **multipart(
            part(b"x", content_type="image/png"),
            part(b"y", content_type="application/pgp-signature"),
            part(b"z", content_type="image/jpeg", content_location="http://example.org/a/photo.jpg?big"),
        )
    )
    assert [file.name for file in found.files] == ["attachment.png", "signature.asc", "photo.jpg"]


def test_a_named_text_beside_another_is_a_file_and_alone_is_the_text():
    named = part("a,b\r\n", content_type='text/plain; name="list.txt"', content_disposition="inline")
    beside = read(**multipart(part("Hello"), named))
    assert (beside.text, [file.name for file in beside.files]) == ("Hello", ["list.txt"])
    assert read("Hello", content_type='text/plain; name="message.txt"').text == "Hello"


def test_an_invitation_is_calendar_and_file():
    event = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    found = read(**multipart(part("Meet?"), part(event, content_type="text/calendar; method=REQUEST")))
    assert found.calendar == (event,)
    assert names(found.files) == [("invite.ics", "text/calendar", len(event))]


def test_uuencoded_files_leave_the_text():
    packed = b"begin 644 note.txt\r\n" + binascii.b2a_uu(b"hello").strip() + b"\r\n`\r\nend\r\n"
    found = read(b"Before\r\n" + packed + b"After\r\n")
    assert "begin" not in found.text
    assert found.text.split() == ["Before", "After"]
    assert names(found.files) == [("note.txt", "text/plain", 5)]


def winmail(name, content, rich=b""):
    """A winmail.dat with one file in it, and perhaps a text that is rich and nothing else."""

    def item(level, kind, data):
        return struct.pack("<BII", level, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    padded = rich + b"\0" * (-len(rich) % 4)
    return b"".join(
        [
            struct.pack("<IH", 0x223E9F78, 1),
            item(1, 0x00069007, struct.pack("<II", 1252, 0)),
            item(2, 0x00069002, b"\x01\x00" + b"\xff" * 8 + b"\0" * 4),
            item(2, 0x00018010, name + b"\0"),
            item(2, 0x0006800F, content),
            *([item(1, 0x00069003, struct.pack("<IHHII", 1, 0x0102, 0x1009, 1, len(rich)) + padded)] if rich else []),
        ]
    )


def test_winmail_is_opened():
    found = read(
        **multipart(part("Hello"), attached("winmail.dat", winmail(b"plan.pdf", PDF), "application/ms-tnef"))
    )
    assert names(found.files) == [("plan.pdf", "application/pdf", len(PDF))]


RICH = (
    rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset238 Arial CE;}}{\*\generator x;}"
    rb"Annwyl Ms Lloyd,\par\par Mae\rquote r llwydni \f1\'9a\f0  yn \u373?l. \u-10179?\u-8704?\par "
    rb'{\field{\*\fldinst{HYPERLINK "https://x.example"}}{\fldrslt{our page}}}}'
)


def test_a_winmail_that_says_it_only_in_rich_text_is_read():
    packed = compress(RICH)
    found = read(**multipart(attached("winmail.dat", winmail(b"plan.pdf", PDF, packed), "application/ms-tnef")))
    assert found.text == "Annwyl Ms Lloyd,\n\nMae\u2019r llwydni \u0161 yn \u0175l. \U0001f600\nour page"
    assert names(found.files) == [("plan.pdf", "application/pdf", len(PDF))]
    for broken in (packed[:-9], packed[:17], b"MELA" * 9, compress(b"no rich text")):
        found = read(**multipart(attached("winmail.dat", winmail(b"plan.pdf", PDF, broken), "application/ms-tnef")))
        assert (found.text, names(found.files)) == ("", [("plan.pdf", "application/pdf", len(PDF))])


def test_winmail_that_is_none_stays_as_it_came():
    for content in (b"rubbish", winmail(b"plan.pdf", PDF)[:30], b"\x78\x9f\x3e\x22\0\0" + b"\1" + b"\0" * 100_000):
        found = read(**multipart(part("Hello"), attached("winmail.dat", content, "application/ms-tnef")))
        assert found.text == "Hello"
        assert not found.files or found.files[0].payload == content


def test_flowed_paragraphs_are_joined_and_quotations_keep_their_depth():
    body = "One long \r\nline.\r\n> quoted \r\n> text\r\n-- \r\nMair\r\n"
    assert read(body, content_type="text/plain; format=flowed").text == "One long line.\n> quoted text\n-- \nMair"
    assert read("super \r\nb", content_type="text/plain; format=flowed; delsp=yes").text == "superb"


def test_html_that_says_it_is_text_is_read_as_html():
    assert read("<!DOCTYPE html><html><body><p>Hello</p></body></html>", content_type="text/plain").text == "Hello"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("base64", base64.b64encode("Tŷ".encode())),
        ("BASE64 ", base64.b64encode("Tŷ".encode()).rstrip(b"=")),
        ("quoted-printable", b"T=C5=B7"),
        ("Quoted-Printable;", b"T=C5=\r\n=B7"),
        ("8bit", "Tŷ".encode()),
        ("text/html", "Tŷ".encode()),
        ("", "Tŷ".encode()),
        ("base64", "Tŷ yw hwn, nid base64!".encode()),
        ("(a note) (and another) base64", base64.b64encode("Tŷ".encode())),
        ("(base64) 8bit", "Tŷ".encode()),
        ("x-uuencode", binascii.b2a_uu("Tŷ".encode())),
        ("x-uuencode", binascii.b2a_uu("Tŷ".encode()) + b"`\r\nend\r\n"),
        ("x-uuencode", "Tŷ is not packed at all.".encode()),
    ],
)
def test_transfer_encodings_as_they_are_written(encoding, body):
    assert read(body, content_type="text/plain; charset=utf-8", content_transfer_encoding=encoding).text.startswith(
        "Tŷ"
    )


def test_a_word_that_is_no_base64_stays_a_word():
    assert read("stuff", content_transfer_encoding="base64").text == "stuff"


def test_a_footer_of_a_list_below_base64_costs_nothing():
    body = (
        base64.encodebytes(b"The whole text of the mail, which is long enough.") + b"\r\n_______\r\nlist footer!\r\n"
    )
    assert read(body, content_transfer_encoding="base64").text == "The whole text of the mail, which is long enough."


# -- broken ----------------------------------------------------------------------------------------------------------


def test_a_missing_end_of_the_parts_loses_nothing():
    assert read(**multipart(part("One"), part("Two"), closed=False)).text == "One\n\nTwo"


@pytest.mark.parametrize("empties", [1, 2, 5])
def test_parts_without_a_line_are_empty_parts(empties):
    body = b"--edge\r\n" * empties + b"--edge\r\nContent-Type: text/plain\r\n\r\nTwo\r\n--edge\r\n--edge--\r\n"
    found = read(body, content_type='multipart/mixed; boundary="edge"')
    assert (found.text, found.files) == ("Two", ())
    assert read(**multipart(part("One\r\n\r\n"), part("Two"))).text == "One\n\nTwo"


def test_a_type_that_is_none_is_text_and_with_a_name_a_file():
    for written in ("invalid", "a b; charset=utf-8", "/", "text"):
        assert read("Tŷ", content_type=written).text == "Tŷ"
    packed = {"content_transfer_encoding": "base64"}
    for headers in (
        {"content_type": 'pdf; name="plan.pdf"'},
        {"content_type": "pdf", "content_disposition": "attachment"},
        {"content_type": "pdf", "content_disposition": 'inline; filename="plan.pdf"'},
        {"content_type": "pdf", **packed},
    ):
        found = read(**multipart(part("See the plan."), part(base64.b64encode(PDF), **headers)))
        assert (found.text, len(found.files)) == ("See the plan.", 1)


def test_a_file_is_called_what_its_type_says_where_nothing_else_does():
    found = read(
        **multipart(
            part("Look"),
            part(b"x", content_type='image/jpeg; filename="image001.jpg"', content_id="<a@x>"),
            part(b"x", content_type='image/jpeg; filename="a.jpg"', content_disposition='inline; filename="b.jpg"'),
            part("Words", content_type='text/plain; filename="c.txt"'),
            part(b"x", content_type="application/pdf", content_disposition='attachment; filename=the "final" plan'),
        )
    )
    assert [file.name for file in found.files] == ["image001.jpg", "b.jpg", "the final plan"]
    assert found.text == "Look\n\nWords"


def test_a_wrong_boundary_is_found_out():
    broken = multipart(part("One", content_type="text/plain"), attached(), boundary="edge")
    broken["content_type"] = 'multipart/mixed; boundary="other"'
    found = read(**broken)
    assert (found.text, len(found.files)) == ("One", 1)
    assert "boundary" in found.problems


def test_a_multipart_that_is_none_is_text():
    found = read("Only words.", content_type="multipart/mixed; boundary=edge")
    assert found.text == "Only words."


def test_similar_boundaries_are_told_apart():
    inner = multipart(
        part("Text"), part("<p>Text</p>", content_type="text/html"), kind="alternative", boundary="edge-1"
    )
    found = read(**multipart(nested(inner), attached(), boundary="edge"))
    assert (found.text, len(found.files)) == ("Text", 1)


def test_of_two_content_types_the_one_with_its_boundary_is_taken():
    body = multipart(part("One"), attached())["body"]
    found = read(body, content_type=["text/plain", 'multipart/mixed; boundary="edge"'])
    assert (found.text, len(found.files)) == ("One", 1)


def test_parts_sixty_deep_are_kept_whole():
    inner = multipart(part("The deepest text"), boundary="edge-0")
    for level in range(1, 60):
        inner = multipart(nested(inner), boundary=f"edge-{level}.")
    found = read(**inner)
    assert "nested too deep" in found.problems
    assert b"The deepest text" in found.files[0].payload


def test_what_is_no_mail_is_a_file():
    found = parse(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500)
    assert [file.name for file in found.files] == ["message.msg"]
    assert found.text == ""


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"\x00", b"From", b"\xff" * 10, b":", b"a:\n", b"\n\n\n"])
def test_next_to_nothing_gets_an_answer(raw):
    assert parse(raw).sender is None


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("/etc/shadow", "shadow"),
        ("Accounts 2023/24.pdf", "Accounts 2023_24.pdf"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\x00b\r\nc.txt", "a b c.txt"),
        (".htaccess", "htaccess"),
        ("第1号\u3000計画.pdf", "第1号\u3000計画.pdf"),
        ("plan.pdf\u3000\u3000 \u3000.exe", "plan.pdf .exe"),
        ("plan\u2028 \xa0final\xa0.pdf", "plan final .pdf"),
        ("..", "attachment"),
        ("x" * 300 + ".pdf", "x" * 247 + ".pdf"),
    ],
)
def test_names_of_files_are_only_names(given, shown):
    assert clean_file_name(given) == shown


def test_the_same_mail_has_the_same_fingerprint_however_it_travelled():
    date = "Mon, 5 Jul 2010 07:54:40 +0200"
    one = read("Hello\r\nthere", date=date, received="from a by b", message_id="<1@x>")
    other = read("Hello there\r\n", date=date, received=["from c by d", "from a by b"], message_id="<1@x>")
    assert one.fingerprint() == other.fingerprint()
    assert one.fingerprint() != read("Hello, attacker", date=date, message_id="<1@x>").fingerprint()
    assert one.fingerprint() != read("Hello there", date=date, from_="b@example.org").fingerprint()
