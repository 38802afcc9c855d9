"""Subject, people, dates and identifiers, in the forms that mailers write."""

import itertools

import pytest

from wardbook.correspondence.mime import Address, parse
from wardbook.correspondence.mime.fields import read_value
from wardbook.correspondence.tests.mails import multipart, read

pytestmark = pytest.mark.any_engine


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe_aus?= Wales", "Grüße aus Wales"),
        ("=?UTF-8?b?VMW3?=", "Tŷ"),
        ("=?utf-8?Q?Hello World?=", "Hello World"),
        ("=?utf-8?Q?one?=\r\n =?utf-8?Q?two?=", "onetwo"),
        ("=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"),
        ("=?utf-8?B?SMO?=\r\n =?utf-8?B?kbGw=?=", "Häll"),
        ("=?utf-8?B?w7?=\r\n =?utf-8?B?w=?=", "ü"),
        ("=?UTF-8?Q?=C3?= =?UTF-8?Q?=A4?=", "ä"),
        ("=?utf-8?B?VEVTVA=?=", "TEST"),
        ("=?NONE?B?VEVTVA==?=", "TEST"),
        ('"=?utf-8?Q?Gr=C3=BC=C3=9Fe?="', '"Grüße"'),
        ("=?iso-8859-1?Q?Antrag;\r\n _F=F6rderung?=", "Antrag; Förderung"),
        ("=?utf-8?Q?cut_off_her", "cut off her"),
        ("=?utf-8?X?nothing?=", "=?utf-8?X?nothing?="),
        ("=?utf-8*cy?Q?Bore_da?=", "Bore da"),
        (b"Gr\xfc\xdfe", "Grüße"),
        ("folded\r\n\tsubject", "folded subject"),
        ("", ""),
    ],
)
def test_a_subject_is_read(written, meant):
    assert read(subject=written).subject == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('"Evans, Mair" <mair@example.org>', "Evans, Mair <mair@example.org>"),
        ("Evans, Mair <mair@example.org>", "Evans, Mair <mair@example.org>"),
        ("mair@example.org (Mair Evans)", "Mair Evans <mair@example.org>"),
        ("=?utf-8?Q?M=C3=A1ire=2C_?= <m@example.org>", "Máire, <m@example.org>"),
        ('"=?utf-8?Q?M=C3=A1ire?=" <m@example.org>', "Máire <m@example.org>"),
        ("'mair@example.org' <mair@example.org>", "mair@example.org"),
        ("Mair <mair@example.org", "Mair <mair@example.org>"),
        ('"Mair <mair@example.org>', "Mair <mair@example.org>"),
        ("Mair Evans mair@example.org", "Mair Evans <mair@example.org>"),
        ("Mair <mailto:mair@example.org>", "Mair <mair@example.org>"),
        ("Mair [mair@example.org]", "Mair <mair@example.org>"),
        ("=?utf-8?Q?M=C3=A1ire_<m@example.org>?=", "Máire <m@example.org>"),
        ('"Mair \\"Mae\\" Evans" <mair@example.org>', 'Mair "Mae" Evans <mair@example.org>'),
        ("Team: mair@example.org, ann@example.org;", "mair@example.org"),
        ("<@relay.example:mair@example.org>", "mair@example.org"),
        ("MAILER-DAEMON", "MAILER-DAEMON"),
        ("=?utf-8?b?YXR0YWNrZXJAZXhhbXBsZS5vcmc=?=", None),
        ("=?utf-8?q?=40attacker.example?=@council.example", None),
        ("<=?utf-8?q?a=40attacker.example?=@council.example>", None),
        ("undisclosed-recipients:;", None),
        ('"Reply to fake@example.net" real@example.org', "Reply to fake@example.net <real@example.org>"),
        ('real@example.org "fake@example.net"', "fake@example.net <real@example.org>"),
        ('"fake@example.net, the Clerk" real@example.org', "fake@example.net, the Clerk <real@example.org>"),
        ('Team: "fake@example.net" real@example.org;', "fake@example.net <real@example.org>"),
        ('"fake@example.net" the Clerk', None),
        ('"fake@example.net" <>', None),
        ("fake@example.net <real@example.org>", "fake@example.net <real@example.org>"),
        ("(fake@example.net) real@example.org", "fake@example.net <real@example.org>"),
        ("=?utf-8?q?fake=40example.net?= <real@example.org>", "fake@example.net <real@example.org>"),
        ("=?utf-8?q?fake@example.net?= real@example.org", "fake@example.net <real@example.org>"),
        ("=?utf-8?q?A_<fake@example.net>?= real@example.org", "A <fake@example.net <real@example.org>"),
        ('"mair@example.org"', "mair@example.org"),
        ('"mair evans"@example.org', '"mair evans"@example.org'),
        ('Mair <"mair evans"@example.org>', 'Mair <"mair evans"@example.org>'),
        ('"fake@example.net"@example.org', '"fake@example.net"@example.org'),
        ("Mair <mair evans@example.org>", "Mair <mair evans@example.org>"),
        ("Mair <mair @ example . org>", "Mair <mair@example.org>"),
        ("Mair <mair@exam(ple).\r\n org>", "Mair <mair@exam.org>"),
        ("mair@example . org", "mair@example.org"),
        ("mair@example.org . Mair", ". Mair <mair@example.org>"),
        ("mair@[192.0.2.1]", "mair@[192.0.2.1]"),
        ("Mair mair@[IPv6:2001:db8::1]", "Mair <mair@[IPv6:2001:db8::1]>"),
        ("Mair <mair@example.org>Accept-Language: cy", "Mair <mair@example.org>"),
        ("<mair@example.org> Mair", "Mair <mair@example.org>"),
        ("Ward: Team: mair@example.org;;", "mair@example.org"),
        ("=?utf-8?q?OOO_=22Romashka=22?= <mair@example.org>", 'OOO "Romashka" <mair@example.org>'),
        ('"Mair \\"Bin\\" Evans" <mair@example.org>', 'Mair "Bin" Evans <mair@example.org>'),
        ("=?utf-8?q?=22=22Romashka=22_OOO=22?= <mair@example.org>", '"Romashka" OOO <mair@example.org>'),
        ("=?utf-8?q?=22Mair_Evans=22?= <mair@example.org>", "Mair Evans <mair@example.org>"),
        ("=?utf-8?q?=22Mair_Evans?= <mair@example.org>", "Mair Evans <mair@example.org>"),
        ("Mair <mair(of (the) Ward)@example.org>", "Mair <mair@example.org>"),
        ("Mair <mair@example.org.>", "Mair <mair@example.org>"),
        ("Mair [mailto:mair@example.org]", "Mair <mair@example.org>"),
        ("Mair <mair@example.org<mailto:mair@example.org>>", "Mair <mair@example.org>"),
        ("Mair <mair@example.org,ann@example.org>", "Mair <mair@example.org>"),
        ("mair@example.org ann@example.org", "mair@example.org"),
        ("Mair <mailto:mailto:mair@example.org>", "Mair <mair@example.org>"),
        ("Nobody at all", None),
        ("Postmaster <>", None),
        ("", None),
    ],
)
def test_a_sender_is_one_mailbox_or_none(written, meant):
    sender = read(from_=written).sender
    assert (str(sender) if sender else None) == meant


