"""`wardbook tidy`: forget what is no longer needed and tune the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from wardbook import schedule
from wardbook.cases import actions as case_actions
from wardbook.lib import statistics


class Command(BaseCommand):
    help = (
        "Forget old timer slots and files of forms that were never sent again; let the database renew what it knows "
        "of its tables."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        case_actions.sweep_waiting(at=at)
        gone = schedule.forget_old_slots(at)
        statistics.renew()
        self.stdout.write(f"{gone} old slots forgotten.")
