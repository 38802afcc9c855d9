"""What people are in the middle of: drafts, and being on a case. Not in the journal: nothing has happened yet."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from wardbook.cases.models import Case, CaseVisit, Draft
from wardbook.lib.quote import storable
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.accounts.models import User

MOST_DRAFTS = 500
"""Per person and office; older ones give way."""


@transaction.atomic
def keep_draft(
    office: Office,
    *,
    scope: str,
    body: dict[str, Any],
    by: "User",
    at: datetime,
    case: Case | None = None,
    seen: int = 0,
) -> Draft:
    """Keep what is being typed: `body` maps the name of each field to its text, or to a list of texts.

    Raises Stale with the newer draft when another device saved since version `seen`.
    """
    body = {storable(name): _storable(value) for name, value in body.items()}
    draft = Draft.objects.select_for_update().filter(office=office, user=by, scope=scope).first()
    if draft is None:
        _make_room(office, by)
        try:
            with transaction.atomic():
                draft = Draft.objects.create(office=office, user=by, case=case, scope=scope, body=body, saved_at=at)
        except IntegrityError:
            raise RuleBroken("Twice at once.") from None
        return draft
    if draft.version != seen:
        if draft.body == body:
            return draft
        raise Stale(draft)
    draft.body, draft.saved_at, draft.version = body, at, draft.version + 1
    draft.save(update_fields=["body", "saved_at", "version"])
    return draft


def _storable(value: str | list[str]) -> str | list[str]:
    return [storable(text) for text in value] if isinstance(value, list) else storable(value)


def discard_draft(office: Office, *, scope: str, by: "User") -> None:
    """What was typed has become an entry, or is not wanted."""
    Draft.objects.filter(office=office, user=by, scope=scope).delete()


def visit(case: Case, *, by: "User", at: datetime, opened: bool = False, writing: bool = False) -> None:
    """Somebody has the case on the screen."""
    values: dict[str, Any] = {"seen_at": at}
    if opened:
        values["opened_at"] = at
    if writing:
        values["writing_at"] = at
    if not CaseVisit.objects.filter(case=case, user=by).update(**values):
        CaseVisit.objects.get_or_create(case=case, user=by, defaults={"opened_at": at, **values})


def _make_room(office: Office, by: "User") -> None:
    mine = Draft.objects.filter(office=office, user=by).order_by("-saved_at", "-pk")
    if mine.count() >= MOST_DRAFTS:
        Draft.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[MOST_DRAFTS - 1 :])).delete()
