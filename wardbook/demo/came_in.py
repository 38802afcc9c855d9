"""What came to Glanmor on paper and by social media, and a mail that Sam passed on: logged as the product does it."""

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from wardbook.contacts.models import Contact
from wardbook.correspondence.actions import by_hand
from wardbook.correspondence.actions.by_hand import File
from wardbook.demo.mails import Mail
from wardbook.demo.post import Post

PAPER = """
#set page(paper: "a4", margin: 2.6cm)
#set text(size: 12pt, style: "italic")
#align(right)[7 Quay Street \\ Glanmor GM2 4QT \\ 29 May 2025]
#v(1cm)
Dear Ms Vaughan,

I am eighty-one and have lived in Quay Street all my life. The street lamp outside number 9 has been out since Easter,
and on dark evenings I no longer dare to walk to chapel. I have telephoned the council three times.

The kerb there is broken as well. My neighbour fell on it in April.

Would you please ask them when it will be mended?

Yours sincerely

#v(0.6cm)
Gwenllian Prosser (Mrs)
#pagebreak()
#text(style: "normal", size: 10pt)[The receipts of my telephone calls: 14 April, 28 April, 19 May.]
"""

FORWARDED = Mail(
    "Sam Okoro",
    "",
    "Fwd: Blue badge – they have lost my papers",
    "This came to my own address. Can somebody log it?\n\nSam\n\n"
    "---------- Forwarded message ---------\nFrom: Rhian Evans <rhian@example.org>\nDate: {day}\n"
    "Subject: Blue badge – they have lost my papers\nTo: <{to}>\n\n"
    "Dear Sam,\n\nThe badge office say that they never had my doctor's letter. I sent it in March. "
    "What shall I do now?\n\nRhian Evans\n",
)


def arrive(post: Post, known: dict[str, Contact], now: datetime) -> None:
    """Put them into the story: to be called before it is played."""
    post.script.at(now - timedelta(hours=20), lambda at: _letter(post, at))
    post.script.at(now - timedelta(hours=5), lambda at: _social(post, at))
    post.script.at(now - timedelta(hours=2), lambda at: _forward(post, at))


def _letter(post: Post, at: datetime) -> None:
    made = typst.compile(PAPER.encode(), format="pdf", font_paths=typst.Fonts(include_system_fonts=False))
    assert isinstance(made, bytes)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "scan.pdf"
        path.write_bytes(made)
        scan = File(path, "Scan of 3 June.pdf", "application/pdf", len(made))
        day = post.cast.office.local_date(at)
        by_hand.log_letter(post.cast.office, [scan], received_on=day, by=post.cast["Sam"], at=at)


def _social(post: Post, at: datetime) -> None:
    by_hand.log_social(
        post.cast.office,
        network="facebook",
        handle="dai.morris.glanmor",
        name="Dai Morris",
        link="https://social.example.org/glanmor-harbour/posts/4410",
        text="Four weeks now and the harbour toilets are STILL locked. Does anyone in that office read this?",
        subject="Harbour toilets locked",
        received_on=post.cast.office.local_date(at),
        by=post.cast["Sam"],
        at=at,
    )


def _forward(post: Post, at: datetime) -> None:
    sam = post.cast["Sam"]
    day = f"{at - timedelta(hours=15):%a, %d %b %Y at %H:%M}"
    text = FORWARDED.text.format(day=day, to=sam.email)
    post.comes(FORWARDED._replace(name=sam.name, address=sam.email, text=text), at)
