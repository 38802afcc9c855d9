"""Who can see one case, as people: for mentions, for the audience of a note, for whom it may be given to."""

from typing import TYPE_CHECKING

from wardbook.cases.models import Case, CaseAccess, CoAssignment
from wardbook.offices.models import Membership, TeamMember

if TYPE_CHECKING:
    from wardbook.accounts.models import User


def who_can_see(case: Case) -> list[Membership]:
    """Every active member of the office who finds the case through `visible_to`, by name. Four queries.

    `visible_to` answers "which cases for this person"; this is the same question from the other side. A test
    holds the two together.
    """
    members = Membership.objects.active().filter(office_id=case.office_id).select_related("user")
    grants = dict(CaseAccess.objects.filter(case=case).values_list("user_id", "grant"))
    named = set(CoAssignment.objects.filter(case=case).values_list("user_id", flat=True)) | {case.owner_id}
    named |= {user for user, grant in grants.items() if grant == CaseAccess.Grant.READER}
    team: set[int] = set()
    if case.owner_team_id is not None:
        team = set(TeamMember.objects.filter(team_id=case.owner_team_id).values_list("user_id", flat=True))
    return [
        member
        for member in members.order_by("user__name", "pk")
        if member.can("cases.read")
        and grants.get(member.user_id) != CaseAccess.Grant.KEPT_OUT
        and (member.user_id in named or _by_role(case, member, team))
    ]


def who_reads_notes(case: Case) -> "list[User]":
    """Who can be told something by a note for the office: whoever sees the case and its notes, by name."""
    return [member.user for member in who_can_see(case) if member.can("cases.notes.internal")]


def _by_role(case: Case, member: Membership, team: set[int]) -> bool:
    if member.scope == "all":
        return True
    if case.is_restricted:
        return False
    return (
        member.scope == "unrestricted"
        or (member.scope == "team" and member.user_id in team)
        or (member.scope == "raised" and member.user_id == case.created_by_id)
    )


def can_see(case: Case, user: "User") -> bool:
    """Whether one person sees the case, through the only door."""
    member = Membership.objects.active().filter(office_id=case.office_id, user=user).first()
    return member is not None and Case.objects.visible_to(member).filter(pk=case.pk).exists()
