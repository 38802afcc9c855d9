from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from wardbook.accounts.factories import UserFactory
from wardbook.accounts.models import User
from wardbook.offices.models import Membership, Office, Representative, Team, TeamMember, Ward

LONG_AGO = datetime(2020, 1, 6, 9, 0, tzinfo=UTC)


class OfficeFactory(DjangoModelFactory):
    """A member's office in England."""

    class Meta:
        model = Office

    name = factory.Sequence(lambda n: f"Office {n}")
    short_name = factory.Sequence(lambda n: f"Office {n}")
    slug = factory.Sequence(lambda n: f"office-{n}")
    created_at = LONG_AGO


class MembershipFactory(DjangoModelFactory):
    """One person in one office; a caseworker unless told otherwise."""

    class Meta:
        model = Membership

    office = factory.SubFactory(OfficeFactory)
    user = factory.SubFactory(UserFactory)
    role = Membership.Role.CASEWORKER
    started_at = LONG_AGO


class ManagerFactory(MembershipFactory):
    """Somebody who runs the office and lets people in."""

    role = Membership.Role.MANAGER


class AdminFactory(MembershipFactory):
    role = Membership.Role.ADMIN


def CaseworkerFactory(*, office: Office | None = None, role: str = "caseworker", **kwargs: object) -> User:  # noqa: N802  used like a factory
    """A user who is a caseworker of `office` (or of a new one); `role=` makes them something else."""
    return MembershipFactory(office=office or OfficeFactory(), role=role, user=UserFactory(**kwargs)).user


class RepresentativeFactory(DjangoModelFactory):
    """Somebody the office serves."""

    class Meta:
        model = Representative

    office = factory.SubFactory(OfficeFactory)
    name = factory.Sequence(lambda n: f"Representative {n}")


class TeamFactory(DjangoModelFactory):
    """A team without members."""

    class Meta:
        model = Team

    office = factory.SubFactory(OfficeFactory)
    name = factory.Sequence(lambda n: f"Team {n}")


class TeamMemberFactory(DjangoModelFactory):
    class Meta:
        model = TeamMember

    team = factory.SubFactory(TeamFactory)
    user = factory.SubFactory(UserFactory)


class WardFactory(DjangoModelFactory):
    """A ward of the office's area."""

    class Meta:
        model = Ward

    office = factory.SubFactory(OfficeFactory)
    name = factory.Sequence(lambda n: f"Ward {n}")
