"""The people and cases of Glanmor that are known by name (demo.md, section 1)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from wardbook.cases import actions as case_actions
from wardbook.cases.models import Activity, Case, Priority, WaitingOn
from wardbook.contacts import actions as contact_actions
from wardbook.contacts.models import Contact
from wardbook.demo.cast import Cast
from wardbook.demo.script import Script

Known = dict[str, Contact]


def people(cast: Cast, *, at: datetime) -> Known:
    """Rhian and Tom Evans, Omar Haddad, D. Pugh, Niamh O'Brien, Mair Rees. Dewi Pugh is not known: he will ring."""
    by = cast["Mared"]

    def person(given: str, family: str, **fields: Any) -> Contact:
        return contact_actions.add_contact(cast.office, given_name=given, family_name=family, by=by, at=at, **fields)

    known = {
        "rhian": person(
            "Rhian",
            "Evans",
            title="Mrs",
            phones=["01632 960 021"],
            emails=["rhian@example.org"],
            address="14 Mill Lane",
            postcode="GM1 4AB",
            language="cy",
        ),
        "tom": person(
            "Tom", "Evans", title="Mr", phones=["01632 960 022"], address="14 Mill Lane", postcode="GM1 4AB"
        ),
        "tom2": person("Tom", "Evans", title="Mr", address="3 Harbour Row", postcode="GM3 1AA"),
        "omar": person(
            "Omar",
            "Haddad",
            title="Mr",
            phones=["07700 900 145"],
            emails=["omar.haddad@example.org"],
            address="31 Quay Street",
            postcode="GM3 5DE",
            needs="Interpreter for Arabic when it is official",
        ),
        "pugh": person("D.", "Pugh", title="Mr", address="12 Mill Lane", postcode="GM1 4AB"),
        "niamh": person(
            "Niamh",
            "O'Brien",
            title="Ms",
            emails=["niamh.obrien@example.org"],
            address="8 Chapel Lane",
            postcode="GM5 2AD",
        ),
        "mair": person(
            "Mair",
            "Rees",
            title="Mrs",
            phones=["01632 960 077"],
            address="2 Weir Street",
            postcode="GM1 2BD",
            do_not_email=True,
            flags_source="She said so by telephone",
        ),
        "angry": person(
            "Kenneth",
            "Blythe",
            title="Mr",
            phones=["07700 900 666"],
            address="9 Bell Yard",
            postcode="GM2 7DF",
            warning="Threatened staff twice. Two people at every meeting.",
            warning_review_on=(at + timedelta(days=500)).date(),
        ),
    }
    contact_actions.add_note(
        known["rhian"], description="Best reached before ten", text="Works nights at the hospital.", by=by, at=at
    )
    return known


def school_transport(script: Script, cast: Cast, known: Known) -> None:
    """1502: closed long ago."""

    def tell(at: datetime) -> None:
        case = _open(cast, at, "School transport", known["rhian"], "Education", "School transport", owner="Sam")
        close_at = at + timedelta(days=30)
        case_actions.close(case, outcome="resolved", note="A bus pass came.", by=cast["Sam"], at=close_at)

    tell(script.office.created_at + timedelta(days=20))


def damp(script: Script, cast: Cast, known: Known, at: datetime) -> None:
    """2041: damp in flat, council not replying."""
    anna, housing = cast["Anna"], cast.agencies["Housing Services"]
    case = _open(
        cast,
        at,
        "Damp in flat, council not replying",
        known["rhian"],
        "Housing",
        "Repairs and damp",
        priority=Priority.HIGH,
        tags=("damp", "riverside-estate"),
        notes="Black mould in both bedrooms since October. The council was told in March and April.",
    )
    case_actions.add_party(case, role=cast.roles["Spouse or partner"], contact=known["tom"], by=anna, at=at)
    case_actions.add_place(case, text="14 Mill Lane", postcode="GM1 4AB", by=anna, at=at)
    case_actions.log_activity(
        cast.office,
        case=case,
        contact=known["rhian"],
        type=cast.activity_types["Phone call"],
        contact_type=cast.contact_types["phone"],
        direction=Activity.Direction.IN,
        subject="Rang about the damp",
        details="Crying. The youngest has been to hospital with his chest.",
        minutes=12,
        by=anna,
        at=at,
        informs_constituent=True,
    )

    def note(at: datetime) -> None:
        case_actions.add_internal_note(
            case, text="Son has asthma. Ask for a report from the GP before we write again.", by=anna, at=at
        )
        case_actions.set_status(case, cast.statuses["Open"], by=anna, at=at)

    def write(at: datetime) -> None:
        case_actions.log_activity(
            cast.office,
            case=case,
            contact=housing,
            type=cast.activity_types["Letter sent"],
            contact_type=cast.contact_types["letter"],
            direction=Activity.Direction.OUT,
            subject="Wrote to Housing Services",
            details="Asked for an inspection within ten working days.",
            by=anna,
            at=at,
        )
        case_actions.add_party(
            case, role=cast.party_role_agency, contact=housing, their_reference="HS/77120", by=anna, at=at
        )
        case_actions.wait_on(case, WaitingOn.AGENCY, agency=housing, by=anna, at=at)

    def answer(at: datetime) -> None:
        case_actions.log_activity(
            cast.office,
            case=case,
            contact=housing,
            type=cast.activity_types["Phone call"],
            contact_type=cast.contact_types["phone"],
            direction=Activity.Direction.IN,
            subject="Housing Services rang",
            details="An inspection is booked.",
            outcome="They will confirm the day in writing.",
            minutes=4,
            by=anna,
            at=at,
        )

    def chase(at: datetime) -> None:
        for planned in Activity.objects.planned().filter(case=case):
            case_actions.finish_activity(planned, by=anna, at=at)
        due = script.calendar.working_days_after(cast.office.local_date(script.now), 3)
        case_actions.plan_activity(
            cast.office, case=case, subject="Chase Housing", due_on=due, assignee=anna, by=anna, at=at
        )

    script.at(at + timedelta(minutes=25), note)
    script.at(script.later(at, 1), write)
    script.at(script.later(at, 5), answer)
    script.at(script.days_ago(1), chase)


