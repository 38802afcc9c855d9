"""Machines are told from people, and a bounce says whom it is about."""

import pytest

from wardbook.correspondence.tests.mails import mail, multipart, part, read

pytestmark = pytest.mark.any_engine


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, ""),
        ({"auto_submitted": "no"}, ""),
        ({"auto_submitted": "auto-replied"}, "auto-reply"),
        ({"auto_submitted": "auto-generated; owner=x"}, "auto-reply"),
        ({"x_auto_response_suppress": "All"}, "auto-reply"),
        ({"x_auto_response_suppress": "DR, RN, NRN, OOF, AutoReply"}, ""),
        ({"x_autoreply": "yes"}, "auto-reply"),
        ({"x_autorespond": "Away"}, "auto-reply"),
        ({"precedence": "auto_reply"}, "auto-reply"),
        ({"x_loop": "yes"}, "auto-reply"),
        ({"x_auto_reply_from": "mair@example.org"}, "auto-reply"),
        ({"x_auto_submitted": "auto-replied"}, "auto-reply"),
        ({"autoresponder": ""}, "auto-reply"),
        ({"auto_generated": "true"}, "auto-reply"),
        ({"x_auto_submitted": "no; really"}, ""),
        ({"x_autoreply": "No"}, ""),
        ({"x_auto_response_suppress": "OOF, AutoReply"}, ""),
        ({"x_automobile": "yes"}, ""),
        ({"x_precedence": "bulk"}, "bulk"),
        ({"x_precedence": "junk"}, "bulk"),
        ({"x_precedence": "list"}, "list"),
        ({"x_precedence": "auto-reply"}, "auto-reply"),
        ({"x_precedence": "first-class"}, ""),
        ({"precedence": "bulk"}, "bulk"),
        ({"precedence": "junk"}, "bulk"),
        ({"precedence": "list"}, "list"),
        ({"precedence": "normal"}, ""),
        ({"list_id": "Residents <residents.example.org>"}, "list"),
        ({"list_unsubscribe": "<mailto:leave@example.org>"}, "bulk"),
        ({"return_path": "<residents-bounces@lists.example.org>"}, "list"),
        ({"return_path": "<>"}, "auto-reply"),
        ({"return_path": "<mair@example.org>"}, ""),
        ({"from_": "MAILER-DAEMON@example.org"}, "bounce"),
        ({"from_": "MAILER-DAEMON@example.org", "subject": "メールエラー通知"}, "bounce"),
        ({"return_path": "<>", "subject": "メールエラー通知"}, "bounce"),
        ({"subject": "Re: メールエラー通知"}, ""),
        ({"from_": "Postmaster\\@example.org@relay.example", "subject": "Mail Delivery Warning"}, "bounce"),
        ({"from_": "noreply@example.org"}, "bulk"),
        ({"from_": "Do Not Reply <council-do-not-reply@example.org>"}, "bulk"),
        ({"from_": "automated-notifications@example.org"}, "bulk"),
        ({"from_": "council@nomail.example.org"}, "bulk"),
        ({"from_": "automatedoors@example.org"}, ""),
        ({"from_": "mair@nomailers.example.org"}, ""),
        ({"from_": "info@example.org"}, ""),
        ({"from_": "postbox@example.org"}, ""),
        ({"from_": "noreen@example.org"}, ""),
        ({"subject": "Out of office: Bins"}, "auto-reply"),
        ({"subject": "Automatic reply: Bins"}, "auto-reply"),
        ({"subject": "I am out of the office until Monday"}, "auto-reply"),
        ({"subject": "Mair Rees is out of the office"}, "auto-reply"),
        ({"subject": "Ateb awtomatig: Biniau"}, "auto-reply"),
        ({"subject": "Freagra uathoibríoch: Boscaí"}, "auto-reply"),
        ({"subject": "Automatische Antwort: Tonnen"}, "auto-reply"),
        ({"subject": "[AUTO GENERATED] Your request"}, "auto-reply"),
        ({"subject": "Auto-generated: Your request"}, "auto-reply"),
        ({"subject": "[Auto Reply] Bins"}, "auto-reply"),
        ({"subject": "Automated message: Bins"}, "auto-reply"),
        ({"subject": "[Bins] Automatic reply: Bins"}, "auto-reply"),
        ({"subject": "AUTO: Mair Rees is away (returning 3 May)"}, "auto-reply"),
        ({"subject": "Auto: Re: Bins"}, "auto-reply"),
        ({"subject": "[Auto] parked on my drive"}, ""),
        ({"subject": "Automatic doors broken"}, ""),
        ({"subject": "Auto repair shop noise"}, ""),
        ({"subject": "Automated messages from the council are rude"}, ""),
        ({"subject": "Auto-generated letters are rude"}, ""),
        ({"subject": "Abwesenheitsnotiz"}, "auto-reply"),
        ({"subject": "[Automatyczna odpowiedź] Pojemniki"}, "auto-reply"),
        ({"subject": "(Auto-Reply) Bins"}, "auto-reply"),
        ({"subject": "*** Automatic reply ***"}, "auto-reply"),
        ({"subject": "I'm on leave until 3 June"}, "auto-reply"),
        ({"subject": "On annual leave"}, "auto-reply"),
        ({"subject": "Rwyf ar wyliau tan ddydd Llun"}, ""),
        ({"subject": "Neges awtomatig: Biniau"}, "auto-reply"),
        ({"subject": "As an oifig: Boscaí"}, "auto-reply"),
        ({"subject": "En congés : Poubelles"}, "auto-reply"),
        ({"subject": "Ik ben afwezig"}, "auto-reply"),
        ({"subject": "Frånvarande: Soptunnor"}, "auto-reply"),
        ({"subject": "자동 회신: 쓰레기통"}, "auto-reply"),
        ({"subject": "On holiday lets in our street"}, ""),
        ({"subject": "On leave to remain"}, ""),
        ({"subject": "Absence of street lights"}, ""),
        ({"subject": "Annual leave policy of the council"}, ""),
        ({"subject": "Re: Automatic reply: Bins"}, ""),
        ({"x_ms_exchange_inbox_rules_loop": "mair@example.org", "from_": "Mair <mair@example.org>"}, "auto-reply"),
        ({"x_ms_exchange_inbox_rules_loop": "cllr@council.example", "from_": "Mair <mair@example.org>"}, ""),
        ({"x_ms_exchange_generated_message_source": "Mailbox Rules Agent"}, "auto-reply"),
        ({"x_otrs_loop": "yes"}, "auto-reply"),
        ({"x_freescout_mail_type": "auto.reply"}, "auto-reply"),
        ({"x_freescout_mail_type": "customer.message"}, ""),
        ({"subject": "Réponse automatique : Poubelles"}, "auto-reply"),
        ({"subject": "Respuesta automática: Basura"}, "auto-reply"),
        ({"subject": "Re: Out of office hours of the library"}, ""),
        ({"subject": "The council is out of office space"}, ""),
        ({"subject": "Re: Undelivered bins"}, ""),
        ({"subject": "Auto theft in my street"}, ""),
        ({"subject": "Delivery of the new bins"}, ""),
    ],
)
def test_machines_are_told_from_people(headers, kind):
    found = read(**headers)
    assert found.auto_kind == kind
    assert found.is_auto_reply == (kind != "")
    assert found.is_bounce == (kind == "bounce")