def test_a_name_that_looks_like_an_address_is_only_a_name():
    sender = read(from_='"councillor@glanmor.example" <stranger@example.net>').sender
    assert sender == Address("councillor@glanmor.example", "stranger@example.net")


def test_a_list_that_was_encoded_as_a_whole_is_a_list():
    found = read(to="=?utf-8?q?Ann_<a@example.org>,_Bob_<b@example.org>?=, c@example.org").to
    assert [str(one) for one in found] == ["Ann <a@example.org>", "Bob <b@example.org>", "c@example.org"]


def test_names_go_with_the_address_behind_them_where_commas_are_missing():
    found = read(to="Ann <ann@example.org> Bob <bob@example.org> (Eve) <eve@example.org>").to
    meant = ["Ann <ann@example.org>", "Bob <bob@example.org>", "Eve <eve@example.org>"]
    assert [str(one) for one in found] == meant


@pytest.mark.parametrize("written", ["<{}, {}>", "{} {}", "<{}> <{}>", "mailto:{};{}", "{}, <{}; {}>"])
def test_addresses_whose_comma_is_missing_or_misplaced_are_all_read(written):
    meant = [f"{name}@example.org" for name in ("ann", "bob", "eve")[: written.count("{}")]]
    assert [str(one) for one in read(to=written.format(*meant)).to] == meant


