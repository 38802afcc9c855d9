"""Mails for the tests of intake: raw bytes as a server gives them, kept and read as the worker does."""

import itertools
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from wardbook.cases.factories import MONDAY
from wardbook.correspondence.actions import keeping, reading

_numbers = itertools.count(1)


def raw(
    text="The black mould is back.",
    *,
    sender="Rhian Evans <rhian@example.org>",
    to="office@glanmor.example.org",
    subject="Damp in flat",
    message_id="",
    in_reply_to="",
    references=(),
    files=(),
    date=MONDAY,
    **headers,
):
    """One mail. `headers` are further header lines, with _ for -; a list writes the line several times."""
    mail = EmailMessage()
    for name, values in headers.items():
        for value in values if isinstance(values, list) else [values]:
            mail[name.replace("_", "-")] = value
    if sender is not None:
        mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = subject
    if date:
        mail["Date"] = format_datetime(date)
    if message_id is not None:
        mail["Message-ID"] = f"<{message_id or f'mail-{next(_numbers)}@mail.example.org'}>"
    if in_reply_to:
        mail["In-Reply-To"] = f"<{in_reply_to}>"
    if references:
        mail["References"] = " ".join(f"<{one}>" for one in references)
    mail.set_content(text)
    for name, payload, kind in files:
        maintype, _slash, subtype = kind.partition("/")
        mail.add_attachment(payload, maintype=maintype, subtype=subtype, filename=name)
    return bytes(mail)


def take_in(mailbox, content, *, at=MONDAY, later=timedelta(seconds=5), **where):
    """Keep a mail and read it; the message that it became."""
    where.setdefault("via", "pipe")
    delivery = keeping.keep(mailbox, content, at=at, **where)
    return reading.read(delivery, at=at + later)


def read_everything(at=MONDAY):
    """What the worker does until nothing is left; how many it read."""
    return reading.read_all(f"worker-{next(_numbers)}", clock=lambda: at)