def blue_badge(script: Script, cast: Cast, known: Known, at: datetime) -> None:
    """1988: on hold with Sam."""
    case = _open(
        cast, at, "Blue badge appeal", known["rhian"], "Social care", "Blue badges and equipment", owner="Sam"
    )

    def hold(at: datetime) -> None:
        case_actions.set_status(
            case, cast.statuses["On-Hold"], review_on=(script.now + timedelta(days=17)).date(), by=cast["Sam"], at=at
        )

    script.at(script.later(at, 3), hold)


def visa(script: Script, cast: Cast, known: Known, at: datetime) -> None:
    """2038: visa delay; he comes to the surgery today."""
    sam = cast["Sam"]
    case = _open(
        cast,
        at,
        "Visa delay",
        known["omar"],
        "Immigration",
        "Visas",
        owner="Sam",
        tags=("visa-delay",),
        notes="His wife waits abroad with their daughter.",
    )
    case_actions.set_deadline(
        case, (script.now + timedelta(days=31)).date(), reason="The medical certificate runs out", by=sam, at=at
    )

    def surgery(at: datetime) -> None:
        case_actions.plan_activity(
            cast.office,
            case=case,
            contact=known["omar"],
            type=cast.activity_types["Surgery or walk-in"],
            subject="Surgery: O. Haddad, 11:00",
            due_on=script.office.local_date(script.now),
            assignee=sam,
            by=sam,
            at=at,
        )

    script.at(script.later(at, 2), surgery)


def council_tax(script: Script, cast: Cast, known: Known, at: datetime) -> None:
    """2033: belongs to D. Pugh of 12 Mill Lane, and not to Dewi Pugh who will ring."""
    case = _open(cast, at, "Council tax band", known["pugh"], "Council tax and charges", "Banding")
    yesterday = _working_day_before(script, 1)

    def ring_back(at: datetime) -> None:
        case_actions.plan_activity(
            cast.office,
            case=case,
            subject="Ring back",
            due_on=yesterday,
            assignee=cast["Anna"],
            by=cast["Anna"],
            at=at,
        )

    script.at(script.later(at, 1), ring_back)


STORIES: dict[int, Callable[[Script, Cast, Known, datetime], None]] = {
    1988: blue_badge,
    2033: council_tax,
    2038: visa,
    2041: damp,
}


def leave_for_today(script: Script, cast: Cast, known: Known) -> None:
    """How the desk looks this morning: three of Anna's follow-ups are late, and no more; two cases of hers have
    no next step; something is due today; a colleague gave her something new."""
    anna, now = cast["Anna"], script.now
    today = cast.office.local_date(now)
    hers = Activity.objects.planned().given_to(anna.pk).filter(office=cast.office, case__isnull=False)
    late = list(hers.overdue(today).select_related("case").order_by("due_on", "pk"))
    for activity in late[: max(0, len(late) - 3)]:
        case_actions.move_activity(
            activity, script.calendar.working_days_after(today, 1 + activity.pk % 8), by=anna, at=now
        )
    for case in Case.objects.open().working_for(anna.pk).without_next_step().order_by("pk")[2:]:
        case_actions.plan_activity(
            cast.office,
            case=case,
            subject="Look at it again",
            due_on=script.calendar.working_days_after(today, 1 + case.pk % 9),
            assignee=anna,
            by=anna,
            at=now,
        )
    mine = Case.objects.open().filter(office=cast.office, owner=anna).exclude(constituent=known["rhian"])
    for case, subject in zip(
        mine.order_by("-pk")[:2], ("Ring the school", "Read the inspector's report"), strict=False
    ):
        case_actions.plan_activity(
            cast.office, case=case, subject=subject, due_on=today, assignee=anna, by=cast["Mared"], at=now
        )
    contact_actions.add_note(known["niamh"], description="Will write about a school place", by=cast["Mared"], at=now)


def _open(
    cast: Cast,
    at: datetime,
    description: str,
    who: Contact,
    area: str,
    category: str,
    *,
    owner: str = "Anna",
    tags: tuple[str, ...] = (),
    **fields: Any,
) -> Case:
    user = cast[owner]
    due = cast.office.working_calendar().working_days_after(cast.office.local_date(at), 5)
    return case_actions.open_case(
        cast.office,
        description=description,
        constituent=who,
        owner=user,
        policy_area=cast.areas[area],
        category=cast.categories[area, category],
        contact_type=cast.contact_types["phone"],
        tags=cast.tags(tags, by=user, at=at),
        follow_up=case_actions.FollowUp("Look at it again", due, user),
        by=user,
        at=at,
        **fields,
    )


def _working_day_before(script: Script, count: int) -> date:
    day = script.office.local_date(script.now)
    while count:
        day -= timedelta(days=1)
        count -= script.calendar.is_working_day(day)
    return day
