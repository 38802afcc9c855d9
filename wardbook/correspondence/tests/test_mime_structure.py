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


def test_a_page_in_two_bytes_a_letter_is_read():
    page = base64.encodebytes("<p>The bins</p>".encode("utf-16-le"))
    assert (
        read(page, content_type="text/html; charset=utf-16le", content_transfer_encoding="base64").text == "The bins"
    )