LOOK_ALIKES = (
    '"fake@example.net"',
    '"Reply to <fake@example.net>, please"',
    '"a\\" <fake@example.net>"',
    "(fake@example.net)",
    '("<fake@example.net>" \\) fake@example.net)',
    "=?utf-8?q?fake=40example.net?=",
    "=?utf-8?q?fake@example.net?=",
    "=?utf-8?q?<fake@example.net>?=",
    '"=?utf-8?q?A_<fake=40example.net>?="',
    "=?utf-8?b?ZmFrZUBleGFtcGxlLm5ldA==?=",
    "Mair",
)


@pytest.mark.parametrize("real", ["real@example.org", "<real@example.org>"])
def test_whatever_stands_beside_it_the_sender_is_the_address_that_stands_open(real):
    for one, other in itertools.product(LOOK_ALIKES, repeat=2):
        for written in (f"{one} {other} {real}", f"{one} {real} {other}", f"Team: {one} {other} {real};"):
            assert read(from_=written).sender.address == "real@example.org", written


def test_signs_that_turn_the_reading_direction_are_no_part_of_a_name():
    assert read(from_="Ma\u202eir <mair@example.org>").sender.name == "Mair"


def test_of_several_senders_the_first_is_taken_and_that_is_said():
    for headers in (
        {"from_": "a@example.org, b@example.org"},
        {"from_": ["a@example.org", "b@example.org"]},
    ):
        mail = read(**headers)
        assert mail.sender.address == "a@example.org"
        assert "several senders" in mail.problems


def test_without_from_the_sender_is_who_sent_it():
    assert read(from_=None, sender="Clerk <clerk@example.org>").sender.address == "clerk@example.org"
    nobody = read(from_=None)
    assert nobody.sender is None
    assert "no sender" in nobody.problems


def test_recipients_come_in_order_from_every_field_of_that_name():
    mail = read(to=["a@example.org, Ann <b@example.org>", "c@example.org"], cc=", d@example.org,,")
    assert [str(one) for one in mail.to] == ["a@example.org", "Ann <b@example.org>", "c@example.org"]
    assert [str(one) for one in mail.cc] == ["d@example.org"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Mon, 5 Jul 2010 07:54:40 +0200", "2010-07-05T07:54:40+02:00"),
        ("Mo, 05 Juli 2010 07:54:40 +0200 (CEST)", "2010-07-05T07:54:40+02:00"),
        ("5 Jul 10 07:54 GMT", "2010-07-05T07:54:00+00:00"),
        ("2010-07-05T07:54:40Z", "2010-07-05T07:54:40+00:00"),
        ("2010-07-05 07:54:40 +0200", "2010-07-05T07:54:40+02:00"),
        ("Mon Jul  5 07:54:40 2010", "2010-07-05T07:54:40+00:00"),
        ("Wednesday, April 03, 2002 5:56 PM", "2002-04-03T17:56:00+00:00"),
        ("Mon, 5 Jul 2010 07.54.40 +0200", "2010-07-05T07:54:40+02:00"),
        ("Mon, 05 Jul 2010 07:54:40 GMT+0200", "2010-07-05T07:54:40+02:00"),
        ("Mon, 5 Jul 2010 07:54:40 BST", "2010-07-05T07:54:40+01:00"),
        ("Fri, 1 Jan 2016 10:00:00 +9999", "2016-01-01T10:00:00+00:00"),
        ("5 Gorffennaf 2010 07:54", "2010-07-05T07:54:00+00:00"),
        ("05/07/2010 07:54", "2010-07-05T07:54:00+00:00"),
        ("Mon, 5 Jul 2010 07(hours):\r\n 54 : 40 +0200", "2010-07-05T07:54:40+02:00"),
        ("Mon, 5 Jul 2010 07:54:40 GMT+2", "2010-07-05T07:54:40+02:00"),
        ("Mon, 5 Jul 2010 07:54:40 -3", "2010-07-05T07:54:40-03:00"),
        ("Mon, 5 Jul 2010 07:54:40 NST", "2010-07-05T07:54:40-03:30"),
        ("05.07.2010 07:54", "2010-07-05T07:54:00+00:00"),
        ("2010-07-05", "2010-07-05T00:00:00+00:00"),
        ("0001-01-01T00:00:00Z", None),
        ("Mon, 01 Jan 0001 00:00:00 +0000", None),
        ("Mon, 5 Jul 110 07:54:40 +0200", "2010-07-05T07:54:40+02:00"),
        ("2010 Jul 5 07:54:40 +0200", "2010-07-05T07:54:40+02:00"),
        ("Mon, 5 Jul 2010 07:54:40 AM KST", "2010-07-05T07:54:40+09:00"),
        ("Tue, 30 Feb 2010 10:00:00 +0000", None),
        ("Mon, 5 Jul 2010 25:54:40 +0200", None),
        ("yesterday", None),
    ],
)
def test_a_date_is_a_moment_or_nothing(written, meant):
    date = read(date=written).date
    assert (date.isoformat() if date else None) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("<a@x> <b@x>\r\n <c@x>", ("a@x", "b@x", "c@x")),
        ("<a@x>,<b@x>;<a@x>", ("a@x", "b@x")),
        ("<long-\r\n id@x>", ("long-id@x",)),
        ("a@x b@x", ("a@x", "b@x")),
        ('Your message of "Mon, 5 Jul" <a@x>', ("a@x",)),
        ("=?utf-8?Q?=3Ca=40x=3E?=", ("a@x",)),
        ("", ()),
    ],
)
def test_references_are_all_identifiers_in_order(written, meant):
    assert read(references=written).references == meant


