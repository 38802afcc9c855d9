"""The only writers of saved views, and what the journal is told of a list that leaves as a file."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.desk import events
from wardbook.desk.models import SavedView
from wardbook.journal.actions import record, remember_undo
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Membership, Office

if TYPE_CHECKING:
    from wardbook.accounts.models import User

LONGEST_QUERY = 1000
MOST_VIEWS = 100


@transaction.atomic
def save_view(
    member: Membership,
    *,
    name: str,
    query: str,
    by: "User",
    at: datetime,
    is_pinned: bool = True,
    is_shared: bool = False,
) -> SavedView:
    """Keep a filter under a name. Raises RuleBroken for a name the person has given already."""
    _check(member.office_id, by, name, query)
    if SavedView.objects.filter(office_id=member.office_id, owner=by).count() >= MOST_VIEWS:
        raise RuleBroken(_("You have 100 views. Delete one first."))
    view = SavedView.objects.create(
        office_id=member.office_id,
        owner=by,
        name=name,
        query=query,
        is_pinned=is_pinned,
        is_shared=is_shared,
        created_at=at,
    )
    record(events.VIEW_SAVED, about=view, by=by, at=at, shared=is_shared)
    return view


@transaction.atomic
def change_view(view: SavedView, *, by: "User", at: datetime, **values: Any) -> SavedView:
    """Change a view's name, filter, pin or sharing. Raises RuleBroken for a name the person has given already."""
    if unknown := values.keys() - {"name", "query", "is_pinned", "is_shared"}:
        raise ValueError(f"Not a part of a view: {', '.join(sorted(unknown))}")
    view = SavedView.objects.select_for_update().get(pk=view.pk)
    changed = sorted(name for name, value in values.items() if getattr(view, name) != value)
    if not changed:
        return view
    _check(view.office_id, by, values.get("name", view.name), values.get("query", view.query), but=view.pk)
    for name in changed:
        setattr(view, name, values[name])
    view.save(update_fields=changed)
    record(events.VIEW_CHANGED, about=view, by=by, at=at, fields=changed, shared=view.is_shared)
    return view


@transaction.atomic
def delete_view(view: SavedView, *, by: "User", at: datetime) -> int | None:
    """Forget a view. Returns the number of its undo."""
    kept = {name: getattr(view, name) for name in ("name", "query", "is_pinned", "is_shared")}
    kept["created_at"] = view.created_at.isoformat()
    record(events.VIEW_DELETED, about=view, by=by, at=at, shared=view.is_shared)
    label = _("View “%(name)s” deleted") % {"name": view.name}
    undo = remember_undo("view.return", office_id=view.office_id, by=by, at=at, label=label, payload=kept)
    view.delete()
    return undo.pk if undo else None


def _check(office_id: int, by: "User", name: str, query: str, but: int = 0) -> None:
    if SavedView.objects.filter(office_id=office_id, owner=by, name=name).exclude(pk=but).exists():
        raise RuleBroken(_("You have a view of this name. Choose another."))
    if len(query) > LONGEST_QUERY:
        raise RuleBroken(_("This filter is too long to be kept. Use fewer words."))


@transaction.atomic
def tell_export(office: Office, *, query: str, columns: Sequence[str], count: int, by: "User", at: datetime) -> None:
    """Say in the journal who took which cases along: by what filter, with which columns, how many (S4.31)."""
    record(
        events.CASES_EXPORTED,
        about=office,
        by=by,
        at=at,
        filter=query[:LONGEST_QUERY],
        columns=list(columns),
        count=count,
    )
