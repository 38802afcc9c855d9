"""`wardbook fetch-mail`: bring mail in from the mailboxes, once or for as long as it runs."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from wardbook.correspondence import postman, tasks
from wardbook.correspondence.models import Mailbox
from wardbook.correspondence.transports import imap


class Command(BaseCommand):
    help = "Fetch new mail from every IMAP mailbox. `wardbook serve` does this by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mailbox", metavar="ADDRESS", help="only this one")
        parser.add_argument("--try", dest="only_try", action="store_true", help="connect and count, take nothing in")
        parser.add_argument("--stay", action="store_true", help="go on until stopped, woken by the server (IDLE)")

    def handle(self, *, mailbox: str | None, only_try: bool, stay: bool, **options: Any) -> None:
        if stay:
            going = postman.Round()
            signal.signal(signal.SIGTERM, lambda *_: going.stopped.set())
            going.go()
            return
        boxes = Mailbox.objects.fetched()
        if mailbox:
            boxes = boxes.filter(address__iexact=mailbox)
            if not boxes.exists():
                raise CommandError(f"No mailbox that is fetched has the address {mailbox}.")
        failed = 0
        for box in boxes:
            if only_try:
                try:
                    self.stdout.write(f"{box.address}: {postman.try_out(box)} mails in {box.folder}")
                except imap.Trouble as trouble:
                    failed += 1
                    self.stderr.write(f"{box.address}: {trouble}")
                continue
            kept = postman.fetch(box, clock=timezone.now)
            box.refresh_from_db()
            failed += box.health == Mailbox.Health.FAILING
            self.stdout.write(
                f"{box.address}: {kept} taken in" if not box.problem else f"{box.address}: {box.problem}"
            )
        if not only_try:
            tasks.read_mail.enqueue()
        if failed:
            raise SystemExit(1)
