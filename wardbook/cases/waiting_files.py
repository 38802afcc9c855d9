"""Files of a refused form are not chosen again: they wait, for that person, until the form is sent once more.

A middleware does it for every form: before the view, files that waited join those that were sent; after it, files
that the form offers again are kept, outside the transaction that a refusal rolled back: 422, 409 where somebody was
quicker, or 200 where the form asks for something more. The draft of the form names them too, so that they are there
when somebody leaves the form and comes back to it.
"""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from wardbook.cases import actions, files
from wardbook.cases.models.working import WaitingFile
from wardbook.lib.forms import WAITING
from wardbook.offices.middleware import Request

REFUSED = (422, 409)
ASKED = 200
"""The form again, not refused, with a question more: how the case ended that an email is to close."""


class Returned(UploadedFile):  # type: ignore[type-arg]  # generic only in the stubs
    """A file that waited, as if it had been sent now."""

    def __init__(self, row: WaitingFile) -> None:
        content = File(files.path_of(actions.waiting_root(), row.key).open("rb"))
        super().__init__(content, row.name, row.declared_type, row.size)
        self.waiting_key = row.key


class WaitingFilesMiddleware:
    """Stands behind the gate of the office and before the transaction of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "may_wait", False):
            if response.status_code in REFUSED or (response.status_code == ASKED and _are_offered(request)):
                _keep(cast("Request", request))
            elif response.status_code < 400:
                _let_go(cast("Request", request))
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        is_form = request.method == "POST" and request.content_type == "multipart/form-data"
        # One file by script gets its answer by itself.
        by_script = "application/json" in request.headers.get("Accept", "")
        if is_form and hasattr(request, "member") and not by_script:
            request.may_wait = True  # type: ignore[attr-defined]  # a mark of this request
            _join(cast("Request", request))


def _join(request: Request) -> None:
    """Put what waited among the files that were sent; give the new ones a key, if there is room for them."""
    sent: list[Any] = _all(request)
    if sent:
        room = actions.room_for_waiting(request.member)
        for upload in sent:
            if upload.size and upload.size <= settings.UPLOAD_MAX_BYTES and room.takes(upload.size):
                upload.waiting_key = files.new_key()
    for name in [name for name in request.POST if name.endswith(WAITING)]:
        rows = WaitingFile.objects.visible_to(request.member).filter(key__in=request.POST.getlist(name)[:100])
        for row in rows.order_by("pk"):
            try:
                request.FILES.appendlist(name.removesuffix(WAITING), Returned(row))
            except OSError:
                # Swept away meanwhile: as if it had not been chosen.
                continue


def _are_offered(request: HttpRequest) -> bool:
    return any(getattr(upload, "is_offered", False) for upload in _all(request))


def _all(request: HttpRequest) -> list[Any]:
    return [upload for name in request.FILES for upload in request.FILES.getlist(name)]


def _keep(request: Request) -> None:
    for upload in _all(request):
        if getattr(upload, "is_offered", False) and not isinstance(upload, Returned):
            actions.let_wait(upload, upload.waiting_key, member=request.member, at=timezone.now())


def _let_go(request: Request) -> None:
    gone = [upload.waiting_key for upload in _all(request) if isinstance(upload, Returned)]
    if gone:
        actions.forget_waiting(WaitingFile.objects.visible_to(request.member).filter(key__in=gone))
