"""Says back in full which day was meant by "fri" or "+10wd"."""

from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from wardbook.desk.office_days import days_of
from wardbook.lib import days
from wardbook.offices.middleware import Request


@require_safe
def day(request: Request, office: str) -> HttpResponse:
    """`?q=fri` → the day in ISO and in words; 422 with a sentence when it is none."""
    known = days_of(request.office, timezone.now())
    try:
        meant = days.parse_day(
            request.GET.get("q", ""), today=known["today"], add_working_days=known["add_working_days"]
        )
    except days.NotADay as unreadable:
        return JsonResponse({"error": str(unreadable)}, status=422)
    return JsonResponse({"iso": meant.isoformat(), "words": days.long_day(meant)})


urlpatterns = [path("day/", day, name="day")]
