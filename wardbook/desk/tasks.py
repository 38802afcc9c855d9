"""Slow work of the desk."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from wardbook.desk.bulk import running


@task()
def go_on_with_bulk(run_id: int) -> None:
    """Do a bulk act to its end, part by part. Safe to start twice: each part is taken under the lock of its row."""
    while running.go_on(run_id, at=timezone.now()):
        pass
