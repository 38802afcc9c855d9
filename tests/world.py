"""Two offices with one of everything, for tests that walk the whole house."""

import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.apps import apps
from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from tests.world_post import add_post
from wardbook.accounts.models import User
from wardbook.cases import actions as case_actions
from wardbook.cases.factories import (
    ActivityFactory,
    CaseFactory,
    CaseNoteFactory,
    DocumentFactory,
    InternalNoteFactory,
)
from wardbook.cases.models import CaseAccess, CaseLink, CaseLocation, Draft, Party
from wardbook.contacts import actions as contact_actions
from wardbook.contacts.factories import AgencyFactory, ContactFactory
from wardbook.desk.models import BulkRun, SavedView
from wardbook.exchange.models import Batch, Run
from wardbook.journal.actions import remember_undo
from wardbook.offices.factories import (
    MembershipFactory,
    OfficeFactory,
    RepresentativeFactory,
    TeamFactory,
    WardFactory,
)
from wardbook.offices.models import Closure, Invitation, Membership, Office, TeamMember
from wardbook.vocabulary import actions as vocabulary_actions
from wardbook.vocabulary.models import LISTS, ActivityType, PartyRole

MONDAY = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
ROLES = tuple(Membership.Role.values)


@dataclass
class World:
    """An office with one person a role and one of everything; every text holds the canary."""

    canary: str
    office: Office
    users: dict[str, User] = field(default_factory=dict)
    things: dict[str, object] = field(default_factory=dict)

    def __getattr__(self, name):
        try:
            return self.__dict__["things"][name]
        except KeyError:
            raise AttributeError(name) from None


