"""What one person has in hand in an office, as numbers: for whoever takes over (S1.21)."""

from typing import TYPE_CHECKING, NamedTuple

from wardbook.cases.models import Activity, Case, CoAssignment
from wardbook.offices.models import Office, Team

if TYPE_CHECKING:
    from wardbook.accounts.models import User


class Holdings(NamedTuple):
    """Numbers only: who manages people need not see the cases."""

    cases: int
    planned: int
    shared: int
    teams: int

    @property
    def has_work(self) -> bool:
        return bool(self.cases or self.planned)


def of(office: Office, user: "User") -> Holdings:
    """Open cases owned, planned work, cases worked on beside an owner, teams led. Four queries."""
    cases = Case.objects.filter(office=office, deleted_at__isnull=True).open()
    planned = Activity.objects.filter(office=office, deleted_at__isnull=True).planned()
    return Holdings(
        cases=cases.filter(owner=user).count(),
        planned=planned.given_to(user.pk).count(),
        shared=CoAssignment.objects.filter(user=user, case__in=cases).count(),
        teams=Team.objects.active().filter(office=office, lead=user).count(),
    )
