"""Bytes become the words that were meant, whatever was declared."""

import base64

import pytest

from wardbook.correspondence.mime.charsets import decode, known
from wardbook.correspondence.tests.mails import multipart, part, read

pytestmark = pytest.mark.any_engine


@pytest.mark.parametrize(
    ("raw", "declared", "meant"),
    [
        ("Tŷ Ŵyn – café".encode(), None, "Tŷ Ŵyn – café"),
        ("Tŷ Ŵyn".encode(), "iso-8859-1", "Tŷ Ŵyn"),
        (b"\x93quoted\x94 \x96 caf\xe9", "iso-8859-1", "“quoted” – café"),
        (b"\x93quoted\x94", "us-ascii", "“quoted”"),
        (b"caf\xe9", None, "café"),
        (b"caf\xe9", "x-nobody-knows", "café"),
        (b"caf\xe9", "utf-8", "café"),
        ("čeština".encode("iso8859-2"), "ISO-8859-2", "čeština"),
        ("Привет".encode("koi8-r"), "koi8-r", "Привет"),
        ("Привет".encode("cp1251"), "windows1251", "Привет"),
        ("Привет".encode("cp1251"), '"Windows-1251"', "Привет"),
        ("你好，镕".encode("gb18030"), "gb2312", "你好，镕"),
        ("联通".encode("gb18030"), "gb2312", "联通"),
        ("你好".encode(), "gb2312", "你好"),
        ("①㈱".encode("cp932"), "Shift_JIS", "①㈱"),
        ("日本語".encode("iso2022_jp"), "ISO-2022-JP", "日本語"),
        (b"\x1b$B-!\x1b(B", "iso-2022-jp", "①"),
        ("안녕 똠".encode("cp949"), "ks_c_5601-1987", "안녕 똠"),
        ("您好".encode("big5"), "Big5", "您好"),
        (b"Gr+APw-n", "utf-7", "Grün"),
        (b"Gr+APw-n", "utf-8", "Gr+APw-n"),
        ("שלום".encode("iso8859-8"), "iso-8859-8-i", "שלום"),
        ("สวัสดี".encode("cp874"), "tis-620", "สวัสดี"),
        ("hello".encode("utf-16"), None, "hello"),
        ("hello".encode("utf-16-le"), "utf-16le", "hello"),
        (b"hello there\r\n", "utf-16le", "hello there\r\n"),
        ("汉字 漢".encode("utf-16-le"), "utf-16le", "汉字 漢"),
        (b"ma\xb3o", 'iso-8859-2"<!DOCTYPE html', "mało"),
        (b"a\x00b", None, "ab"),
        (b"gone", "base64", "gone"),
        (b"gone", "rot13", "gone"),
        (b"gone", "unicode_escape", "gone"),
    ],
)
def test_text_is_what_was_meant(raw, declared, meant):
    assert decode(raw, declared) == meant


def test_half_characters_and_nul_never_come_through():
    text = decode(b"\xed\xa0\x80 \xff\xfe\x00", "utf-8")
    assert text.encode("utf-8")
    assert "\x00" not in text


@pytest.mark.parametrize("name", ["", "   ", "x" * 5_000, "zlib_codec", "undefined", "=?utf-8?q?utf-8?=", "\ud800"])
def test_a_name_that_is_none_is_no_charset(name):
    assert known(name) in ("", "utf_8")


def test_html_without_a_declared_charset_says_it_itself():
    page = '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2"><p>č</p>'.encode("iso8859-2")
    assert read(page, content_type="text/html").text == "č"


def test_a_raw_header_is_in_the_charset_of_the_body():
    mail = read(
        "текст".encode("koi8-r"), subject="Привет".encode("koi8-r"), content_type="text/plain; charset=koi8-r"
    )
    assert (mail.subject, mail.text) == ("Привет", "текст")


@pytest.mark.parametrize("charset", ["utf-16le", "utf-7", "cp037"])
def test_a_charset_in_which_ascii_is_not_itself_says_nothing_about_the_header(charset):
    body = base64.b64encode("The bins +AOQ-".encode(charset))
    found = read(
        body,
        subject="Bins +AOQ-",
        content_type=f"text/plain; charset={charset}",
        content_transfer_encoding="base64",
    )
    assert (found.subject, found.sender.address) == ("Bins +AOQ-", "mair@example.org")
    assert found.text == "The bins +AOQ-"


def test_the_header_is_in_the_first_charset_that_can_be_one_of_a_header():
    wide = part("Hello".encode("utf-16-le"), content_type="text/plain; charset=utf-16le")
    found = read(
        subject="Привет".encode("koi8-r"), **multipart(wide, part(b"", content_type="text/plain; charset=koi8-r"))
    )
    assert (found.subject, found.text) == ("Привет", "Hello")


def test_each_part_has_a_charset_of_its_own():
    mail = read(
        **multipart(
            part("één".encode("cp1252"), content_type="text/plain; charset=windows-1252"),
            part(
                base64.b64encode("dvě".encode("iso8859-2")),
                content_type="text/plain; charset=iso-8859-2",
                content_transfer_encoding="base64",
            ),
        )
    )
    assert mail.text == "één\n\ndvě"