def build(canary: str, *, slug: str) -> World:
    """Make the office and its things."""
    # Numbers of their own, so that a case of one office is never by chance a case of the other.
    first = 1000 if slug == "ours" else 5000
    office = OfficeFactory(name=f"{canary} office", short_name=slug, slug=slug, last_case_number=first)
    vocabulary_actions.seed_lists(office, by=None, at=MONDAY)
    world = World(canary, office)
    for role in ROLES:
        world.users[role] = MembershipFactory(office=office, role=role, user__name=f"{canary} {role}").user
    manager, things = world.users["manager"], world.things
    things["ward"] = WardFactory(office=office, name=f"{canary} ward")
    things["representative"] = RepresentativeFactory(office=office, name=f"{canary} member")
    things["team"] = TeamFactory(office=office, name=f"{canary} team")
    TeamMember.objects.create(team=things["team"], user=world.users["service"])
    things["contact"] = ContactFactory(
        office=office,
        given_name=canary,
        family_name="Person",
        phones=["01632 960 999"],
        emails=[f"{slug}@example.org"],
        address=f"1 {canary} Street",
        postcode="GM1 1AA",
    )
    things["agency"] = AgencyFactory(office=office, organisation_name=f"{canary} agency")
    things["contact_note"] = contact_actions.add_note(
        things["contact"], description=f"{canary} note", text=canary, by=manager, at=MONDAY
    )
    common = {"office": office, "constituent": things["contact"], "created_by": manager}
    things["tag"] = vocabulary_actions.find_or_add_tag(office, f"{canary}-tag", by=manager, at=MONDAY)
    things["case"] = CaseFactory(description=f"{canary} damp", notes=canary, **common)
    case_actions.set_tags(things["case"], [things["tag"]], by=manager, at=MONDAY)
    things["restricted"] = CaseFactory(description=f"{canary}SECRET matter", is_restricted=True, **common)
    things["closed"] = CaseFactory(description=f"{canary} old matter", closed=True, **common)
    things["binned"] = CaseFactory(description=f"{canary} binned", **common)
    case_actions.delete(things["binned"], by=manager, at=timezone.now())
    things["activity"] = ActivityFactory(case=things["case"], office=office, subject=f"{canary} call")
    things["loose"] = ActivityFactory(
        case=None, contact=things["contact"], office=office, subject=f"{canary} enquiry"
    )
    things["planned"] = case_actions.plan_activity(
        office,
        case=things["case"],
        subject=f"{canary} chase",
        due_on=timezone.now().date() + timedelta(days=3),
        assignee=manager,
        by=manager,
        at=timezone.now(),
    )
    things["given"] = case_actions.plan_activity(
        office,
        case=things["case"],
        subject=f"{canary} given",
        due_on=timezone.now().date(),
        assignee=manager,
        by=world.users["caseworker"],
        at=timezone.now(),
    )
    things["nobodys"] = case_actions.plan_activity(
        office,
        case=things["case"],
        subject=f"{canary} nobody's",
        due_on=timezone.now().date(),
        team=things["team"],
        by=manager,
        at=timezone.now(),
    )
    things["owned"] = CaseFactory(description=f"{canary} owned", owner=world.users["caseworker"], **common)
    things["internal_note"] = InternalNoteFactory(
        case=things["case"], text=f"{canary}INTERNAL", by=manager, at=timezone.now()
    )
    things["case_note"] = CaseNoteFactory(case=things["case"], text=f"{canary} shared", by=manager)
    things["document"] = DocumentFactory(
        activity=things["activity"], case=things["case"], office=office, name=f"{canary}.txt"
    )
    things["place"] = CaseLocation.objects.create(case=things["case"], text=f"{canary} corner", ward=things["ward"])
    things["party"] = Party.objects.create(
        case=things["case"],
        role=PartyRole.objects.filter(office=office).first(),
        contact=things["agency"],
        since=MONDAY.date(),
    )
    things["case_link"] = CaseLink.objects.create(case=things["case"], to=things["closed"], by=manager, at=MONDAY)
    CaseLink.objects.create(case=things["case"], to=things["restricted"], by=manager, at=MONDAY)
    things["access"] = CaseAccess.objects.create(case=things["restricted"], user=manager, grant="reader", at=MONDAY)
    things["view"] = SavedView.objects.create(
        office=office, owner=manager, name=f"{canary} view", query="status=all", is_shared=True, created_at=MONDAY
    )
    things["closure"] = Closure.objects.create(
        office=office, day=timezone.now().date() + timedelta(days=30), reason=f"{canary} day"
    )
    things["invitation"] = Invitation.objects.create(
        office=office,
        email=f"new-{slug}@example.org",
        role="caseworker",
        token_hash=uuid.uuid4().hex * 2,
        invited_at=timezone.now(),
        expires_at=timezone.now() + timedelta(hours=72),
    )
    things["batch"] = Batch.objects.create(
        office=office,
        kind="cases",
        file_name=f"{canary}.csv",
        sha256="0" * 64,
        map_name="m",
        source="s",
        started_at=MONDAY,
        finished_at=timezone.now(),
    )
    things["import_run"] = Run.objects.create(
        office=office,
        by=manager,
        kind="contacts",
        step=Run.Step.LOOK,
        state=Run.State.DONE,
        file_name=f"{canary}.csv",
        map_name="outlook",
        outcome={"made": 1, "known": 0, "refused": 0},
        asked_at=MONDAY,
        touched_at=MONDAY,
    )
    things["draft"] = Draft.objects.create(
        office=office, user=manager, scope="new-case", body={"description": canary}, saved_at=MONDAY
    )
    things["undo"] = remember_undo(
        "case.restore",
        office_id=office.pk,
        by=manager,
        at=timezone.now(),
        label=f"{canary} undone",
        payload={"cases": [things["binned"].pk]},
    )
    things["member"] = Membership.objects.get(office=office, role="caseworker")
    things["managing"] = Membership.objects.get(office=office, role="manager")
    things["value"] = ActivityType.objects.filter(office=office).first()
    things["list"] = "activity-types"
    assert things["list"] in LISTS
    things["entry_kind"], things["scope"], things["detail"] = "activity", "new-case", "description"
    things["caseworker"] = world.users["caseworker"]
    things["gone"] = MembershipFactory(office=office, role="volunteer", user__name=f"{canary} gone", ended_at=MONDAY)
    things["bulk_run"] = BulkRun.objects.create(
        office=office, by=manager, act="priority", label=f"{canary} run", started_at=MONDAY, touched_at=MONDAY
    )
    add_post(world)
    return world


@contextmanager
def kept(unblocked):
    """Both offices, built once for a file of tests and taken back at its end. Each test's own changes are undone
    by its own transaction inside this one."""
    with unblocked:
        story = transaction.atomic()
        story.__enter__()
        try:
            number_apart()
            yield build("CANARYA", slug="ours"), build("CANARYB", slug="theirs")
        finally:
            transaction.set_rollback(True)
            story.__exit__(None, None, None)


def number_apart() -> None:
    """Start the ids of every table at a million of its own, so that no id of one kind is an id of another: an id
    from elsewhere is then never right by chance."""
    with connection.cursor() as cursor:
        for place, model in enumerate(apps.get_models(include_auto_created=True), start=1):
            first, table = place * 1_000_000, model._meta.db_table
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table, model._meta.pk.column, first]
                )
            else:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, first])


def routes() -> dict[str, tuple[str, ...]]:
    """Every named route of the product with the names of its parts; those of packages left out."""
    found: dict[str, tuple[str, ...]] = {}

    def walk(resolver: URLResolver, namespace: str, parts: tuple[str, ...]) -> None:
        for entry in resolver.url_patterns:
            here = parts + tuple(entry.pattern.converters)
            if isinstance(entry, URLPattern):
                assert entry.name, f"The route {entry.pattern} has no name."
                found[f"{namespace}{entry.name}"] = here
            else:
                below = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
                walk(entry, below, here)

    walk(get_resolver(), "", ())
    return found
