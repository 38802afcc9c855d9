"""`wardbook receive --mailbox ADDRESS [FILE]`: a mail server hands over one mail."""

import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from wardbook.correspondence import tasks
from wardbook.correspondence.actions import keeping
from wardbook.correspondence.addressees import mailbox_for
from wardbook.correspondence.models import Mailbox

# What Postfix, Exim and procmail understand (sysexits.h): "no such user", "try again later".
EX_NOUSER = 67
EX_NOINPUT = 66
EX_TEMPFAIL = 75


class Command(BaseCommand):
    help = (
        "Take in one mail, from a file or standard input, for the mail server that calls it. "
        "Ends with 0 only after the mail is safe; with 75 the server should try again later."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mailbox", required=True, metavar="ADDRESS", help="the address the mail came to")
        parser.add_argument("--from", dest="sender", default="", metavar="ADDRESS", help="the sender of the envelope")
        parser.add_argument("file", nargs="?", default="-", help="the mail; without it, standard input")

    def handle(self, *, mailbox: str, sender: str, file: str, **options: Any) -> None:
        try:
            raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        except OSError as error:
            self.leave(EX_NOINPUT, f"{file} cannot be read: {error.strerror}.")
        try:
            box = mailbox_for([mailbox])
            if box is None:
                self.leave(EX_NOUSER, f"No mailbox takes in mail for {mailbox}. Add it under Settings › Mailboxes.")
            now = timezone.now()
            if len(raw) > box.max_bytes:
                keeping.refuse_too_large(
                    box,
                    raw,
                    size=len(raw),
                    at=now,
                    via=Mailbox.Source.PIPE,
                    envelope_from=sender,
                    envelope_to=mailbox,
                )
            else:
                keeping.keep(box, raw, at=now, via=Mailbox.Source.PIPE, envelope_from=sender, envelope_to=mailbox)
            tasks.read_mail.enqueue()
        except (DatabaseError, OSError) as error:
            self.leave(EX_TEMPFAIL, f"The mail could not be kept now: {str(error).strip()}")

    def leave(self, code: int, why: str) -> NoReturn:
        self.stderr.write(why)
        sys.exit(code)
