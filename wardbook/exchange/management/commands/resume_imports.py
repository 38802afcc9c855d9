"""`wardbook resume-imports`: go on with imports that a worker left behind, and forget files that nobody needs."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from wardbook.exchange import keeping, tasks
from wardbook.exchange.models import Batch, Run

KEPT_FOR = timedelta(days=30)


class Command(BaseCommand):
    help = (
        "Ask a worker to go on with imports of the page that nobody has touched for two minutes, and remove the "
        "files of those that ended 30 days ago. Safe to run twice."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        left = Run.objects.left_alone(at - Run.ABANDONED_AFTER)
        pks = list(left.values_list("pk", flat=True))
        for pk in pks:
            tasks.carry_out.enqueue(pk)
        old = Run.objects.exclude(state__in=(Run.State.WAITING, Run.State.RUNNING)).filter(
            touched_at__lt=at - KEPT_FOR
        )
        gone = old.delete()[0]
        Batch.objects.exclude(errors_folder="").filter(started_at__lt=at - KEPT_FOR).update(errors_folder="")
        needed = set(Run.objects.values_list("folder", flat=True)) | set(
            Batch.objects.values_list("errors_folder", flat=True)
        )
        # Written before its row is committed: a young folder may still find its row.
        for folder in keeping.older_than(at - timedelta(hours=1)):
            if folder not in needed:
                keeping.remove(folder)
        self.stdout.write(f"{len(pks)} imports resumed, {gone} forgotten.")
