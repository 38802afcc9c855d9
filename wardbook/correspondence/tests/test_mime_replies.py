"""What a person wrote, without the past and without the signature; and no line is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from wardbook.correspondence.mime.quotes import split
from wardbook.correspondence.tests.mails import multipart, part, read

pytestmark = pytest.mark.any_engine

ATTRIBUTIONS = [
    "On Mon, 1 Jul 2024 at 10:00, Office <office@glanmor.example> wrote:",
    "On 1 Jul 2024, at 10:00, Office <office@glanmor.example> wrote:",
    "On 01/07/2024 10:00, Office wrote:",
    "On Mon, Jul 1, 2024 at 10:00 AM Office <\noffice@glanmor.example> wrote:",
    "On Monday, July 1st, 2024 at 10:00 AM,\nOffice of the Councillor\n<office@glanmor.example> wrote:",
    "---- On Mon, 01 Jul 2024 10:00:00 +0100 Office <office@glanmor.example> wrote ----",
    "Ar ddydd Llun, 1 Gorffennaf 2024 am 10:00, Swyddfa <office@glanmor.example> ysgrifennodd:",
    "Ar Llun 1 Gorff 2024 10:00 ysgrifennodd Swyddfa <office@glanmor.example>:",
    "Ar an Luan 1 Iúil 2024 ag 10:00, scríobh Oifig <office@glanmor.example>:",
    "Le lun. 1 juil. 2024 à 10:00, Mairie <office@glanmor.example> a écrit :",
    "Am Mo., 1. Juli 2024 um 10:00 Uhr schrieb Büro <office@glanmor.example>:",
    "Am 01.07.24 um 10:00 schrieb Büro:",
    "Büro <office@glanmor.example> schrieb am Mo., 1. Juli 2024, 10:00:",
    "El lun, 1 jul 2024 a las 10:00, Oficina (<office@glanmor.example>) escribió:",
    "Il giorno lun 1 lug 2024 alle ore 10:00 Ufficio <office@glanmor.example> ha scritto:",
    "Em seg., 1 de jul. de 2024 às 10:00, Oficina <office@glanmor.example> escreveu:",
    "Op ma 1 jul 2024 om 10:00 schreef Kantoor <office@glanmor.example>:",
    "Op 1 jul. 2024, om 10:00 heeft Kantoor <office@glanmor.example> het volgende geschreven:",
    "Den mån 1 juli 2024 kl 10:00 skrev Kontoret <office@glanmor.example>:",
    "man. 1. jul. 2024 kl. 10.00 skrev Kontor <office@glanmor.example>:",
    "ma 1. heinäk. 2024 klo 10.00 Toimisto (office@glanmor.example) kirjoitti:",
    "pon., 1 lip 2024 o 10:00 Biuro <office@glanmor.example> napisał(a):",
    "po 1. 7. 2024 v 10:00 odesílatel Kancelář <office@glanmor.example> napsal:",
    '01.07.2024, 10:00, "Office" <office@glanmor.example>:',
    "2024-07-01 10:00 GMT+01:00 Office <office@glanmor.example>:",
    "在 2024年7月1日，Office <office@glanmor.example> 写道：",
]

HEADERS = [
    "From: Office <office@glanmor.example>\nSent: Monday, July 1, 2024 10:00 AM\nTo: Mair\nSubject: RE: Bins",
    "________________________________\nFrom: Office\nSent: 01 July 2024 10:00\nTo: Mair\nSubject: Bins",
    "-----Original Message-----\nFrom: Office\nSent: 01 July 2024",
    "*From:* Office\n*Date:* Monday\n*To:* Mair\n*Subject:* Bins",
    "Von: Büro\nGesendet: Montag, 1. Juli 2024 10:00\nAn: Mair\nBetreff: AW: Bins",
    "-----Ursprüngliche Nachricht-----\nVon: Büro",
    "__________ ursprüngliche Nachricht __________\n\nVon:\t\tBüro",
    "De : Mairie\nEnvoyé : lundi 1 juillet 2024 10:00\nÀ : Mair\nObjet : RE: Bins",
    "-----Message d'origine-----\nDe : Mairie",
    "De: Oficina\nEnviado el: lunes, 1 de julio de 2024 10:00\nPara: Mair\nAsunto: RE: Bins",
    "Oddi wrth: Swyddfa\nAnfonwyd: Dydd Llun, 1 Gorffennaf 2024 10:00\nAt: Mair\nPwnc: RE: Bins",
    "Ó: Oifig\nSeolta: Dé Luain 1 Iúil 2024 10:00\nChuig: Mair\nÁbhar: RE: Bins",
    "Da: Ufficio\nInviato: lunedì 1 luglio 2024 10:00\nA: Mair\nOggetto: R: Bins",
    "Van: Kantoor\nVerzonden: maandag 1 juli 2024 10:00\nAan: Mair\nOnderwerp: RE: Bins",
    "Från: Kontoret\nSkickat: den 1 juli 2024 10:00\nTill: Mair\nÄmne: SV: Bins",
    "Od: Biuro\nWysłano: poniedziałek, 1 lipca 2024 10:00\nDo: Mair\nTemat: ODP: Bins",
    "##- Please type your reply above this line -##",
    "-------- Original message --------\nFrom: Office",
    "Office <office@glanmor.example>\n01/07/2024 10:00\n\nTo\nMair\ncc\n\nSubject\nBins",
    "Date: Mon, 1 Jul 2024 10:00 From: office@glanmor.example To: Mair Subject: Bins",
    ">>> Office <office@glanmor.example> 01/07/2024 10:00 >>>",
    "|------------>\n| From:      |\n|------------>\n  >-----------|\n  |Office     |\n  >-----------|",
    "--- On Mon, 1/7/24, Office <office@glanmor.example> wrote:\n\nFrom: Office\nSubject: Bins\nTo: Mair",
    'On 7/1/2024 at 10:00 AM, "Office" <office@glanmor.example> wrote:Dear Mair',
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_what_is_quoted_with_signs_is_the_past(attribution):
    found = split(f"Thank you.\n\nMair\n\n{attribution}\n\n> We have\n> written.\n")
    assert found.reply == "Thank you.\n\nMair"
    assert attribution.split("\n")[-1] in found.quoted


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_what_is_quoted_without_signs_is_the_past_too(attribution):
    assert split(f"Thank you.\n\n{attribution}\n\nWe have written.\n").reply == "Thank you."


@pytest.mark.parametrize("headers", HEADERS)
def test_a_block_of_headers_begins_the_past(headers):
    found = split(f"Thank you.\n\n{headers}\n\nWe have written.")
    assert found.reply == "Thank you."
    assert "We have written." in found.quoted


def test_an_answer_below_stands_alone():
    assert (
        split("On 1 Jul 2024, Office <o@x.example> wrote:\n> Well?\n> Please say.\n\nYes, please.").reply
        == "Yes, please."
    )


def test_answers_between_keep_what_they_answer():
    text = "On 1 Jul 2024, Office <o@x.example> wrote:\n> The first?\n\nYes.\n\n> The second?\n\nNo."
    found = split(text)
    assert found.reply == "> The first?\n\nYes.\n\n> The second?\n\nNo."
    assert found.alone == "Yes.\n\nNo."


def test_what_is_no_answer_between_quotations_is_the_same_alone():
    for text in (
        "Thank you.\n\nMair",
        "Begin forwarded message:\n\n> From: Ann\n> Subject: Bins\n>\n> Help.",
        "> Old",
    ):
        assert split(text).alone == split(text).reply


@pytest.mark.parametrize(
    "text",
    [
        "---------- Forwarded message ---------\nFrom: Ann <a@example.org>\nDate: Mon, 1 Jul\nSubject: Bins\n\nHelp.",
        "Begin forwarded message:\n\n> From: Ann\n> Subject: Bins\n>\n> Help.",
        "-------- Weitergeleitete Nachricht --------\nVon: Ann\nBetreff: Tonnen\n\nHilfe.",
        "From: Ann <ann@example.org>\nSent: Monday\nTo: Mair\nSubject: Bins\n\nHelp.",
        "-----Original Message-----\nFrom: Ann\n\nHelp.",
    ],
)
def test_a_forward_without_a_word_stays_whole(text):
    assert split(text).reply == text


def test_words_above_a_forward_are_the_reply():
    found = split("Can you help her?\n\n---------- Forwarded message ---------\nFrom: Ann\nSubject: Bins\n\nHelp.")
    assert found.reply == "Can you help her?"


@pytest.mark.parametrize(
    "text",
    [
        "On Friday I wrote to the council.\nOn Monday they wrote: nothing at all came.",
        "From: Monday\nTo: Friday\nthe bins were not emptied.",
        "My list:\n- one\n- two\n- Three",
        "The notice said:\nSubject: to change\nand no more.",
        "Sent from my solicitor was a letter, and it says that the council has to answer within ten days of it.\n"
        * 3,
        "First line.\n-- not a signature\nLast line.",
    ],
)
def test_words_that_only_look_like_it_stay(text):
    assert split(text).reply == text.strip()


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nMair Evans\nTregarth",
        "--\nMair",
        "Sent from my iPhone",
        "Sent from Outlook for Android",
        "Get Outlook for iOS",
        "Anfonwyd o fy iPhone",
        "Envoyé de mon iPhone",
        "Von meinem iPhone gesendet",
        "Gesendet von Mail für Windows",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Verstuurd vanaf mijn iPhone",
        "Skickat från min iPhone",
        "This email and any attachments are confidential and intended only for the addressee.\nIf you are not …",
        "Diese E-Mail enthält vertrauliche Informationen.",
        "-Mair",
    ],
)
def test_a_signature_is_folded(signature):
    found = split(f"Thank you.\n\n{signature}")
    assert (found.reply, found.signature) == ("Thank you.", signature)


def test_a_greeting_is_no_signature():
    assert split("Thank you.\n\nKind regards,\nMair").reply.endswith("Mair")


LINES = some.one_of(
    some.sampled_from(
        """
