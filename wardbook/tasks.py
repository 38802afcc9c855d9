"""Work of the installation itself: proving that the worker works."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from wardbook import schedule


@task()
def sign_of_life() -> None:
    """Done by the worker, so its time proves that tasks get done, not only that a process exists."""
    schedule.beat(schedule.WORKER, timezone.now())


def ask_for_sign_of_life() -> bool:
    """Enqueue the question, unless one is waiting already: a stopped worker must not find thousands."""
    if DBTaskResult.objects.ready().filter(task_path=sign_of_life.module_path).exists():
        return False
    sign_of_life.enqueue()
    return True
