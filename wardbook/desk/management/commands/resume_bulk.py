"""`wardbook resume-bulk`: go on with acts on many cases that a worker left behind."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from wardbook.desk import tasks
from wardbook.desk.bulk.running import ABANDONED_AFTER
from wardbook.desk.models import BulkRun


class Command(BaseCommand):
    help = "Ask a worker to go on with bulk acts that nobody has touched for two minutes. Safe to run twice."

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        left = BulkRun.objects.left_undone(at - ABANDONED_AFTER)
        for pk in left.values_list("pk", flat=True):
            tasks.go_on_with_bulk.enqueue(pk)
        # Asked once in two minutes, not once a minute, however long the queue is.
        count = left.update(touched_at=at)
        self.stdout.write(f"{count} bulk acts resumed.")