> a|>> b|-- |Sent from my iPhone|On 1 Jul 2024, Ann <a@x.example> wrote:|From: Ann|To: Mair|Subject: Bins|Sent: Monday
-----Original Message-----|words|________________________________|wrote:|Begin forwarded message:|-Mair
text On Mon, 1 Jul 2024 Ann Jones <a@x.example> wrote:|<https://x.example>""".replace("|", "\n").split("\n")
    ),
    some.text(max_size=40).map(lambda text: text.replace("\n", " ")),
)


@given(some.lists(LINES, max_size=25), some.frozensets(some.integers(0, 30), max_size=6))
@settings(max_examples=300, deadline=None)
def test_reply_quotation_and_signature_lose_no_line(lines, marked):
    text = "\n".join(lines)
    found = split(text, marked)
    together = "".join(found.reply + found.quoted + found.signature)
    assert sorted(together.replace("\n", "").replace(" ", "")) == sorted(text.replace("\n", "").replace(" ", ""))


# -- with HTML -------------------------------------------------------------------------------------------------------

QUOTED = [
    '<div class="gmail_quote"><div class="gmail_attr">Ann said</div><blockquote>Old words here.</blockquote></div>',
    '<blockquote type="cite"><div>Old words here.</div></blockquote>',
    '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>De:</b> X</div><div>Old words here.</div>',
    '<div class="moz-cite-prefix">1/7 Ann:</div><blockquote type="cite">Old words here.</blockquote>',
    '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt">X</div><p>Old words here.</p>',
    '<div class="yahoo_quoted"><div>Old words here.</div></div>',
    '<div class="protonmail_quote">Old words here.</div>',
    '<div class="zmail_extra">Old words here.</div>',
]


