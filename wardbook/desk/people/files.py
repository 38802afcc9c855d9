"""The files with one contact: those of their entries and cases, and those that came or went by mail (AT-4)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, F, Max, Q, QuerySet, Value

from wardbook.cases.models import Case, Document
from wardbook.contacts.models import Contact
from wardbook.correspondence.models import Attachment, Message
from wardbook.desk.file_lines import attachment_line, file_line
from wardbook.offices.models import Membership

OF_CASE, OF_POST = "case", "post"


def files_with(found: Contact, member: Membership, cases: list[int]) -> "QuerySet[Any]":
    """Every file with somebody that the member may see, newest first: where it lies, its id and its day. `cases` are
    those of theirs that the member may see.

    What went to several people, each in a message of their own, is one file.
    """
    theirs = Q(contact=found) | Q(case__in=cases)
    rows: QuerySet[Any] = Document.objects.visible_to(member).filter(theirs).order_by()
    rows = rows.annotate(lies=_words(OF_CASE), row=F("pk"), at=F("uploaded_at"))
    rows = rows.values_list("lies", "row", "at")
    if member.can("correspondence.read"):
        rows = rows.union(_posted(found, member, cases), all=True)
    return rows.order_by("-at", "-row")


def lines(rows: Iterable[tuple[str, int, Any]], member: Membership) -> list[dict[str, Any]]:
    """Those files as a list draws them, each with its case. At most three queries."""
    wanted, slug = list(rows), member.office.slug
    documents = _of(wanted, OF_CASE, Document.objects.visible_to(member).select_related("case"))
    parts = _of(wanted, OF_POST, Attachment.objects.visible_to(member).select_related("message"))
    # A message can be on a second case: then the first is perhaps not for this reader.
    numbers = {part.message.case_id for part in parts.values() if part.message.case_id}
    seen = Case.objects.visible_to(member).in_bulk(numbers) if numbers else {}
    drawn = []
    for lies, row, at in wanted:
        if lies == OF_CASE and (document := documents.get(row)):
            drawn.append(file_line(document, slug) | {"case": document.case})
        elif part := parts.get(row) if lies == OF_POST else None:
            drawn.append(attachment_line(part, slug) | {"at": at, "case": seen.get(part.message.case_id)})
    return drawn


def _posted(found: Contact, member: Membership, cases: list[int]) -> "QuerySet[Any]":
    # Each way by an index of its own. The ranges add nothing but that SQLite goes by it also in an office that has
    # filed little of its mail, and does not read all of it.
    visible = Message.objects.visible_to(member).order_by()
    with_them = visible.filter(contact=found, contact_id__gte=found.pk, contact_id__lte=found.pk).values("pk")
    if cases:
        # Cases that the member may see: nothing more has to be asked of their messages.
        on_cases = Message.objects.filter(office_id=member.office_id, case__in=cases).order_by()
        on_cases = on_cases.filter(case_id__gte=min(cases), case_id__lte=max(cases))
        with_them = with_them.union(on_cases.values("pk"))
    parts = Attachment.objects.filter(message__in=with_them, is_inline=False)
    once: QuerySet[Any] = parts.order_by().annotate(lies=_words(OF_POST)).values("lies", "sha256", "name")
    newest: QuerySet[Any] = once.annotate(row=Max("pk"), at=Max("message__at")).values_list("lies", "row", "at")
    return newest


def _words(text: str) -> Value:
    return Value(text, output_field=CharField())


def _of(wanted: list[tuple[str, int, Any]], lies: str, found: "QuerySet[Any]") -> dict[int, Any]:
    ids = [row for place, row, _at in wanted if place == lies]
    return found.in_bulk(ids) if ids else {}
