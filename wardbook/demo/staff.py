"""An office of the demo and its people. They have no password: in demo mode they are signed in by one press."""

from collections.abc import Iterable
from datetime import datetime

from wardbook.accounts.models import User
from wardbook.offices import actions as office_actions
from wardbook.offices.models import Office, Representative
from wardbook.vocabulary import actions as vocabulary_actions


def office(
    *, name: str, short_name: str, slug: str, profile: str, country: str, subdivision: str, at: datetime
) -> Office:
    """Make an office with its profile's lists and field uses."""
    made = office_actions.create_office(
        name=name,
        short_name=short_name,
        slug=slug,
        profile=profile,
        country=country,
        subdivision=subdivision,
        is_demo=True,
        by=None,
        at=at,
    )
    vocabulary_actions.seed_lists(made, by=None, at=at)
    return made


def hire(
    employer: Office, people: Iterable[tuple[str, str, str, str]], *, domain: str, at: datetime
) -> dict[str, User]:
    """Make people with their roles; returns them by first name."""
    hired: dict[str, User] = {}
    for name, mailbox, role, job_title in people:
        user = User.objects.create_user(f"{mailbox}@{domain}", name)
        office_actions.add_member(employer, user=user, role=role, job_title=job_title, by=None, at=at)
        hired[name.split(" ")[0]] = user
    return hired


def represent(employer: Office, name: str, title: str, user: User | None, *, at: datetime) -> Representative:
    """Somebody whom the office serves."""
    return office_actions.add_representative(employer, name=name, title=title, user=user, by=None, at=at)
