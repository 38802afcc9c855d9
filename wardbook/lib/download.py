"""A file as an answer: always a download, which may do nothing should a browser show it all the same (E2, E8)."""

from typing import TypeVar

from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

Answer = TypeVar("Answer", bound=HttpResponseBase)

ANYTHING = "application/octet-stream"
"""What no browser and no program of a desktop opens by itself."""


def as_download(answer: Answer, name: str, media_type: str = ANYTHING) -> Answer:
    """The answer under the name of a file, with no rights in our origin."""
    answer["Content-Type"] = media_type
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return answer
