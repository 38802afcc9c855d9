"""Whether this installation is well, for a load balancer and for whoever watches it."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from wardbook import schedule


def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers; what the worker and the timer last did stands beside it."""
    now = timezone.now()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        beats = {name: schedule.state_of(name, now) for name in (schedule.WORKER, schedule.TIMER)}
    except DatabaseError:
        return JsonResponse({"ok": False, "database": "does not answer"}, status=503)
    return JsonResponse({"ok": True, "database": "ok", **beats})
