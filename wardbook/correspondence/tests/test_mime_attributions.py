"""Who wrote what is quoted, in the words of many mailers; and words that only look like it."""

import time

import pytest

from wardbook.correspondence.mime.quotes import split
from wardbook.correspondence.tests.mails import read

pytestmark = pytest.mark.any_engine

# Known with and without signs at the quoted lines
SAID = [
    "пн, 1 лип. 2024 р. о 10:00 Office <office@x.example> пише:",
    '1 лип. 2024 р. 10:00 "Office" office@x.example пише:',
    "понедельник, 1 июля 2024 г. пользователь Office <office@x.example> написал:",
    "понедельник, 1 июля 2024 г. пользователь Office написал:",
    "Понедельник, 1 июля 2024, 10:00 +03:00 от Office <office@x.example>:",
    "Понеділок, 1 липня 2024, 10:00 +03:00 від Office <office@x.example>:",
    "Вы писали 1 июля 2024 г., 10:00:03:",
    "Office <office@x.example> ezt írta (időpont: 2024. júl. 1., H, 10:00):",
    "2024年7月1日(月) 10:00 Office <office@x.example>:",
    "Office <office@x.example> 於 2024年7月1日 週一 上午10:00寫道：",
    "\u202bבתאריך 1 ביולי 2024 ב-10:00 מאת \u202aOffice\u202c <\u202aoffice@x.example\u202c\u200f>:\u202c",
    "في الاثنين، 1 يوليو 2024 في 10:00 ص تمت كتابة ما يلي بواسطة Office <office@x.example>:",
    "Dana pon, 1. srp 2024. u 10:00 Office <office@x.example> napisao je:",
    "W dniu 1.07.2024 o 10:00, Office pisze:",
    "Wiadomość napisana przez Office <office@x.example> w dniu 1 lip 2024, o godz. 10:00:",
    "El 1/7/2024 10:00, Office <office@x.example> escribieron:",
    "Às 10:00 de 01/07/2024, Office escreveu:",
    "Office <office@x.example> escreveu (segunda, 1/07/2024 à(s) 10:00):",
    "Office kirjoitti 1.7.2024 klo 10.00:",
    "Office wrote (1 Jul 2024 10:00):",
    "Office schrieb am 01.07.2024 um 10:00 Uhr:",
    "Scríobh Office <office@x.example> an 1/7/2024 ag 10:00:",
    "2024. 7. 1. 오전 10:00 Office <office@x.example> 작성:",
    "2024/07/01 10:00、Office <office@x.example> のメッセージ:",
    "Ysgrifennodd Office ar 01/07/2024 10:00:",
    "Sgrìobh Office na leanas 01/07/2024 aig 10:00:",
    "Office escreveu às 10:00 de 01/07/2024:",
    "El 1/7/24 a les 10:00, Office ha escrit:",
    "Office 於 2024/7/1 10:00 寫道:",
    "1 Jul 2024, 10:00 by office@x.example:",
    "Quoting Office <office@x.example>:",
    "office@x.example wrote:",
]
# Known by the quotation below
QUOTED = [
    "Sabtu 1 Quintilis 2024, 10:00 Office <office@x.example> nescio quid:",
    "Sabtu 1 Quintilis 2024, 10:00 Office of the Councillor\n<office@x.example> nescio quid:",
    "Le mer. 29 juin 2022 à 12:32, Office <office@x.example\n> a écrit :",
    "Original message",
]


@pytest.mark.parametrize("attribution", [*SAID, *QUOTED])
def test_who_wrote_is_no_word_of_the_reply(attribution):
    found = split(f"Thank you.\n\nMair\n\n{attribution}\n\n> We have\n> written.\n")
    assert found.reply == "Thank you.\n\nMair"
    assert attribution.split("\n")[-1] in found.quoted


@pytest.mark.parametrize("attribution", SAID)
def test_who_wrote_begins_the_past_without_signs_too(attribution):
    assert split(f"Thank you.\n\n{attribution}\n\nWe have written.\n").reply == "Thank you."


@pytest.mark.parametrize(
    "words",
    [
        "This reached me on 3 May 2024 from bins@council.example:\n\n> We will come.",
        "My letter to bins@council.example of 3 May 2024:\n\n> Please come.",
        "Two things:\n\n> We will come.",
        "These came on 3 May 2024:\n\n> We will come.",
        "Call bins@council.example:\n\n> We will come.",
    ],
)
def test_words_that_introduce_a_quotation_stay(words):
    assert split(f"Dear Councillor,\n\n{words}").reply.endswith(words.split("\n", maxsplit=1)[0])


