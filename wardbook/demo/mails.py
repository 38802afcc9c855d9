"""The words of the demo's mails and templates."""

from typing import NamedTuple


class Mail(NamedTuple):
    """A mail as somebody outside sends it."""

    name: str
    address: str
    subject: str
    text: str
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str, bytes], ...] = ()
    calendar: str = ""


TEMPLATES = (
    (
        "email",
        "We have written to the council",
        "en-gb",
        "",
        (
            "Dear {person.formal_name},\n\nThank you for getting in touch about {case.description}. We have written "
            "to {agency.name} and asked for an answer within ten working days. I will write to you as soon as we "
            "hear.\n\nYour reference is {case.reference}.\n\nYours sincerely\n\n{me.name}\n{office.name}"
        ),
    ),
    (
        "email",
        "Rydym wedi ysgrifennu at y cyngor",
        "cy",
        "",
        (
            "Annwyl {person.formal_name},\n\nDiolch am gysylltu â ni. Rydym wedi ysgrifennu at {agency.name} ac wedi "
            "gofyn am ateb o fewn deg diwrnod gwaith. Byddaf yn ysgrifennu atoch cyn gynted ag y clywn.\n\n"
            "Eich cyfeirnod yw {case.reference}.\n\nYn gywir\n\n{me.name}\n{office.name}"
        ),
    ),
    (
        "email",
        "On behalf of a constituent",
        "en-gb",
        "",
        (
            "Dear colleagues,\n\nI write on behalf of {constituent.name}, who has come to {representative.name} "
            "about {case.description}. Please let us know by when we can expect an answer.\n\n"
            "Our reference is {case.reference}.\n\nYours sincerely\n\n{me.name}\n{office.name}"
        ),
    ),
    (
        "email",
        "Not our area",
        "en-gb",
        "",
        (
            "Dear {person.formal_name},\n\nThank you for writing. By the rules of parliament a member acts for their "
            "own constituents only. Your own member can help you; we have not kept a case.\n\nYours "
            "sincerely\n\n{me.name}"
        ),
    ),
    (
        "letter",
        "The matter is settled",
        "en-gb",
        "{case.description}",
        (
            "Dear {person.formal_name},\n\nI am glad to tell you that {agency.name} has settled the matter that you "
            "brought to me. If anything is left open, please let my office know.\n\nYours sincerely"
        ),
    ),
    (
        "letter",
        "Mae'r mater wedi'i ddatrys",
        "cy",
        "{case.description}",
        (
            "Annwyl {person.formal_name},\n\nMae'n dda gennyf ddweud bod {agency.name} wedi datrys y mater a "
            "ddaethoch ataf. Os oes unrhyw beth ar ôl, rhowch wybod i'm swyddfa.\n\nYn gywir"
        ),
    ),
)

INVITATION = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Harbour Trust//Events//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:harbour-day@example.net
DTSTAMP:20250101T090000Z
DTSTART:20300614T100000Z
DTEND:20300614T120000Z
SUMMARY:Opening of the new lifeboat station
LOCATION:Harbour Road\\, Glanmor
ORGANIZER;CN=Harbour Trust:mailto:events@harbour-trust.example.net
END:VEVENT
END:VCALENDAR
"""

# Hours before this morning, and the mail: one of every kind.
INBOX = (
    (
        15.4,
        Mail(
            "Omar Haddad",
            "omar.haddad@example.org",
            "My wife's visa",
            "Dear Mr Okoro,\n\nThe Home Office has still not answered. Our appointment is on the 20th and we have "
            "heard nothing. Can you ring them again?\n\nOmar Haddad",
        ),
    ),
    (
        13.1,
        Mail(
            "Niamh O'Brien",
            "niamh.obrien@example.org",
            "School place for Aoife",
            "Hello,\n\nMy daughter has no place at Ysgol y Bryn although we live four streets away. The appeal is in "
            "two weeks. Can the Member help us?\n\nThank you,\nNiamh O'Brien\n8 Chapel Lane, GM5 2AD",
        ),
    ),
    (
        11.7,
        Mail(
            "Huw Parry",
            "huw.parry@example.net",
            "Two things: the bus stop and my blue badge",
            "Dear Member,\n\nFirst, the bus stop outside the surgery has had no shelter since the storm.\n\nSecond, "
            "my blue badge was refused and I do not understand why.\n\nHuw Parry, 22 Castle Hill, GM2 3CD",
        ),
    ),
    (
        9.9,
        Mail(
            "Piers Grant",
            "piers.grant@example.net",
            "Potholes on the A road",
            "I live in Eastmarsh, GM8 1AA, and the potholes near my house are a disgrace. What will you do about it?",
        ),
    ),
    (
        8.5,
        Mail(
            "Highways out of office",
            "highways@example.net",
            "Automatic reply: Lamp post 14",
            "Thank you for your message. I am on leave until Monday.",
            headers=(("Auto-Submitted", "auto-replied"),),
        ),
    ),
    (
        7.2,
        Mail(
            "Glanmor Business Weekly",
            "news@weekly.example.net",
            "This week: 12 grants you should know",
            "This week in Glanmor business …\n\nUnsubscribe at any time.",
            headers=(("List-Id", "<weekly.example.net>"), ("List-Unsubscribe", "<mailto:stop@weekly.example.net>")),
        ),
    ),
    (
        6.6,
        Mail(
            "Harbour Trust",
            "events@harbour-trust.example.net",
            "Invitation: opening of the new lifeboat station",
            "We would be honoured if the Member could open our new station. Please answer by the end of the month.",
            calendar=INVITATION,
        ),
    ),
    (
        4.8,
        Mail(
            "Win Bigger",
            "prize@lotto.example.net",
            "YOU ARE CHOSEN!!!",
            "Claim your prize now.",
            html='<p>Claim your <a href="https://evil.example.net/claim">prize</a> now.</p>'
            '<img src="https://evil.example.net/pixel.gif">',
        ),
    ),
    (
        2.3,
        Mail(
            "Glenys Howells",
            "glenys.howells@example.org",
            "Thank you",
            "I only wanted to say thank you to Anna. The boiler was repaired on Friday and the house is warm again.",
        ),
    ),
    (
        1.2,
        Mail(
            "St Teilo Surgery",
            "reception@surgery.example.net",
            "Letter for the Member (scan)",
            "Please find a letter from a patient attached, who asked us to pass it on.",
            files=(("letter.pdf", "application/pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"),),
        ),
    ),
)

CAMPAIGN = """Dear Member,

I am writing to ask you to vote against the bill that raises the pension age to 69. People in
Glanmor do hard work with their hands, in the harbour, in care homes and on building sites. Many of
them are worn out long before they are 66, and in our part of the country they do not live as long
as in others. To take three years of rest from them is not fair.

The government's own figures show that the money can be found elsewhere. Fair Pensions has published
a plan that keeps the pension age where it is and pays for it. Please read it, please tell me where
you stand, and please vote against the second reading next month.

Yours sincerely
{name}
"""

# By their place from the end: who wrote something of their own between the lines.
CAMPAIGN_OWN_WORDS = {
    0: "I also cannot get my pension credit since March. Nobody answers the telephone, and what do I live on?",
    7: "My husband died in January, two years before his pension. Please think of the widows when you vote.",
    19: "I run a care home with forty staff. I can tell you what this means for us if you have half an hour.",
}
