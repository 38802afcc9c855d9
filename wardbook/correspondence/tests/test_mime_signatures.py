"""Signatures and footers are folded; what a person wrote never is."""

import pytest

from wardbook.correspondence.mime.quotes import split
from wardbook.correspondence.tests.mails import multipart, part, read

pytestmark = pytest.mark.any_engine

MARKED = [
    '<div class="gmail_signature" data-smartmail="gmail_signature">Mair Evans<div>Head of Bins</div></div>',
    '<span class="gmail_signature_prefix">-- </span><br><div class="gmail_signature">Mair Evans<br>Head</div>',
    '<div class="x_gmail_signature">Mair Evans<br>Head of Bins</div>',
    '<pre class="moz-signature">Mair Evans\nHead of Bins</pre>',
    '<div class="protonmail_signature_block"><div class="protonmail_signature_block-user">Mair Evans</div></div>',
    '<div class="front-signature">Mair Evans<br>Head of Bins</div>',
    '<div id="cm_signature" class="cm_signature">Mair Evans<br>Head of Bins</div>',
    '<div id="Signature"><p>Mair Evans</p><p>Head of Bins</p></div>',
    '<div id="x_Signature"><p>Mair Evans</p><p>Head of Bins</p></div>',
    '<div id="AppleMailSignature" dir="ltr">Mair Evans<div>Head of Bins</div></div>',
    '<div id="ms-outlook-mobile-signature">Mair Evans<br> <a href="https://aka.ms/o">Get Outlook for iOS</a></div>',
    '<div name="messageSignatureSection"><br><div>Mair Evans</div></div>',
    '<div data-marker="__SIG_POST__"><div>Mair Evans</div></div>',
    '<div class="ydp1a2b3c4dsignature">Mair Evans</div>',
    '<div id="composer_signature">Mair Evans</div>',
    '<span class="moz-signature">Mair Evans</span><br>',
    '<div id="Signature">Mair Evans<br>Tel. 01248 000000<p>This email is confidential.</p></div>',
]


def html(body):
    return read(f"<html><body>{body}</body></html>", content_type="text/html; charset=utf-8")


@pytest.mark.parametrize("marked", MARKED)
def test_html_marks_the_signature(marked):
    found = html(f"<p>New words, the first.</p><p>The second.</p>{marked}")
    assert found.reply_text == found.reply_alone == "New words, the first.\n\nThe second."
    assert "Mair Evans" in found.signature


@pytest.mark.parametrize("marked", MARKED)
def test_the_marked_signature_stands_above_the_past(marked):
    past = '<div class="gmail_quote">On 1 July, Office wrote:<blockquote type="cite">Old words.</blockquote></div>'
    found = html(f"<p>New words.</p>{marked}{past}")
    assert found.reply_text == "New words."
    assert "Mair Evans" in found.signature
    assert "Old words." in found.quoted_text


@pytest.mark.parametrize(
    "text",
    [
        "New words.\r\n\r\nMair Evans\r\nHead of Bins, Glanmor County\r\nCouncil <https://glanmor.example/x>\r\n",
        "New words.\r\n\r\n*Mair Evans*\r\nHead of Bins, Glanmor County Council\r\n\r\nSent from my iPhone\r\n",
        (
            "New words.\r\n\r\nMair Evans\r\n[cid:logo.png]\r\nHead of Bins, Glanmor County Council\r\n\r\n"
            "On 1 Jul 2024, Office <o@x.example> wrote:\r\n> Old words.\r\n"
        ),
    ],
)
def test_the_text_beside_marked_html_loses_its_signature_too(text):
    page = (
        '<p>New words.</p><div id="Signature">Mair Evans<br><img alt="logo"><br>Head of Bins, '
        '<a href="https://glanmor.example/x">Glanmor County Council</a></div>'
    )
    found = read(**multipart(part(text), part(page, content_type="text/html"), kind="alternative"))
    assert found.reply_text == "New words."
    assert "Council" in found.signature


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        # Only a signature
        ('<div class="gmail_signature">Mair Evans<br>Head of Bins</div>', "Mair Evans\nHead of Bins"),
        # Written below it, and in it, above and below
        ('<p>One.</p><div id="Signature">Mair Evans</div><p>And the lamp is out.</p>', "And the lamp is out."),
        (
            '<p>One.</p><div id="AppleMailSignature">The lamp is out too.<br>Sent from my iPhone</div>',
            "The lamp is out",
        ),
        ('<p>One.</p><div class="gmail_signature">Mair Evans<br><br>Could you call me?</div>', "Could you call me?"),
        ('<p>One.</p><div id="Signature">Dear Councillor,<br>the bins</div>', "Dear Councillor,"),
        # One line of a template may be a sentence, but no question; elsewhere neither
        ('<p>One.</p><div class="gmail_signature">Will you call?</div>', "Will you call?"),
        ('<p>One.</p><div id="Signature">The lamp is out.</div>', "The lamp is out."),
        # Named, not marked
        ('<p>One.</p><div class="signature-needed">Please sign here</div>', "Please sign here"),
        # The name that was typed above the block of the same name
        ('<p>One.</p><p>Mair</p><div>-- <br></div><div class="gmail_signature">Mair<br>Head</div>', "One.\n\nMair"),
    ],
)
def test_what_a_person_wrote_in_or_below_a_marked_signature_stays(page, kept):
    assert kept in html(page).reply_text


