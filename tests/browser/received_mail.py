"""Addresses for the tests of received mail: a page that shows one through the component, and the framed answer."""

from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from wardbook.correspondence.cleaning import clean
from wardbook.correspondence.framing import framed
from wardbook.correspondence.links import plain_words
from wardbook.correspondence.paragraphs import as_paragraphs
from wardbook.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500"]

# Filled by the tests: what was received, by number, and the pictures that came with it.
MAILS: list[str] = []
PICTURES: dict[str, str] = {}
PAGE = """{% extends "base.html" %}{% block title %}Received{% endblock %}{% block main %}<h1>Received</h1>
<div id="box">{% for mail in mails %}{% with id=mail.id body=mail.body title=mail.title original=mail.original %}
{% include "c/mail_body.html" with lines=mail.lines %}{% endwith %}{% endfor %}</div>
<p id="after">After the mail.</p>{% endblock %}"""


def page(request, first, last):
    """Mails as the case page shows them, one component each."""
    mails = [
        {
            "id": f"mail-{n}",
            "body": as_paragraphs(MAILS[n]),
            "original": f"/received/{n}/original/",
            "title": f"Email from {plain_words(MAILS[n][:60])}",
            "lines": clean(MAILS[n]).lines,
        }
        for n in range(first, min(last, len(MAILS)))
    ]
    return HttpResponse(engines["django"].from_string(PAGE).render({"mails": mails}, request))


def original(request, number):
    return framed(clean(MAILS[number], inline=PICTURES), title=MAILS[number][:60])


# Named like the pages of the sign-in, which guard themselves: the gate knows no others without a row.
urlpatterns = [
    path("received/<int:first>-<int:last>/", page, name="account_test_received"),
    path("received/<int:number>/original/", original, name="account_test_original"),
    path("", include("wardbook.urls")),
]
