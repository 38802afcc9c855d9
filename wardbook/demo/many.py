"""A large office in the style of Glanmor, for benchmarks.

Told in bulk: rows are written in chunks, with their journal lines through `record_many`, instead of one act after
the other. What is derived (keys, next steps, status classes) is derived by the same functions as in the actions,
and `wardbook audit-invariants` holds afterwards.
"""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from wardbook.accounts.models import User
from wardbook.cases import events, references
from wardbook.cases.actions import indexing
from wardbook.cases.models import Activity, Case, CaseTag, Outcome
from wardbook.contacts import finding
from wardbook.contacts.actions.saving import normal
from wardbook.contacts.models import Address, Contact, ContactKey, ContactPoint
from wardbook.demo import matters, staff
from wardbook.demo.cast import Cast, postcode_table
from wardbook.demo.people import WARDS, crowd
from wardbook.journal.actions import Line, record_many
from wardbook.lib import statistics
from wardbook.offices.models import Office
from wardbook.vocabulary.models import Status

CHUNK = 2000
# So that a case page with thirty entries can be measured.
ONE_LONG_CASE_IN = 1000
DAYS = 730
STAFF = (
    ("Bench Manager", "bench.manager", "manager", "Office manager"),
    *((f"Bench{n} Caseworker", f"bench.caseworker{n}", "caseworker", "Caseworker") for n in range(1, 9)),
)


def tell(*, now: datetime, seed: int, cases: int, say: Callable[[str], object]) -> Office:
    """Make an office with so many cases and as many contacts, three activities a case, over two years."""
    office, people, rng = _begin(now, seed)
    start = office.created_at
    cast = Cast(office, people)
    contacts = _contacts(office, cases, rng, start, people["Bench"], say)
    for written in _cases(office, cast, contacts, cases, rng, now):
        say(f"{written} cases")
    statistics.renew()
    return office


def staff_only(*, now: datetime, seed: int = 1) -> Office:
    """The same office before its first case, for an import to fill."""
    return _begin(now, seed)[0]


def _begin(now: datetime, seed: int) -> tuple[Office, dict[str, User], random.Random]:
    slug, number = "bench", 1
    while Office.objects.filter(slug=slug).exists():
        number += 1
        slug = f"bench-{number}"
    rng = random.Random(f"{seed}-{slug}")  # noqa: S311  a story, not a secret
    with transaction.atomic():
        start = now - timedelta(days=DAYS + 1)
        office = staff.office(
            name=f"Bench office {number}",
            short_name=f"Bench {number}",
            slug=slug,
            profile="representative",
            country="GB",
            subdivision="WLS",
            at=start,
        )
        people = staff.hire(
            office,
            [(name, f"{mailbox}.{number}", role, job) for name, mailbox, role, job in STAFF],
            domain="example.org",
            at=start,
        )
        postcode_table(office, WARDS, "GM")
    return office, people, rng


def _contacts(
    office: Office, count: int, rng: random.Random, at: datetime, by: User, say: Callable[[str], object]
) -> list[int]:
    ids: list[int] = []
    wards = {ward.name: ward for ward in office.wards.all()}
    everybody = crowd(count, rng)
    for start in range(0, count, CHUNK):
        people = everybody[start : start + CHUNK]
        with transaction.atomic():
            contacts = []
            for person in people:
                contact = Contact(
                    office=office,
                    title=person.title,
                    given_name=person.given,
                    family_name=person.family,
                    language=person.language,
                    ward=wards[person.ward],
                    area=Contact.Area.IN,
                    created_at=at,
                    created_by=by,
                )
                contact.name_itself()
                contacts.append(contact)
            Contact.objects.bulk_create(contacts, batch_size=500)
            points: list[ContactPoint] = []
            addresses: list[Address] = []
            keys: list[ContactKey] = []
            for contact, person in zip(contacts, people, strict=True):
                phone = f"01632 96{rng.randrange(10)} {rng.randrange(1000):03d}"
                number = ContactPoint(contact=contact, kind="phone", value=phone, normal=normal("phone", phone, "GB"))
                points.append(number)
                if person.email:
                    points.append(
                        ContactPoint(contact=contact, kind="email", value=person.email, normal=person.email)
                    )
                address = Address(contact=contact, lines=f"{person.house} {person.street}", postcode=person.postcode)
                address.normalise()
                addresses.append(address)
                found = finding.keys(
                    names=[person.given, person.family],
                    phones=[phone, number.normal],
                    others=[person.email] if person.email else [],
                    addresses=[(address.lines, address.postcode)],
                )
                keys.extend(ContactKey(office=office, contact=contact, key=key) for key in found)
            ContactPoint.objects.bulk_create(points, batch_size=1000)
            Address.objects.bulk_create(addresses, batch_size=1000)
            ContactKey.objects.bulk_create(keys, batch_size=2000)
            record_many([Line("contact.added", contact) for contact in contacts], by=by, at=at, react=False)
            ids.extend(contact.pk for contact in contacts)
        if start % (CHUNK * 10) == 0:
            say(f"{len(ids)} contacts")
    return ids


