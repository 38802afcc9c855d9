"""Slow work of imports that were asked for in the browser."""

from django.utils import timezone
from django_tasks import task

from wardbook.exchange import running


@task()
def carry_out(run_id: int) -> None:
    """Check a file, bring it in, or take a batch back."""
    running.carry_out(run_id, clock=timezone.now)
