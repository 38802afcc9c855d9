"""Messages as entries of a timeline: who said what to whom, how far it got, and what can be done with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from wardbook.cases.models import Case
from wardbook.correspondence import events, senders, warnings
from wardbook.correspondence.leaving import ON_ITS_WAY, TROUBLED
from wardbook.correspondence.models import Attachment, Message, MessageAddress
from wardbook.correspondence.paragraphs import as_paragraphs
from wardbook.correspondence.scans import press
from wardbook.desk.file_lines import attachment_line
from wardbook.desk.inbox.item import FAR_PICTURE
from wardbook.desk.timeline_entry import Entry
from wardbook.lib.days import long_day
from wardbook.offices.models import Membership

State = Message.State
# The message itself stands on the timeline, with how far it got; so does the letter that was printed, with its PDF.
POST_UNTOLD = frozenset(
    {events.MESSAGE_RECEIVED, events.MESSAGE_FILED, events.MESSAGE_WRITTEN, events.MESSAGE_SENT}
    | {events.MESSAGE_DELAYED, events.MESSAGE_UNCERTAIN, events.MESSAGE_FAILED, events.MESSAGE_BOUNCED}
    | {events.MESSAGE_ACKNOWLEDGED, events.CAMPAIGN_JOINED, events.MESSAGE_LOGGED, events.MESSAGE_DESCRIBED}
    | {events.PICTURES_SHOWN, events.LETTER_PRINTED}
)
ICONS: dict[str, str] = {Message.Medium.LETTER: "mail-open", Message.Medium.SOCIAL: "message-square-text"}


def messages_of(case: int, member: Membership) -> "QuerySet[Message]":
    """The messages on a case, those that brought a second matter too; one query, and two for what hangs on them."""
    found = Message.objects.visible_to(member).on_case(case)
    return found.select_related("by", "contact", "dispatch").prefetch_related("addresses", "attachments")


def attachments_of(case: Case, member: Membership, most: int) -> list[dict[str, Any]]:
    """The newest files that came or went with messages of a case, as lists of files draw them. One query.

    What went to several people, each in a message of their own, is one file.
    """
    found = Attachment.objects.filter(message__case=case, is_inline=False).select_related("message")
    if not member.can("correspondence.read"):
        return []
    once = {(part.sha256, part.name): part for part in reversed(found.order_by("-message__at", "-pk")[:most])}
    return [
        attachment_line(part, member.office.slug) | {"at": part.message.at, "source": f"message-{part.message_id}"}
        for part in reversed(once.values())
    ]


def message_entries(rows: Sequence[Message], case: Case, member: Membership, at: datetime) -> list[Entry]:
    """One entry for each message."""
    return [_entry(row, case, member, at) for row in rows]


def in_brief(row: Message, slug: str) -> Entry:
    """The same outside its case: what was said, to whom and with which files, and nothing to be done with it."""
    return Entry(
        id=f"message-{row.pk}",
        mark="in" if row.is_incoming else "out",
        heading=_heading(row),
        at=row.at,
        icon=ICONS.get(row.medium, "mail"),
        body=row.text.strip(),
        audience="" if row.is_incoming else _audience(row),
        documents=_documents(row, slug),
        lang=row.language,
        tone="trouble" if row.state in TROUBLED else "",
    )


def _entry(row: Message, case: Case, member: Membership, at: datetime) -> Entry:
    slug, entry_id = member.office.slug, f"message-{row.pk}"
    trimmed = "\n\n".join(part for part in (row.signature, row.quoted) if part)
    return Entry(
        id=entry_id,
        mark="in" if row.is_incoming else "out",
        heading=_heading(row),
        at=row.at,
        icon=ICONS.get(row.medium, "mail"),
        body=row.text.strip() or (trimmed and "…"),
        audience="" if row.is_incoming else _audience(row),
        url=f"{reverse('desk:case', args=[slug, case.number])}?entry={entry_id}#{entry_id}",
        facts=_facts(row, member),
        documents=_documents(row, slug),
        actions=_menu(row, case, member),
        lang=row.language,
        earlier=as_paragraphs(trimmed) if trimmed else "",
        original=reverse("correspondence:original", args=[slug, row.pk]) if row.html else "",
        pictures=_at("correspondence:pictures", slug, row) if FAR_PICTURE.search(row.html) else "",
        warnings=[str(line) for line in warnings.words(row.warnings)],
        tone="trouble" if row.state in TROUBLED else "",
        family="email",
        rank=4,
        pk=row.pk,
    )


def _heading(row: Message) -> str:
    subject = str(row)
    if row.is_incoming:
        who = row.contact.name if row.contact else row.from_name or row.from_address
        if row.medium == Message.Medium.LETTER:
            return _("Letter from %(name)s: %(subject)s") % {
                "name": who or _("an unknown sender"),
                "subject": subject,
            }
        if row.medium == Message.Medium.SOCIAL:
            names = {"name": who, "subject": subject, "network": row.get_network_display()}
            return _("%(network)s message from %(name)s: %(subject)s") % names
        return _("Email from %(name)s: %(subject)s") % {"name": who, "subject": subject}
    who = ", ".join(_to(row)) or "—"
    if row.is_automatic:
        return _("Automatic answer to %(name)s: %(subject)s") % {"name": who, "subject": subject}
    return _("Email to %(name)s: %(subject)s") % {"name": who, "subject": subject}


def _documents(row: Message, slug: str) -> list[dict[str, Any]]:
    """The files of a message; of a letter that was scanned, its pages can be looked at."""
    parts = [part for part in row.attachments.all() if not part.is_inline]
    lines = [attachment_line(part, slug) for part in parts]
    if row.is_by_hand:
        for part, line in zip(parts, lines, strict=True):
            if part.media_type in press.SHOWN:
                line["look"] = reverse("correspondence:pages", args=[slug, part.pk])
    return lines


def _to(row: Message) -> list[str]:
    return [one.name or one.address for one in row.addresses.all() if one.role == MessageAddress.Role.TO]


def _audience(row: Message) -> str:
    if row.state == State.HELD:
        return _("Goes out in a moment")
    if row.state in ON_ITS_WAY:
        return _("On its way")
    if row.state == State.SENT:
        return _("Sent outside")
    return str(State(row.state).label)


def _facts(row: Message, member: Membership) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = []
    if row.is_incoming:
        facts.append((_("From"), row.sender))
        if row.forwarded:
            facts.append((_("Original sender, as the text says"), str(senders.writer_of(row).address)))
        if row.written_at and row.is_by_hand:
            facts.append((_("Dated"), long_day(row.written_at.astimezone(member.office.zone).date())))
        if row.link:
            facts.append((_("Link"), row.link))
    else:
        facts.append((_("From"), f"{row.from_name} <{row.from_address}>"))
        if row.by:
            facts.append((_("Written by"), str(row.by)))
    addresses = list(row.addresses.all())
    for role, label in ((MessageAddress.Role.TO, _("To")), (MessageAddress.Role.CC, _("Copy to"))):
        named = [_address(one) for one in addresses if one.role == role]
        if named:
            facts.append((label, "; ".join(named[:6]) + (" …" if len(named) > 6 else "")))
    if row.line == Message.Line.AGENCY:
        facts.append((_("Line"), _("With an agency")))
    dispatch = None if row.is_incoming else getattr(row, "dispatch", None)
    if dispatch and dispatch.problem and row.state != State.SENT:
        said = dispatch.get_problem_display()
        facts.append((_("Trouble"), f"{said}: {dispatch.server_said}" if dispatch.server_said else said))
    return facts


def _address(one: MessageAddress) -> str:
    if one.state in (MessageAddress.State.REFUSED, MessageAddress.State.BOUNCED):
        return f"{one} ({one.get_state_display().lower()}{': ' + one.answer if one.answer else ''})"
    return str(one)


def _menu(row: Message, case: Case, member: Membership) -> list[dict[str, Any]]:
    slug = member.office.slug
    items: list[dict[str, Any]] = []
    may_write = member.can("correspondence.write")
    if row.is_incoming and row.medium == Message.Medium.EMAIL and may_write:
        answer = f"{reverse('desk:case', args=[slug, case.number])}?write=email&answer={row.pk}#composer"
        items.append({"label": _("Answer"), "url": answer, "icon": "reply"})
    if row.medium == Message.Medium.LETTER and may_write:
        answer = f"{reverse('desk:case', args=[slug, case.number])}?write=letter#composer"
        items.append({"label": _("Answer by letter"), "url": answer, "icon": "reply"})
    if not row.is_incoming and may_write and row.can_be_stopped(row.at):
        items.append(
            {
                "label": _("Stop it"),
                "url": _at("correspondence:stopping", slug, row),
                "icon": "octagon-x",
                "post": True,
            }
        )
    undelivered = row.state in (State.STOPPED, State.FAILED, State.BOUNCED)
    if undelivered and row.medium == Message.Medium.EMAIL and not row.is_automatic and may_write:
        again = f"{reverse('desk:case', args=[slug, case.number])}?write=email&again={row.pk}#composer"
        items.append({"label": _("Write it again"), "url": again, "icon": "pencil"})
    if row.state in (State.FAILED, State.UNCERTAIN) and may_write:
        items.append(
            {"label": _("Try again"), "url": _at("correspondence:retry", slug, row), "icon": "send", "post": True}
        )
    if row.is_incoming and member.can("inbox.file"):
        items += [
            {
                "label": _("Put it on another case"),
                "url": _at("desk:inbox_filing", slug, row),
                "icon": "folder-input",
                "dialog": True,
            },
            {
                "label": _("Make a case of its second matter"),
                "url": _at("desk:inbox_split", slug, row),
                "icon": "split",
                "dialog": True,
            },
            {
                "label": _("Back to the Inbox"),
                "url": _at("desk:inbox_return", slug, row),
                "icon": "inbox",
                "post": True,
            },
        ]
    if row.is_incoming and row.medium == Message.Medium.EMAIL:
        items.append(
            {"label": _("Save the email as it came"), "url": _at("correspondence:raw", slug, row), "icon": "download"}
        )
    return items


def _at(route: str, slug: str, row: Message) -> str:
    return reverse(route, args=[slug, row.pk])