def _cases(
    office: Office, cast: Cast, contacts: list[int], count: int, rng: random.Random, now: datetime
) -> Iterator[int]:
    ordinary = [matter for matter in matters.MATTERS for _share in range(matter.weight)]
    workers = [user for user in cast.people.values() if user.name != "Bench Manager"]
    statuses = list(Status.objects.filter(office=office))
    first = office.last_case_number + 1
    for start in range(0, count, CHUNK):
        with transaction.atomic():
            size = min(CHUNK, count - start)
            cases, tagged = [], []
            for index in range(start, start + size):
                matter = rng.choice(ordinary)
                opened_at = now - timedelta(days=DAYS * (1 - index / count), minutes=rng.randrange(400))
                case = _case(office, cast, matter, first + index, opened_at, statuses, workers, contacts, rng, now)
                cases.append(case)
                tagged.append(matter.tags)
            Case.objects.bulk_create(cases, batch_size=250)
            indexing.index(cases)
            by = workers[0]
            CaseTag.objects.bulk_create(
                [
                    CaseTag(
                        office=office,
                        case=case,
                        tag=cast.tag(name, by=by, at=case.created_at),
                        opened_on=case.opened_on,
                    )
                    for case, names in zip(cases, tagged, strict=True)
                    for name in names
                ],
                batch_size=2000,
            )
            activities = [activity for case in cases for activity in _activities(office, cast, case, rng, now)]
            Activity.objects.bulk_create(activities, batch_size=500)
            lines = [Line(events.OPENED, case, {"status": case.status_id}) for case in cases]
            lines += [Line(events.CLOSED, case, {"outcome": case.outcome}) for case in cases if case.is_closed]
            lines += [Line(events.ACTIVITY_LOGGED, activity, {"type": activity.type_id}) for activity in activities]
            record_many(lines, by=by, at=now, react=False)
            Office.objects.filter(pk=office.pk).update(last_case_number=first + start + size - 1)
        yield start + size


def _case(
    office: Office,
    cast: Cast,
    matter: matters.Matter,
    number: int,
    opened_at: datetime,
    statuses: list[Any],
    workers: list[User],
    contacts: list[int],
    rng: random.Random,
    now: datetime,
) -> Case:
    age = (now - opened_at).days
    closed = rng.random() < min(0.95, age / 90)
    status = (
        next(s for s in statuses if s.status_class == "closed")
        if closed
        else rng.choice([s for s in statuses if s.status_class != "closed"])
    )
    closed_at = opened_at + timedelta(days=rng.uniform(0, min(age, 60))) if closed else None
    reference = references.write(office.reference_format, number=number, year=opened_at.year)
    waiting = "" if closed or rng.random() < 0.6 else "agency"
    return Case(
        office=office,
        number=number,
        reference=reference,
        reference_key=references.key(reference),
        kind=matter.kind,
        description=rng.choice(matter.words),
        notes=matter.notes,
        constituent_id=rng.choice(contacts),
        status=status,
        status_class=status.status_class,
        priority=rng.choice((0, 0, 0, 1, 2, 3)),
        policy_area=cast.areas[matter.area],
        category=cast.categories[matter.area, matter.category],
        contact_type=rng.choice(list(cast.contact_types.values())),
        owner=rng.choice((*workers, None)),
        waiting_on=waiting,
        waiting_since=office.local_date(opened_at) if waiting else None,
        is_restricted=rng.random() < 0.01,
        opened_on=office.local_date(opened_at),
        closed_at=closed_at,
        closed_on=office.local_date(closed_at) if closed_at else None,
        first_closed_at=closed_at,
        outcome=rng.choice(Outcome.values) if closed else "",
        created_at=opened_at,
        created_by=workers[0],
        last_activity_at=closed_at or opened_at,
        next_step_on=None
        if closed or rng.random() < 0.1
        else office.local_date(now + timedelta(days=rng.randrange(-5, 20))),
    )


def _activities(office: Office, cast: Cast, case: Case, rng: random.Random, now: datetime) -> Iterator[Activity]:
    for step in range(30 if case.number % ONE_LONG_CASE_IN == 0 else 3):
        yield Activity(
            office=office,
            case=case,
            contact_id=case.constituent_id,
            type=cast.activity_types["Phone call"],
            state=Activity.State.DONE,
            subject=rng.choice(matters.CALLS)[0],
            direction=Activity.Direction.IN,
            happened_at=case.created_at + timedelta(hours=step),
            created_at=case.created_at,
            created_by=case.created_by,
            finished_at=case.created_at,
        )
    if case.next_step_on:
        yield Activity(
            office=office,
            case=case,
            type=cast.activity_types["Follow-up"],
            state=Activity.State.PLANNED,
            subject="Chase Housing",
            due_on=case.next_step_on,
            assignee=case.owner,
            created_at=case.created_at,
            created_by=case.created_by,
        )
