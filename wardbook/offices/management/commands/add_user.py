import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from wardbook.lib.quote import one_line, quoted
from wardbook.lib.rules import RuleBroken
from wardbook.offices import actions, tasks
from wardbook.offices.models import Membership, Office


class Command(BaseCommand):
    help = "Let somebody into an office: prints a link, good once for 72 hours, that you hand to the person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--office", help="the address of the office, like glanmor")
        parser.add_argument("--email", help="the person's email address")
        parser.add_argument("--name", default="", help="the person's name")
        parser.add_argument(
            "--role", default="manager", help=f"one of {', '.join(Membership.Role.values)}; default: manager"
        )
        parser.add_argument("--by-mail", action="store_true", help="mail the link instead of printing it")

    def handle(self, *, by_mail: bool, name: str, role: str, **given: Any) -> None:
        office = self._office(given["office"])
        email = self._email(given["email"])
        at = timezone.now()
        try:
            with transaction.atomic():
                invitation = actions.invite(
                    office, email=email, name=one_line(name)[:120], role=role, by=None, at=at, by_mail=by_mail
                )
                token = None if by_mail else actions.new_link(invitation, at=at)
                actions.note_handed_over(invitation, at=at) if token else None
        except RuleBroken as refusal:
            raise CommandError(str(refusal)) from refusal
        if token is None:
            self.stdout.write(f"The invitation goes to {email} with the next mail.")
            return
        self.stdout.write(f"Give this link to {name or email}. It works once, for 72 hours:")
        self.stdout.write(f"  {tasks.link(token)}")

    @staticmethod
    def _office(slug: str | None) -> Office:
        offices = Office.objects.filter(slug=slug) if slug else Office.objects.all()[:2]
        found = list(offices)
        if len(found) == 1:
            return found[0]
        known = ", ".join(Office.objects.order_by("slug").values_list("slug", flat=True)[:20])
        if not known:
            raise CommandError("There is no office yet. Make one with wardbook create-office.")
        said = f"There is no office {quoted(slug)}." if slug else "Say which office with --office."
        raise CommandError(f"{said} There are: {known}.")

    @staticmethod
    def _email(given: str | None) -> str:
        if given is None and sys.stdin.isatty():
            given = input("Email address: ")
        if not given:
            raise CommandError("Say whom to let in with --email.")
        try:
            validate_email(given.strip())
        except ValidationError as trouble:
            raise CommandError(
                f"{quoted(given)} is not an email address. Write one like anna@example.org."
            ) from trouble
        return given.strip()