@pytest.mark.parametrize("quoted", QUOTED)
def test_html_marks_the_past(quoted):
    found = read(f"<p>New words, the first.</p><p>The second.</p>{quoted}", content_type="text/html")
    assert found.reply_text == "New words, the first.\n\nThe second."
    assert "Old words here." in found.quoted_text


@pytest.mark.parametrize("quoted", QUOTED)
def test_the_text_beside_marked_html_is_cut_where_the_html_is(quoted):
    both = multipart(
        part("New words, the first.\r\n\r\nThe second.\r\n\r\nSomebody said\r\nOld words here.\r\n"),
        part(f"<p>New words, the first.</p><p>The second.</p>{quoted}", content_type="text/html"),
        kind="alternative",
    )
    found = read(**both)
    assert "Old words here." not in found.reply_text
    assert "The second." in found.reply_text


def test_an_indented_paragraph_is_no_quotation():
    found = read('<p>One</p><blockquote style="margin: 0 0 0 40px; border: none; padding: 0px;">Two</blockquote>',
                 content_type="text/html")  # fmt: skip
    assert "Two" in found.reply_text


def test_what_is_quoted_by_hand_in_the_middle_stays():
    text = "The officer told me this:\n\n> We will come on Tuesday.\n\nBut nobody came to our house."
    found = split(text)
    assert found.reply == text
    assert "Tuesday" not in found.alone


@pytest.mark.parametrize(
    "below",
    [
        "Sent from my iPhone",
        "-- \nMair Evans",
        "Mair Evans\nHead of Bins",
        "To unsubscribe from this group and stop receiving emails from it, send an email to x@y.example.",
        "You received this message because you are subscribed to the group Residents.",
    ],
)
def test_what_is_quoted_above_a_signature_is_the_past(below):
    found = split(f"Thank you, Tuesday is fine.\n\n> We will come on Tuesday.\n\n{below}")
    assert "> We" not in found.reply
