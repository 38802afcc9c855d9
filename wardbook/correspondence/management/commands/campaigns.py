"""`wardbook campaigns`: what a stopped worker or a lost task left of campaigns. The timer runs it each minute."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from wardbook.correspondence import tasks
from wardbook.correspondence.actions import bulk, campaigns, grouping
from wardbook.correspondence.models import BulkReply


class Command(BaseCommand):
    help = "Ask the worker to find campaigns in what came in, and to go on with answers to many. Safe to run twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", action="store_true", help="do it here, without the worker")

    def handle(self, *, now: bool = False, **options: Any) -> None:
        at = timezone.now()
        if now:
            until = at + tasks.LONGEST
            compared = grouping.group_arrived(clock=timezone.now, until=until)
            filed = campaigns.file_joined(at=at)
            written = bulk.go_on(clock=timezone.now, until=until)
            self.stdout.write(f"{compared} compared, {filed} filed, {written} written.")
            return
        grouping.forget_old(at)
        if grouping.unlooked(at).exists() or campaigns.is_behind():
            tasks.ask_once(tasks.group_mail)
        if BulkReply.objects.due(at).exists():
            tasks.ask_once(tasks.answer_many)
