"""A kept file as it is downloaded: what a case has, and what came with a message."""

from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase

from wardbook.cases import files, pictures
from wardbook.lib.download import ANYTHING, as_download
from wardbook.offices.middleware import Request


class Kept(Protocol):
    """What is known of a file whose bytes lie in the store."""

    name: str
    media_type: str
    size: int
    storage_key: str
    is_risky: bool


def path_of(found: Kept) -> Path:
    """Where its bytes lie, or 404 where they are gone."""
    path = files.path_of(settings.MEDIA_ROOT, found.storage_key)
    if not path.is_file():
        raise Http404
    return path


def kept_file(request: Request, found: Kept) -> HttpResponseBase:
    """The file, always as a download and never shown within our origin (E2, E8).

    Pictures go out without the place where they were made, unless `?original=1` asks for the file as it came (E6).
    """
    path = path_of(found)
    answer: HttpResponseBase
    if found.media_type in pictures.CARRIERS and "original" not in request.GET:
        answer = HttpResponse(pictures.without_place(path.read_bytes(), found.media_type))
    else:
        answer = FileResponse(path.open("rb"))
        answer["Content-Length"] = str(found.size)
    return as_download(answer, found.name, ANYTHING if found.is_risky else found.media_type)