def test_a_reply_names_its_parent():
    mail = read(message_id="<child@x>", in_reply_to="<parent@x> (Mair's message of Monday)", thread_index="Ac\r\n s=")
    assert (mail.message_id, mail.in_reply_to, mail.thread_index) == ("child@x", "parent@x", "Acs=")


@pytest.mark.parametrize(
    ("written", "value", "name"),
    [
        ('attachment; filename="plan.pdf"', "attachment", "plan.pdf"),
        ("attachment; filename=plan of ward.pdf", "attachment", "plan of ward.pdf"),
        ("attachment; filename*=UTF-8''T%C5%B7.pdf", "attachment", "Tŷ.pdf"),
        ("attachment; filename*0*=utf-8''T%C5; filename*1*=%B7; filename*2=.pdf", "attachment", "Tŷ.pdf"),
        ('attachment; filename*0="a"; filename*1="b.pdf"', "attachment", "ab.pdf"),
        ('attachment; filename="a "quoted" name.pdf"', "attachment", 'a "quoted" name.pdf'),
        ('Attachment (a note) ; FILENAME="x.pdf"', "attachment", "x.pdf"),
        ('attachment; filename="a;b.pdf"; size=3', "attachment", "a;b.pdf"),
        ("attachment; filename*0*=utf-8''T%C5%; filename*1*=B7.pdf", "attachment", "Tŷ.pdf"),
        ("attachment; filename*0*=utf-8''T%C5%B7; filename*1*=utf-8''.pdf", "attachment", "Tŷ.pdf"),
        ("attachment; filename*0*=utf-8''a; filename*1=it''s.pdf", "attachment", "ait''s.pdf"),
        ("attachment; filename*=utf-8'T%C5%B7.pdf", "attachment", "Tŷ.pdf"),
        ("attachment; filename*=Mair's%20plan.pdf", "attachment", "Mair's plan.pdf"),
        ("attachment; filename*=utf-8''one.pdf; filename*0=two; filename*1=.pdf", "attachment", "one.pdf"),
        ("attachment; filename*0=one; filename*1=.pdf; filename*0=two", "attachment", "one.pdf"),
        ("attachment; filename=one.pdf; filename*1=two", "attachment", "one.pdf"),
        ('attachment; filename="Mair\\\'s plan.pdf"', "attachment", "Mair's plan.pdf"),
        ('application/ pdf filename="plan.pdf"', "application/pdf", "plan.pdf"),
        ('attachment; (a note) filename="plan.pdf" (another)', "attachment", "plan.pdf"),
        ("attachment; filename=plan (1).pdf", "attachment", "plan (1).pdf"),
        ("application/pdf\r\n filename=plan of ward.pdf\r\n size=3", "application/pdf", "plan of ward.pdf"),
    ],
)
def test_parameters_of_a_header(written, value, name):
    found, parameters = read_value(written)
    assert (found, parameters.get("filename")) == (value, name)


def test_a_header_without_the_empty_line_loses_neither_field_nor_text():
    mail = read(body=b"", subject="Bins\r\nThis line is no header. And the text begins.\r\nSecond line")
    assert mail.subject == "Bins"
    assert "Second line" in mail.text
    assert "This line is no header" in mail.text


def test_rubbish_between_fields_costs_only_itself():
    assert read(subject="Bins\r\nquite Delivered-To x\r\nDate: Mon, 5 Jul 2010 07:54:40 +0200").date is not None


