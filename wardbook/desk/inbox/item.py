"""One item of the Inbox in the reading pane: who wrote what, what we think it is, and what can be done."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wardbook.cases.models import Case
from wardbook.contacts.models import Contact
from wardbook.correspondence import senders, warnings
from wardbook.correspondence.actions import forwarding, scanning
from wardbook.correspondence.models import Message
from wardbook.correspondence.paragraphs import as_paragraphs
from wardbook.correspondence.scans import press
from wardbook.correspondence.threading import REASONS
from wardbook.desk.file_lines import attachment_lines
from wardbook.lib.days import long_day
from wardbook.offices.middleware import Request

MOST_MATCHES = 5
FULL_LINE = 90
MOST_SCANS = 3
"""So many scans are shown at once; the others are among the files."""
# A picture that lies elsewhere. Only for the line that says so: what is shown is decided by cleaning.
FAR_PICTURE = re.compile(r"<img\b[^>]{0,2000}?\bsrc\s*=\s*[\"']?\s*(?:https?:)?//", re.IGNORECASE)


def item_context(request: Request, message: Message, at: datetime) -> dict[str, Any]:
    """What the reading pane shows of a message."""
    member = request.member
    suggested = None
    if message.suggested_case_id:
        suggested = Case.objects.visible_to(member).filter(pk=message.suggested_case_id).first()
    contact = contact_of(request, message)
    matches = other_matches(request, contact, suggested)
    return {
        "message": message,
        "contact": contact,
        "to": list(message.addresses.all()),
        "body": body_of(request, message),
        "attachments": attachment_lines(request.office.slug, message),
        "warnings": warnings.words(message.warnings),
        "suggested": suggested,
        "is_sure": bool(suggested and message.suggestion_is_sure),
        "invitation": invitation_lines(request, message),
        "why": REASONS.get(message.suggestion, "") if suggested else "",
        "matches": matches,
        "is_waiting": message.state == Message.State.WAITING,
        "today": request.office.local_date(at),
        "scans": scan_lines(request.office.slug, message),
        "forwarded": forward_lines(request, message),
        "went_to": forwarding.forwarded(message) if message.state == Message.State.DISMISSED else [],
        "can_be_cut": scanning.can_be_cut(message) is not None,
        "has_raw": message.medium == Message.Medium.EMAIL,
    }


def scan_lines(slug: str, message: Message) -> list[dict[str, str]]:
    """The scans of a letter and the pictures of a social message, each with the address of its pages as pictures."""
    if not message.is_by_hand:
        return []
    shown = [part for part in message.attachments.all() if part.media_type in press.SHOWN]
    return [
        {"name": part.name, "url": reverse("correspondence:pages", args=[slug, part.pk])}
        for part in shown[:MOST_SCANS]
    ]


def forward_lines(request: Request, message: Message) -> dict[str, Any]:
    """What a colleague's forward says of the mail within it; nothing for other mail. Never proved (B1)."""
    said = message.forwarded
    if not said:
        return {}
    writer = senders.writer_of(message)
    shown = f"{writer.name} <{writer.address}>" if writer.name and writer.address else writer.address or writer.name
    return {
        "by": message.sender,
        "who": shown,
        "on": _said_at(request, said.get("written_at", "")) if said.get("written_at") else "",
        "is_text": said.get("read_from") != "attachment",
    }


def contact_of(request: Request, message: Message) -> Contact | None:
    """Who wrote it, if exactly one person we may see has that address or handle."""
    people = Contact.objects.visible_to(request.member).select_related("ward").prefetch_related("addresses")
    if message.contact_id:
        return people.filter(pk=message.contact_id).first()
    known = senders.people_of(message)
    return people.filter(pk=known[0].pk).first() if len(known) == 1 else None


def other_matches(request: Request, contact: Contact | None, suggested: Case | None) -> list[Case]:
    """Open cases of the person, newest first, besides the one we suggest."""
    if contact is None:
        return []
    cases = Case.objects.visible_to(request.member).open().filter(constituent=contact)
    if suggested:
        cases = cases.exclude(pk=suggested.pk)
    return list(cases.order_by("-last_activity_at").only("number", "reference", "description")[:MOST_MATCHES])


def body_of(request: Request, message: Message) -> dict[str, Any]:
    """What c/mail_body.html needs."""
    whole = "\n\n".join(part for part in (message.text, message.signature, message.quoted) if part)
    trimmed = bool(message.signature or message.quoted)
    slug, far = request.office.slug, bool(FAR_PICTURE.search(message.html))
    original = reverse("correspondence:original", args=[slug, message.pk]) if message.html else ""
    return {
        "id": f"message-{message.pk}-body",
        "body": as_paragraphs(whole),
        "own": as_paragraphs(message.text) if trimmed and message.text.strip() else "",
        "title": _("Email from %(sender)s") % {"sender": message.sender},
        "original": original,
        "lines": likely_lines(whole),
        "has_far_pictures": far,
        "pictures_url": reverse("correspondence:pictures", args=[slug, message.pk]) if far else "",
        "lang": message.language,
    }


def likely_lines(text: str) -> int:
    """How tall a mail will be, guessed from its words: cleaning it only to count would cost as much as showing it."""
    return sum(1 + len(line) // FULL_LINE for line in text.splitlines())


def invitation_lines(request: Request, message: Message) -> list[tuple[str, str]]:
    """What a calendar invitation says, in words and in the office's own time (IN-14)."""
    if not message.invitation:
        return []
    said = message.invitation
    starts, ends = _said_at(request, said.get("starts", "")), _said_at(request, said.get("ends", ""))
    if starts[:-5] == ends[:-5] and starts != ends:
        ends = ends[-5:]
    lines = [
        (_("What"), said.get("summary", "")),
        (_("When"), " – ".join(part for part in dict.fromkeys((starts, ends)) if part)),
        (_("Where"), said.get("place", "")),
        (_("Who invites"), said.get("organiser", "")),
        (_("Answer by"), _said_at(request, said.get("reply_by", ""))),
    ]
    return [(label, value) for label, value in lines if value]


def _said_at(request: Request, text: str) -> str:
    """A moment or a day of a calendar file; what is neither stays as it is."""
    try:
        if len(text) <= 10:
            return long_day(date.fromisoformat(text))
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    at = at.astimezone(request.office.zone) if at.tzinfo else at
    return f"{long_day(at.date())}, {at:%H:%M}"
