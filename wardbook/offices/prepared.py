"""Standing questions of a member: what they may see of something, with the SQL made once for each role."""

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar, TypeVar

from django.db.models import QuerySet

from wardbook.lib.standing import Standing, Value
from wardbook.offices.models import Membership

Row = TypeVar("Row")


class Prepared(Standing[Row]):
    """A question that is asked on every page, by other people and about other things each time.

    `build(member, **values)` gives the queryset. It may ask the member for what depends on their role (`can`,
    `scope`), for their office_id and their user_id, and for nothing else: while the SQL is made the member is a
    stand-in that has no more. Call it with the member and the values to get the rows, as a list.
    """

    may_be_left_out: ClassVar[frozenset[str]] = frozenset({"office_id", "user_id"})

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], *ids: str, **times: type[date]) -> None:
        super().__init__(build, "office_id", "user_id", *ids, **times)

    def __call__(self, member: Membership, **values: Value) -> list[Row]:  # type: ignore[override]  # asked by somebody
        """The rows. Raises what the queryset would, and TypeError for values of another kind."""
        return self.rows(member.role, {"office_id": member.office_id, "user_id": member.user_id, **values})

    def queryset(self, shape: str, values: dict[str, Any]) -> QuerySet[Any, Row]:
        """The question as a queryset, of somebody in the role of the shape."""
        others = values.copy()
        someone = Membership(role=shape, office_id=others.pop("office_id"), user_id=others.pop("user_id"))
        return self.build(someone, **others)