def test_a_person_whose_system_wants_no_answer_is_a_person():
    found = read(x_auto_response_suppress="DR, RN, NRN, OOF, AutoReply")
    assert (found.is_auto_reply, found.wants_no_answer) == (False, True)
    assert read().wants_no_answer is False


def test_a_list_is_a_list_even_where_something_stronger_is_said():
    assert read(list_id="<a.b>", auto_submitted="auto-replied").is_list


RETURNED = mail("Our letter", from_="office@glanmor.example", message_id="<ours@glanmor.example>")


def report(status, kind="delivery-status", returned=RETURNED):
    made = multipart(
        part("Your message could not be delivered."),
        part(status, content_type="message/delivery-status"),
        part(returned, content_type="message/rfc822"),
        kind="report",
    )
    return {**made, "content_type": f'multipart/report; report-type={kind}; boundary="edge"'}


def test_a_report_names_who_was_not_reached_and_which_mail_it_was():
    status = (
        "Reporting-MTA: dns; mx.example.org\r\n\r\n"
        "Final-Recipient: rfc822; ann@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such\r\n user\r\n\r\n"
        "Final-Recipient: rfc822; bob@example.org\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n"
        "Final-Recipient: rfc822; eve@example.org\r\nAction: delivered\r\nStatus: 2.0.0\r\n"
    )
    found = read(**report(status), from_="postmaster@example.org")
    assert found.is_bounce
    assert [(one.address, one.status, one.diagnostic, one.permanent) for one in found.bounce.recipients] == [
        ("ann@example.org", "5.1.1", "550 5.1.1 no such user", True),
        ("bob@example.org", "4.4.1", "", False),
    ]
    assert found.bounce.original_message_id == "ours@glanmor.example"
    assert found.bounce.permanent


