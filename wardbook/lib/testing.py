"""What tests of every app need: posting as the pages do, and a few fixed moments."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.test import Client

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)

HTMX = {"HX-Request": "true"}


def post(client: Client, url: str, data: dict[str, Any] | None = None, **options: Any) -> Any:
    """Post a form as a page does it, with an operation key of its own.

    Give `operation` in `data` to say the same thing twice. `htmx=True` asks for the piece instead of the page.
    """
    if options.pop("htmx", False):
        options["headers"] = HTMX | options.get("headers", {})
    return client.post(url, {"operation": str(uuid.uuid4())} | (data or {}), **options)
