"""The real mails between citizens and authorities come in right, each one."""

import os
from pathlib import Path

import pytest

from wardbook.correspondence.mime import parse

pytestmark = pytest.mark.any_engine

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "mail"


def real(name):
    path = FOLDER / f"{name}.eml"
    if not path.exists():
        if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
            pytest.fail(f"{path} is missing")
        pytest.skip(f"{path} is not here")
    return parse(path.read_bytes())


@pytest.mark.parametrize(
    ("name", "subject", "sender", "text", "files"),
    [
        ("01", "Hanns-Seidel-Stiftung; Vg. 375-2018", "Jörg Gahl-Killen <hb@example.com>", "Ihr Angebot", 0),
        ("02", "Fwd: Informationsfreiheitsgesetz des Bundes, Antragsvordruck für Open Data",
         "Daniel Düsentrieb <abcd@me.com>", "Vorschlag für einen Vordruck", 1),
        ("03", "Öffentlicher Personennahverkehr", "IFG Anfragen <ifg-anfragen@auswaertiges-amt.de>", "Bescheid", 1),
        ("04", "mit außerschulischen Partnern", "Punkt, Peter <Peter.Punkt@MSW.NRW.DE>", "in den Anlagen", 2),
        ("05", "Ihr Anliegen vom 06.02.2013", "Reidt.A@zdf.de", "wir danken Ihnen", 0),
        ("06", "Re: Aktenpläne im Bundestag", "Datenschutz ZR 4 <datenschutz@bundestag.example.com>", "Anlage", 2),
        ("07", "Gespräch damaliger BM Steinmeier", "Datenschutz ZR 4 <datenschutz.zr4@bundestag.de>", "Bescheid", 3),
        ("08", "Ihre Anträge auf Akteneinsicht vom 3.2.2014", "Mustermann, Erika <Erika.Mustermann@example.com>",
         "ich bestätige Ihnen", 1),
        ("09", "E-Mail Empfangsbest", "no_reply@vbg.de", "Deelbögenkamp", 0),
        ("10", "Aktenzeichen: 3378-2017", "Testle <Tania.Test@example.com>", "übersende ich Ihnen", 1),
        ("11", "Broschüren... [#32154]", "Tester, Theresa <ifg@bsi.bund.de>", "übersende ich Ihnen", 1),
        ("12", "Undelivered Mail Returned to Sender", "Mail Delivery System <MAILER-DAEMON@fragdenstaat.de>",
         "could not", 1),
        ("13", "Benachrichtigung über verschlüsselte Nachricht", "peter.mueller@kreis-steinfurt.de",
         "möchte Ihnen", 1),
        ("14", "Case 1970/1234 - Acknowledgement of receipt",
         "CNECT-CAD@ec.europa.eu <automated-notifications@nomail.ec.europa.eu>", "We hereby acknowledge", 0),
        ("15", "Testsubject", "info-zentrum@baua.bund.de", "können nicht zur Verfügung", 0),
        ("16", "WG: Einrichtung Bewohnerparken", "buergermeister@duesseldorf.de", "Geltungsbereich", 1),
        ("17", "Broschüren... [#32154]", "Tester, Theresa <ifg@bsi.bund.de>", "meinen Bescheid", 1),
        ("18", "AW: Anfragenr. 123456", "Mustermann, Markus <Markus.Mustermann@stadt.example.de>", "verzögern", 0),
    ],
)  # fmt: skip
def test_a_real_mail_is_read(name, subject, sender, text, files):
    found = real(f"test_mail_{name}")
    assert subject in found.subject
    assert sender in str(found.sender)
    assert text in found.text
    assert len(found.files) == files
    assert "\ufffd" not in found.text
    assert found.reply_text.strip()


@pytest.mark.parametrize("name", ["07", "11", "17", "18"])
def test_what_they_quote_is_folded(name):
    found = real(f"test_mail_{name}")
    assert ">" not in found.reply_text
    assert found.quoted_text


def test_a_citizens_mail_is_no_machines():
    machines = {name for name in range(1, 19) if real(f"test_mail_{name:02}").is_auto_reply}
    # 5 and 9 say that they are automatic, 12 is a bounce, and nobody reads what is sent to 14.
    assert machines == {5, 9, 12, 14}


@pytest.mark.parametrize(
    ("name", "failed", "status", "original"),
    [
        ("01", "nonexistant@example.org", "5.0.0", "20151113193238.4583.84610@localhost"),
        ("02", "eschmann@izfp.fhg.de", "5.1.1", "20181031102125.27798.77752@mail.fragdenstaat.de"),
        ("03", "john.doe@t-online.de.example.com", "5.2.2", ""),
    ],
)
def test_the_bounces_are_bounces(name, failed, status, original):
    found = real(f"bounce_{name}")
    assert found.is_bounce
    assert [(one.address, one.status) for one in found.bounce.recipients] == [(failed, status)]
    assert original in found.bounce.original_message_id
    assert found.bounce.original_message_id