def test_a_report_that_all_went_well_is_a_receipt():
    status = "Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; ann@example.org\r\nAction: delivered\r\n"
    assert read(**report(status)).auto_kind == "receipt"


def test_a_receipt_of_reading_is_a_receipt():
    made = multipart(
        part("Read."), part("Disposition: x", content_type="message/disposition-notification"), kind="report"
    )
    made["content_type"] = 'multipart/report; report-type=disposition-notification; boundary="edge"'
    assert read(**made).auto_kind == "receipt"


QMAIL = """Hi. This is the qmail-send program at mx.example.org.

<ann@example.org>:
Sorry, no mailbox. (#5.1.1)

--- Below this line is a copy of the message.

Message-ID: <ours@glanmor.example>
To: <other@example.org>
"""
EXIM = """This message was created automatically by mail delivery software.

The following address(es) failed:

  ann@example.org
    550 Unknown user

Message-ID: <ours@glanmor.example>
"""
EXCHANGE = """Your message

  To: list@example.org

did not reach the following recipient(s):

ann@example.org on Monday
    The recipient name is not recognized

Message-ID: <ours@glanmor.example>
"""


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"subject": "failure notice"}, QMAIL, "5.1.1"),
        ({"subject": "Mail delivery failed: returning message to sender"}, EXIM, "5.0.0"),
        ({"subject": "Undeliverable: Bins", "from_": "System Administrator <postmaster@example.org>"}, EXCHANGE, ""),
        (
            {"subject": "Mail delivery failed", "x_failed_recipients": "ann@example.org"},
            "550 5.2.2 mailbox full\n\nMessage-ID: <ours@glanmor.example>\n",
            "5.2.2",
        ),
    ],
)
def test_bounces_in_words(headers, body, status):
    found = read(body, **{"from_": "MAILER-DAEMON@mx.example.org", **headers})
    assert [(one.address, one.status) for one in found.bounce.recipients] == [("ann@example.org", status)]
    assert found.bounce.original_message_id == "ours@glanmor.example"


@pytest.mark.parametrize(
    "subject",
    [
        "Methwyd â danfon: Biniau",
        "Não é possível entregar: Lixo",
        "Niedostarczalne: Pojemniki",
        "Messaggio non recapitabile: Rifiuti",
        "Olevererbart: Soptunnor",
        "Ei voi toimittaa: Roskat",
        "Kézbesíthetetlen: Kuka",
        "Не удается доставить: Мусор",
        "无法投递: 垃圾桶",
    ],
)
def test_bounces_in_other_languages(subject):
    assert read("x", subject=subject, from_="postmaster@example.org").is_bounce
    assert not read("Dear Councillor", subject=f"Re: {subject}", from_="mair@example.org").is_bounce


def test_a_warning_of_delay_is_not_for_ever():
    found = read(
        "Your message to <ann@example.org> has not yet been delivered. We will keep trying.",
        from_="mailer-daemon@example.org",
        subject="Warning: message delayed 4 hours",
    )
    assert found.is_bounce
    assert not found.bounce.permanent


def test_a_person_who_writes_about_a_bounce_is_a_person():
    found = read(
        "I got this:\n\n> The following address failed: ann@example.org\n> 550 user unknown",
        subject="Re: Undelivered Mail Returned to Sender",
        in_reply_to="<x@y>",
    )
    assert found.auto_kind == ""