@pytest.mark.parametrize(
    "told",
    [
        "On 3 May 2024 the officer said:",
        "On 3 May 2024 at 10:30 she wrote:",
        "Le 3 mai 2024 à 10:30 notre voisin a écrit :",
        "Yesterday I wrote at 10:30:",
        "As I wrote on 3 May 2024:",
        "He wrote on 3 May 2024 to say:",
        "The council wrote 3 times, most recently at 10:30:",
        "My councillor, bins@council.example, wrote:",
        "Quoting your letter of 3 May 2024:",
        'On 3 May my neighbour "Bob" wrote: nothing was done.',
        "Ysgrifennodd y cyngor ar ran pawb:",
        "Call made on 3 May 2024, 10:30 by the office:",
        "From: Bangor\nTo: Rhyl\nDate: every school day",
        "From: Bangor 10:30\nTo: Rhyl 10:45\nDate: Sundays",
        "From: Mair Evans, 4 Mill Lane\nDate: 3 May 2024\nRe: Flooding",
        "On 12/05/2024 at 10:15 John from Highways said:",
    ],
)
def test_what_somebody_tells_is_no_past(told):
    text = f"Dear Councillor,\n\n{told}\n\nThe lamp is out."
    assert split(text).reply == text


@pytest.mark.parametrize(
    "headers",
    [
        "Від: Office <o@x.example>\nНадіслано: 1 липня 2024 р. 10:00\nКому: Mair\nТема: Bins",
        "Šalje: Office <o@x.example>\nPoslano: 1. srpnja 2024. 10:00\nPrima: Mair\nPredmet: Bins",
        "De la: Office <o@x.example>\nTrimis: luni, 1 iulie 2024 10:00\nCătre: Mair\nSubiect: Bins",
        "من: Office <o@x.example>\nتم الإرسال: 01/07/2024 10:00\nإلى: Mair\nالموضوع: Bins",
        "----- Mail original -----\nDe: Office <o@x.example>\nEnvoyé: Lundi 1 Juillet 2024 10:00",
        "-------- Ursprüngliche Nachricht --------Von: Office  Datum: 01.07.24  10:00  An: Mair Betreff: Bins",
    ],
)
def test_headers_of_many_languages_begin_the_past(headers):
    assert split(f"Thank you.\n\n{headers}\n\nWe have written.").reply == "Thank you."


@pytest.mark.parametrize(
    "form",
    [
        "Date: 1 July 2024\nFrom: Mair Evans\nSubject: Bins\nMessage: The bins were not emptied.",
        "From: Mair Evans <mair@x.example>\nPhone: 01248 000000\nSubject: Bins\nDate: 1 July\n\nThe lamp is out.",
        "Dyddiad: 1 Gorffennaf\nOddi wrth: Mair\nPwnc: Biniau\nNeges: Mae'r golau wedi torri.",
        "Dáta: 1 Iúil\nÓ: Máire\nÁbhar: Solas\nTeachtaireacht: Tá an solas briste.",
    ],
)
def test_what_was_written_in_the_form_of_a_website_stays(form):
    text = f"An enquiry came through the website.\n\n{form}"
    assert split(text).reply == text


def test_a_form_that_is_quoted_is_the_past():
    headers = "From: Office\nSent: Monday\nTo: Mair\nSubject: Bins"
    assert split(f"Thank you.\n\n{headers}\nName: Mair\nMessage: The bins.").reply == "Thank you."


def test_yahoo_on_a_phone_writes_all_on_one_line():
    said = "On Mon, 1 Jul 2024 at 10:00, Office<office@x.example> wrote:   Dear Mair,"
    found = split(f"Yes.\n\nSent from Yahoo Mail on Android \n \n  {said}\nWould Tuesday do?")
    assert (found.reply, found.signature.strip()) == ("Yes.", "Sent from Yahoo Mail on Android")
    assert found.quoted.endswith("Dear Mair,\nWould Tuesday do?")


