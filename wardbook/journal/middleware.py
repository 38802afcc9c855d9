"""A form that is sent twice does its work once and gets the same answer twice (R15, V1, V2)."""

import uuid
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from wardbook.journal.models import Operation
from wardbook.lib.quote import storable

HEADER = "Idempotency-Key"
FIELD = "operation"
# Routes that guard themselves against repetition, or that only note what a person is doing at the moment.
WITHOUT_KEY = ("account_", "mfa_", "usersessions_", "set_language")
_KEPT_HEADERS = (
    "Location",
    "Content-Type",
    "HX-Trigger",
    "HX-Redirect",
    "HX-Refresh",
    "HX-Push-Url",
    "HX-Retarget",
    "HX-Reswap",
)
_LARGEST_BODY = 200_000


def repeatable(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a view whose POST is harmless to repeat (presence, drafts): it needs no operation key."""
    view.is_repeatable = True  # type: ignore[attr-defined]  # a mark on the function
    return view


class OperationMiddleware:
    """Runs each changing request in one transaction with the row of its key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        if (
            request.method != "POST"
            or not request.user.is_authenticated
            or name.startswith(WITHOUT_KEY)
            or getattr(view, "is_repeatable", False)
        ):
            return None
        key = _key(request)
        if key is None:
            return render(request, "400.html", {"reason": "operation"}, status=400)
        try:
            with transaction.atomic():
                operation = Operation.objects.create(
                    key=key, user_id=request.user.pk, route=name, path=request.path[:500], at=timezone.now()
                )
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                    response = response.render()
                if response.status_code >= 400:
                    # Nothing happened: the same form may be corrected and sent again under the same key.
                    transaction.set_rollback(True)
                else:
                    _keep(operation, response)
        except IntegrityError:
            known = Operation.objects.filter(key=key, user_id=request.user.pk, status__gt=0).first()
            if known is None:
                raise
            return _again(request, known)
        return response


def _key(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.headers.get(HEADER) or request.POST.get(FIELD, ""))
    except ValueError:
        return None


def _keep(operation: Operation, response: HttpResponse) -> None:
    operation.status = response.status_code
    operation.headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    if not response.streaming and len(response.content) <= _LARGEST_BODY:
        operation.body = storable(response.content.decode(response.charset or "utf-8", "replace"))
    operation.save(update_fields=["status", "headers", "body"])


def _again(request: HttpRequest, known: Operation) -> HttpResponse:
    """The first answer once more. The same key at another address is a mistake of the page, not a repeat."""
    if known.path != request.path[:500]:
        return render(request, "400.html", {"reason": "operation"}, status=400)
    response = HttpResponse(known.body, status=known.status)
    for name, value in known.headers.items():
        response.headers[name] = value
    response.headers["Operation-Repeated"] = "true"
    return response