def test_a_motto_is_a_signature():
    found = html('<p>One.</p><div class="gmail_signature"><i>Every drop counts!</i></div>')
    assert (found.reply_text, found.signature) == ("One.", "Every drop counts!")


def test_a_mark_around_the_whole_mail_is_not_believed():
    found = html(
        '<div id="AppleMailSignature">Mair<div>On 1 Jul 2024, at 10:00, Office &lt;o@x.example&gt; wrote:</div>'
        '<blockquote type="cite">Old words.</blockquote></div>'
    )
    assert found.reply_text == "Mair"
    assert "Old words." in found.quoted_text


FROM_DEVICES = """
Sent from Mail<https://go.microsoft.com/fwlink/?LinkId=550986> for Windows
Sent from my Windows 8 PC <http://windows.microsoft.com/consumer-preview>
[Sent from Yahoo Mail for iPhone](https://overview.mail.yahoo.com/?.src=iOS)
Get [Outlook for iOS](https://aka.ms/o0ukef)
Sent from Yahoo Mail on Android
Sent from BT Email App
Sent from my Galaxy
Sent from Samsung tablet.
Sent from Outlook
Sent from my cell, please excuse any typos.
Sent from my iPhone. Excuse brevity and typos, please, as I am walking and talking
Sent via the Samsung Galaxy S8, an AT&T 4G LTE smartphone
Télécharger Outlook pour Android<https://aka.ms/AAb9ysg>
Obtener Outlook para iOS<https://aka.ms/o0ukef>
Scarica Outlook per iOS
Hämta Outlook för iOS
Obtenha o Outlook para iOS
Pobierz aplikację Outlook dla systemu iOS
Outlook für iOS<https://aka.ms/o0ukef> beziehen
Outlook for Android を入手
获取 Outlook for iOS
Cael Outlook ar gyfer iOS
Faigh Outlook le haghaidh iOS
Envoyé à partir de mon iPhone
Envoyé à partir d’Outlook pour iOS
Enviado a partir do Outlook para Android
Надіслано з iPhone
Az iPhone-omról küldve
Trimis de pe iPhone‑ul meu
Στάλθηκε από το iPhone μου
Poslano s mog iPhonea
Enviat des del meu iPhone
Von meinem/meiner Galaxy gesendet
Von Yahoo Mail auf Android gesendet
Wysłano za pomocą bezpiecznej poczty Proton Mail.
Enviado do Email para Windows
Get BlueMail for Android
Yahoo Mail: Search, Organise, Conquer
Secured with Tuta Mail
Sent on the move.
Anfonwyd oddi wrth fy iPad
나의 iPhone에서 보냄
أُرسلت من الـ iPhone
iPhonemdan gönderildi
Gesendet mit Thunderbird
Från min iPhone
Anfonwyd o fy iPhone
Anfonwyd o'm iPhone
Anfonwyd o Outlook ar gyfer Android
Wedi'i anfon o fy ffôn
Seolta ó m'iPhone
Seolta ó mo ghuthán
Seolta ó Outlook
""".strip().split("\n")