DELIMITERS = [
    "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐",
    "‑‑‑‑‑‑‑ Original Message ‑‑‑‑‑‑‑",
    "------------------ Original ------------------",
    "---Original---",
    "---------- Původní e-mail ----------",
    "-------- An teachdaireachd thùsail --------",
    "-------- Treść oryginalnej wiadomości --------",
    "-------- Ursprüngliche Mitteilung --------",
    "-------- Початкове повідомлення --------",
    "------------------&nbsp;原始邮件&nbsp;------------------",
    "------------------ 回复的原邮件 ------------------",
    "## Bitte geben Sie Ihre Antwort oberhalb dieser Zeile ein. ##",
    "##- Bitte gib deine Antwort über dieser Zeile ein. -##",
    "##- Veuillez saisir votre réponse au-dessus de cette ligne -##",
    "##- Por favor, escriba su respuesta por encima de esta línea -##",
    "##- Digita la tua risposta sopra questa riga -##",
    "##- Gelieve uw antwoord boven deze regel te typen -##",
    "##- Digite sua resposta acima desta linha -##",
    "##- Skriv ditt svar ovanför denna linje -##",
    "##- Teipiwch eich ateb uwchben y llinell hon -##",
    "##- Scríobh do fhreagra os cionn na líne seo -##",
    "=== Please write your reply above this line ===",
    "To reply, type your message above this line",
    "Please do not write below this line",
]


@pytest.mark.parametrize("line", DELIMITERS)
def test_a_line_between_ends_the_reply(line):
    assert split(f"Thank you.\n\n{line}\n\nWe have written.").reply == "Thank you."


@pytest.mark.parametrize(
    "line",
    [
        "- I wrote my reply above the red line of the form.",
        "-- the original --",
        "The original",
        "Original",
        "--- The old bus line runs above the road ---",
        "- Eich ateb",
        "Please do not write to him again.",
        "Mae fy ateb uwchben y llinell goch.",
    ],
)
def test_a_line_that_only_looks_like_it_stays(line):
    text = f"Thank you.\n\n{line}\n\nThe lamp is out."
    assert split(text).reply == text


@pytest.mark.parametrize(
    "past",
    [
        '<div class="domino-section"><div>Office --- Bins ---</div><p>Old words.</p></div>',
        '<div name="messageReplySection">Office:<p>Old words.</p></div>',
        '<div id="fsReplyAbove" class="fsReplyAbove"><div>Old words.</div></div>',
        (
            "<table><tr><td>Von:</td><td>Office &lt;o@x.example&gt;</td></tr><tr><td>An</td><td>Mair</td></tr>"
            "<tr><td>Datum:</td><td>1.7.2024</td></tr><tr><td>Betreff</td><td>Bins</td></tr></table><p>Old words.</p>"
        ),
    ],
)
def test_notes_and_help_desks_mark_the_past_in_html(past):
    found = read(f"<p>New words.</p>{past}", content_type="text/html")
    assert found.reply_text == "New words."
    assert "Old words." in found.quoted_text


def test_a_mail_that_is_only_a_reply_section_stays():
    found = read('<div name="messageReplySection"><p>New words.</p></div>', content_type="text/html")
    assert found.reply_text == "New words."


def test_a_table_of_a_journey_stays():
    told = [("From", "Bangor"), ("To", "Rhyl"), ("Date", "3 May")]
    rows = "".join(f"<tr><td>{name}</td><td>{what}</td></tr>" for name, what in told)
    assert "Rhyl" in read(f"<p>My claim:</p><table>{rows}</table><p>Mair</p>", content_type="text/html").reply_text


@pytest.mark.parametrize(
    "text",
    [
        "x 3 May 2024 <" + "a@" * 130 + ":\n\n> q\n\n",
        "x 3 May 2024\naaa@b:\n\n> q\n\n",
        "On 3 May 2024 a@b.c wrote:\n> q\n",
        "<" + "@" * 380 + ":\n\n",
        "x" + "-" * 900 + "\n",
        "wrote " * 60 + "\n\n",
    ],
)
def test_ten_thousand_of_them_take_no_time(text):
    begun = time.perf_counter()
    split(text * 10_000)
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize(
    "text",
    [
        "Three quick questions:-------- Original message --------From: Office <o@x.example>Date: 1/7/24\nOld words.",
        'Three quick questions:\n\nOn 07/01/2024 at 9:19 AM, "Office"  wrote:Old words\nand more.',
    ],
)
def test_words_glued_to_the_past_are_parted_from_it(text):
    found = split(text)
    assert found.reply == "Three quick questions:"
    assert "Old words" in found.quoted
