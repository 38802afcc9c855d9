"""How a person likes their lists. A preference: nothing for the journal."""

from collections.abc import Iterable

from wardbook.offices.models import Membership


def remember_list(
    member: Membership, *, status: Iterable[str] | None = None, columns: Iterable[str] | None = None
) -> None:
    """Keep the statuses or the columns somebody chose for the list of cases; writes only what is new."""
    choice = dict(member.list_choice)
    if status is not None:
        choice["status"] = list(status)
    if columns is not None:
        choice["columns"] = list(columns)
    if choice != member.list_choice:
        member.list_choice = choice
        Membership.objects.filter(pk=member.pk).update(list_choice=choice)
