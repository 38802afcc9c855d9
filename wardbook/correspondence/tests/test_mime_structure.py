"""Where parts begin and end, and which bytes travelled as letters."""

import base64

import pytest

from wardbook.correspondence.mime import parse
from wardbook.correspondence.mime.transfer import body_from_base64
from wardbook.correspondence.tests.mails import multipart, part, read

pytestmark = pytest.mark.any_engine


def test_the_mails_of_a_digest_are_whole_mails_whose_parts_need_no_header():
    inner = b"From: Ann <ann@example.org>\r\nSubject: Roads\r\n\r\nA hole."
    typed = part(inner, content_type="message/rfc822")
    found = read(**multipart(part("Contents", content_type="text/plain"), b"\r\n" + inner, typed, kind="digest"))
    assert found.text == "Contents"
    assert [(file.name, file.type, file.payload) for file in found.files] == [
        ("Roads.eml", "message/rfc822", inner)
    ] * 2
    assert parse(found.files[0].payload).sender.address == "ann@example.org"


def test_outside_a_digest_a_part_without_a_header_is_text():
    assert read(**multipart(b"\r\nHello", b"\r\nagain")).text == "Hello\n\nagain"


def test_words_behind_the_closing_mark_are_no_part():
    found = read(
        b"--edge\r\n\r\nHello\r\n--edge-- the end\r\nnothing\r\n", content_type="multipart/mixed; boundary=edge"
    )
    assert found.text == "Hello"


def test_a_line_that_only_begins_like_a_mark_is_text():
    found = read(**multipart(part("one\r\n--edges\r\n--edge--ing\r\ntwo", content_type="text/plain")))
    assert found.text == "one\n--edges\n--edge--ing\ntwo"


@pytest.mark.parametrize(
    "words",
    [b"The bins again", b"The bins were not\r\nemptied on Monday\r\nnor on Tuesday", b"This is an attachment"],
)
def test_words_that_claim_to_be_base64_are_words(words):
    assert body_from_base64(words) == words


@pytest.mark.parametrize("size", [1, 2, 3, 30, 57, 58, 300])
@pytest.mark.parametrize("end", [b"\r\n", b"\r\n ", b" \r\n", b" "])
def test_base64_is_read_however_its_lines_end(size, end):
    content = bytes(range(256))[:size] * 2
    assert body_from_base64(base64.encodebytes(content).replace(b"\n", end)) == content


def test_a_letter_too_many_costs_only_itself():
    assert body_from_base64(base64.b64encode(b"Hello there!") + b"A") == b"Hello there!"
    assert body_from_base64(b"Unfortunately") == b"Unfortunately"


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_a_soft_line_end_may_have_spaces_behind_it(end):
    body = b"The bins = \t" + end + b"again=20" + end + b"a = b "
    assert read(body, content_transfer_encoding="quoted-printable").text == "The bins again \na = b"


def item(tag, *contents, marked=False):
    """One element of ASN.1, with its size before it or with a mark behind it."""
    content = b"".join(contents)
    if marked:
        return bytes([tag, 0x80]) + content + b"\0\0"
    return bytes([tag, 0x82]) + len(content).to_bytes(2, "big") + content


def signed(content, *, marked=False, kind="2a864886f70d010702"):
    name = item(0x06, bytes.fromhex("2a864886f70d010701"))
    pieces = item(0x24, item(0x04, content[:9]), item(0x04, content[9:]), marked=marked)
    within = item(0x30, name, item(0xA0, pieces if marked else item(0x04, content), marked=marked), marked=marked)
    digests = item(0x31, item(0x30, name, marked=marked), marked=marked)
    data = item(0x30, item(0x02, b"\x01"), digests, within, item(0x31, b""), marked=marked)
    return item(0x30, item(0x06, bytes.fromhex(kind)), item(0xA0, data, marked=marked), marked=marked)


def read_signed(data, name="smime.p7m"):
    kind = f'application/pkcs7-mime; smime-type=signed-data; name="{name}"'
    return read(base64.encodebytes(data), content_type=kind, content_transfer_encoding="base64")


@pytest.mark.parametrize("marked", [False, True])
def test_a_mail_that_was_signed_as_a_whole_is_read(marked):
    plan = part(b"QUFB", content_type="application/pdf; name=plan.pdf", content_transfer_encoding="base64")
    words = part("The bins", content_type="text/plain")
    inner = multipart(words, plan)
    found = read_signed(signed(part(inner["body"], content_type=inner["content_type"]), marked=marked))
    assert (found.subject, found.text) == ("Bins", "The bins")
    assert [(file.name, file.size) for file in found.files] == [("plan.pdf", 3)]
    again = read_signed(signed(part(base64.b64encode(signed(words)), content_type="application/pkcs7-mime",
                                    content_transfer_encoding="base64")))  # fmt: skip
    assert (again.text, again.files) == ("The bins", ())


def test_what_is_no_signed_mail_stays_a_file():
    words = part("The bins", content_type="text/plain")
    whole = signed(words, marked=True)
    encrypted = signed(words, kind="2a864886f70d010703")
    for data in (signed(b"%PDF-1.4 a plan"), encrypted, b"", *(whole[:cut] for cut in range(1, 60))):
        found = read_signed(data, "plan.pdf.p7m")
        assert ([(file.name, file.payload) for file in found.files], found.text) == ([("plan.pdf.p7m", data)], "")


def test_a_page_in_two_bytes_a_letter_is_read():
    page = base64.encodebytes("<p>The bins</p>".encode("utf-16-le"))
    assert (
        read(page, content_type="text/html; charset=utf-16le", content_transfer_encoding="base64").text == "The bins"
    )


def test_parts_in_any_script_are_read_as_their_like():
    inner = "From: Máire <máire@example.org>\r\nSubject: Bóthar\r\n\r\nA hole.".encode()
    file = read(**multipart(part("See"), part(inner, content_type="message/global"))).files[0]
    assert (file.name, file.type, parse(file.payload).sender.address) == (
        "Bóthar.eml", "message/rfc822", "máire@example.org",
    )  # fmt: skip
    status = "Final-Recipient: utf-8; máire@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    made = multipart(
        part("It failed."),
        part(f"Reporting-MTA: dns; x\r\n\r\n{status}".encode(), content_type="message/global-delivery-status"),
        part(b"Message-ID: <ours@glanmor.example>\r\n", content_type="message/global-headers"),
    )
    made["content_type"] = 'multipart/report; report-type=global-delivery-status; boundary="edge"'
    found = read(**made).bounce
    assert (found.recipients[0].address, found.original_message_id) == ("máire@example.org", "ours@glanmor.example")
