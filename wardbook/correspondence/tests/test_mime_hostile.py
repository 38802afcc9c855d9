"""Whatever the bytes are, there is an answer, and it takes no more of the processor than a mail may."""

import pytest

from wardbook.correspondence.mime import parse
from wardbook.correspondence.tests.mutations import limited, read_many

pytestmark = pytest.mark.any_engine

TEXT = b"From: a@b.example\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
HTML = TEXT.replace(b"plain", b"html")
MANY = 200_000
# What a quadratic reader would need minutes for, and a linear one milliseconds.
MOST_SECONDS = 5.0


def deep(count):
    levels = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(count))
    return b"Subject: x\r\n" + b"".join(levels) + b"\r\nhello\r\n"


HOSTILE = {
    "opening brackets": HTML + b"<" * 1_000_000,
    "open tags": HTML + b"<a " * MANY,
    "open values": HTML + b'<a ="' * MANY,
    "addresses in brackets": HTML + b"<x@" * MANY + b">",
    "comments": HTML + b"<!--" * MANY,
    "text areas": HTML + b"<textarea>" * MANY,
    "open elements": HTML + b"<div>" * 100_000 + b"</p></b>" * 100_000,
    "nested quotations": HTML + b"<blockquote>x" * 50_000,
    "nested lists": HTML + b"<ul><li>x" * 50_000,
    "entities": HTML + b"&amp;&#x26;&bogus" * 50_000,
    "a line of 10 MB": HTML + b"word " * 2_000_000,
    "links": HTML + b'<a href="https://example.org/">x</a>' * 100_000,
    "files that end together": TEXT + b"begin 644 a\r\n" * 50_000 + b"\r\nend\r\n",
    "files within files": TEXT + (b"begin 644 a\r\n" * 100 + b"end\r\n") * 500,
    "ten thousand parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 10_000,
    "marks of parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * MANY,
    "a boundary of dashes": b"Content-Type: multipart/mixed; boundary=-\n\n" + b"-" * 2_000_000,
    "a boundary of a megabyte": b"Content-Type: multipart/mixed; boundary=" + b"b" * 1_000_000 + b"\n\n--b\n\nx",
    "a thousand deep": deep(1_000),
    "mails in mails": b"Content-Type: message/rfc822\r\n\r\n" * 50_000,
    "headers of 5 MB": b"X-A: b\n" * 700_000 + b"\nx",
    "lines of white space": (b"X-A: b\n" + b" \n" * 19) * 50_000 + b"\nx",
    "fields between lines of white space": b"Content-A: b\n \n" * 50_000 + b"\nx",
    "long lines behind white space": b"A: b\n" + (b" \n" + b" " * 9_000 + b"x\n") * 200 + b"To: b\n\nx",
    "references": b"References: " + b"<abc@def>\n " * MANY + b"\n\nx",
    "recipients": b"To: " + b"a@b.example, " * MANY + b"\n\nx",
    "quotation marks": b"To: " + b'"' * MANY + b"\n\nx",
    "brackets in a header": b"To: " + b"<(" * MANY + b"\n\nx",
    "encoded words": b"Subject: " + b"=?utf-8?q?a?= " * MANY + b"\n\nx",
    "cut encoded words": b"From: " + b"=?utf-8?q?" * MANY + b"\n\nx",
    "a name without end": b"From: " + b"a." * MANY + b"\n\nx",
    "colons after addresses": (b"To: " + b"a@:" * 30_000 + b"\n") * 20 + b"\nx",
    "comments in a header": (b"To: " + b"(a)" * 30_000 + b"\n") * 20 + b"\nx",
    "at signs": b"From: " + b"@" * MANY + b"\n\nx",
    "parameters": b"Content-Type: text/plain; " + b"a*0=b; " * MANY + b"\n\nx",
    "quoted parameters": b'Content-Type: text/plain; a="' + b'b" ' * MANY + b";\n\nx",
    "semicolons": b"Content-Type: " + b";" * MANY + b"\n\nx",
    "spaces in a header": b"Content-Type: text/plain" + b" " * MANY + b"(x\n\nx",
    "a date of months": b"Date: " + b"Jan 1 " * MANY + b"\n\nx",
    "quoted lines": TEXT + b"> a\nb\n" * 100_000,
    "quoting signs": TEXT + b">" * 1_000_000,
    "who wrote": TEXT + b"On x wrote:\n" * 100_000,
    "who never wrote": TEXT + b"On Monday 3 May " * MANY + b"wrote",
    "headers in the text": TEXT + b"From: a\nTo: b\n" * 50_000,
    "signatures": TEXT + b"-- \nsent from my x\n" * 50_000,
    "underscores": TEXT + b"_" * 1_000_000 + b"-" * 1_000_000,
    "spaces": TEXT + b" " * 2_000_000 + b"x",
    "empty lines": TEXT + b"\n" * 2_000_000 + b"x",
    "files that never end": TEXT + b"begin 644 x\n" * 100_000,
    "base64 with rubbish": b"Content-Transfer-Encoding: base64\n\n" + b"QQ==?" * MANY,
    "a bounce of addresses": b"From: mailer-daemon@x.example\nSubject: failure notice\n\n"
    + b"5.1.1 <a@b.example>\n" * 50_000,
    "winmail of crumbs": b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\0\0" + (b"\1" + b"\0" * 10) * MANY,
    "zeros": TEXT + b"\0" * 2_000_000,
    "all bytes": bytes(range(256)) * 5_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_is_answered_in_time(name):
    with limited(MOST_SECONDS):
        found = parse(HOSTILE[name])
    assert not any(problem.startswith("unreadable") for problem in found.problems)


def test_two_thousand_mutated_mails_are_all_read():
    assert read_many(2_000, seed=3_834) == 0