FOOTERS = [
    (
        "UK Parliament Disclaimer: this e-mail is confidential to the intended recipient. If you have received it in "
        "error, please notify the sender and delete it from your system."
    ),
    "This email and any attachments are confidential and intended solely for the use of the individual.",
    "This e-mail and any attachments may contain\nprivileged information. If you are not the intended recipient",
    ("****************************************\nThis email and any files transmitted with it are confidential."),
    "CONFIDENTIAL: This email is intended for the recipient.",
    "Croesewir gohebiaeth yn Gymraeg. Ni fydd gohebu yn Gymraeg yn arwain at oedi.",
    "--\n\nMair Evans\nGlanmor",
    "Any views or opinions expressed are those of the author.",
    "If you have received this email in error please notify the sender.",
    "We welcome correspondence in English and in\nWelsh. It will not lead to delay.",
    "Mae croeso i chi gysylltu â ni yn Gymraeg.",
    "Ystyriwch yr amgylchedd cyn argraffu'r neges hon.",
    "Cuirtear fáilte roimh chomhfhreagras i nGaeilge.",
    "Please consider the environment before printing this email.",
    "We welcome correspondence in Welsh and English. Corresponding in Welsh will not lead to delay.",
    "Rydym yn croesawu gohebiaeth yn Gymraeg a Saesneg.",
    "Mae'r neges e-bost hon yn gyfrinachol ac wedi'i bwriadu ar gyfer y derbynnydd yn unig.",
    "Ymwadiad: gall yr e-bost hwn gynnwys gwybodaeth gyfrinachol.",
    "Tá an ríomhphost seo agus aon chomhad leis faoi rún.",
    "Má fuair tú an ríomhphost seo trí bhotún, scrios é.",
    (
        "0a1b2c3d4e5f6a7b8c9d/0a1b2c3d4e5f6a7b8c9d\n(Signed with an electronic signature in accordance with "
        "subsection 7(3) of the Electronic Communications Act 2000.)\n\n[ This message was sent by WriteToThem.com."
    ),
]


@pytest.mark.parametrize("footer", [*FROM_DEVICES, *FOOTERS])
def test_what_devices_and_employers_add_is_folded(footer):
    found = split(f"The lamp in our road is out.\n\nMair Evans\n\n{footer}")
    assert (found.reply, found.signature) == ("The lamp in our road is out.\n\nMair Evans", footer)


@pytest.mark.parametrize(
    "words",
    [
        "Sent from my desk, is much easier then my mobile phone.",
        "Sent by recorded delivery on 3 March.",
        "Sent by post last week.",
        "Does this work in Outlook for iOS?",
        "I use Outlook on Android",
        "My iPhone was stolen on the bus.",
        "Sent the iPhone back to them.",
        "To unsubscribe from this list was not possible.",
        "You receive this because nobody else answers.",
        "Sent on the move of the bins to the back lane.",
        "Anfonwyd fy iPhone yn ôl ataf.",
        "Enviado do Brasil",
        "Get parking permits for mobile homes",
        "This email contains photos of the damage to my wall. It needs repair.",
        "This message has three parts.",
        "The information you gave me was confidential and I want to know who told him.",
        "The contents of the flat were protected by nothing.",
        "Important note: water is running down the wall of the school.",
        "Notice: the council put this on our lamp post.",
        "Disclaimer: I am no lawyer.",
        "If you are not able to help, who can?",
        "Anfonwyd y llythyr ddoe.",
        "Anfonwyd gan y cyngor ym mis Mai.",
        "Mae'r neges gan y cyngor yn anghywir.",
        "Tá an bóthar dúnta fós.",
        "Rydym yn byw yn Nhregarth.",
        "We welcome the new crossing.",
        "Rydym yn croesawu'r groesfan newydd.",
        "You are welcome to reply in Welsh.",
        "If you received this message, please reply.",
        "If you are not able to come, say so.",
        "Mae croeso i chi ateb yn Gymraeg.",
        "Os nad chi yw'r person cywir, pwy?",
        "Má fuair tú an teachtaireacht, cuir glaoch.",
        "Any views expressed at the meeting were ignored.",
        "The views expressed in the consultation were ignored.",
        "Legal notice was served on us on Monday.",
        "Confidential information was shown to him.",
        "Please consider the environment before you fell the oak.",
        "If you receive complaints in error, who reads them?",
        "--\n\nSecond, the bins. They were not emptied in May.",
        "-- \nMair Evans\n\nPS: the bins were not emptied either.",
        "Private and confidential: please keep it from the neighbours.",
        "Sent from my iPhone\n\nPS The lamp outside number nine is out as well.",
        "Sent from my iPhone\n\nDear Councillor",
    ],
)
def test_words_of_a_person_are_no_footer(words):
    text = f"Dear Councillor,\n\nThe lamp in our road is out.\n\n{words}"
    assert split(text).reply == text