@pytest.mark.parametrize(
    "fold", [b" \r\n", b"\t\r\n \r\n", b" \r\n =?utf-8?Q?of?=\r\n\tLlan\r\n", b" \r\n \r\n of Llan\r\n"]
)
def test_a_line_of_white_space_within_the_header_is_a_fold(fold):
    raw = b"From: mair@example.org\r\nSubject: Bins\r\n" + fold + b"To: office@glanmor.example\r\n\r\nHello\r\n"
    found = parse(raw)
    assert (found.subject.startswith("Bins"), len(found.to), found.text) == (True, 1, "Hello")
    assert "of Llan" in found.subject or b"Llan" not in fold
    assert "header" in found.problems


@pytest.mark.parametrize(
    "text",
    [
        b"Hello\r\n",
        b" Hello\r\nthere\r\nTo: you\r\n",
        b"\r\nTo: you\r\n",
        b"Note: this is the text\r\n",
        b"https://example.org/x: look\r\n",
        b" line\r\n" * 30 + b"To: you\r\n",
        b" \r\n" * 30 + b"To: you\r\n",
    ],
)
def test_a_line_of_white_space_before_the_text_ends_the_header(text):
    found = parse(b"From: mair@example.org\r\nSubject: Bins\r\n \r\n" + text)
    assert (found.subject, found.to) == ("Bins", ())
    assert found.text.split() == text.decode().split()


def test_the_header_of_a_part_does_not_go_on_with_fields_of_mails():
    fold = b"Content-Type: text/plain\r\n \r\n"
    found = read(**multipart(fold + b"To: the Clerk\r\n\r\nHello", fold + b"Content-Id: <a@x>\r\n\r\nagain"))
    assert found.text == "To: the Clerk\n\nHello\n\nagain"


def test_what_stands_below_a_doubtful_line_outweighs_nothing_above_it_and_vouches_for_nobody():
    above = b"From: mair@example.org\r\nMessage-ID: <a@x>\r\nSubject: Bins\r\n \r\n"
    verdict = b"Authentication-Results: mx.glanmor.example; dmarc=pass\r\n"
    below = b"Subject: Roads\r\n" + verdict + b"From: clerk@glanmor.example\r\nMessage-ID: <b@x>\r\n\r\nHello"
    found = parse(above + below)
    assert (found.sender.address, found.message_id, found.subject) == ("mair@example.org", "a@x", "Bins")
    assert "several senders" in found.problems
    assert found.authentication_results == ()
    assert len(parse(verdict + above + below).authentication_results) == 1


def test_a_header_that_begins_with_a_space_is_a_header():
    found = parse(b" Subject: Bins\r\nFrom: mair@example.org\r\n\r\nHello")
    assert (found.subject, found.sender.address, found.text) == ("Bins", "mair@example.org", "Hello")
    assert parse(b" Dear all: the bins\r\nTo be emptied").text == " Dear all: the bins\nTo be emptied"


def test_parameters_on_a_line_of_their_own_belong_to_the_type_of_the_part():
    plan = b'Content-Type: application/pdf;\r\nname="plan.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\nQUFB'
    words = (
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: 8bit\r\ncharset=iso-8859-2\r\n\r\nma\xb3o\r\nname=x"
    )
    found = read(**multipart(words, plan))
    assert (found.text, found.files[0].name, found.files[0].size) == ("mało\nname=x", "plan.pdf", 3)


def test_an_address_that_was_broken_over_a_line_is_joined():
    raw = b"From: mair@example.org\r\nCc: Ann <a@x.example>, Bob <bob@\r\nexample.org>\r\nSubject: Bins\r\n\r\nHello"
    found = parse(raw)
    assert ([one.address for one in found.cc], found.subject) == (["a@x.example", "bob@example.org"], "Bins")
    whole = parse(b"From: mair@example.org\r\nCc: <a@x.example>\r\nexample.org> Hello")
    assert (whole.cc[0].address, whole.text) == ("a@x.example", "example.org> Hello")


def test_rubbish_before_a_folded_rest_costs_only_itself():
    raw = b"To: Mair\r\n__\r\n  <mair@example.org>\r\nSubject: Bins\r\n\r\nHello"
    found = parse(raw)
    assert (str(found.to[0]), found.subject, found.text) == ("Mair <mair@example.org>", "Bins", "Hello")


def test_line_ends_of_any_kind():
    raw = b"From: mair@example.org\nSubject: Bins\n\nHello\nagain\n"
    for end in (b"\n", b"\r\n", b"\r", b"\r\r\n"):
        mail = parse(raw.replace(b"\n", end))
        assert (mail.subject, mail.text) == ("Bins", "Hello\nagain")
