"""The short lists of a case page, asked in one query: tags, colleagues, numbers, teams, actions, fields."""

from collections import defaultdict
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, CharField, Count, Exists, IntegerField, OuterRef, Q, Value
from django.db.models.functions import Cast

from wardbook.cases import gate
from wardbook.cases.forms.entries import Choice, Choices
from wardbook.cases.models import Case, CaseLink, CaseLocation, CaseTag, CoAssignment, Party
from wardbook.contacts.models import Contact, ContactPoint
from wardbook.correspondence.models import Letter, Message, MessageOnCase
from wardbook.offices import access
from wardbook.offices.models import FieldUse, Membership, Team
from wardbook.offices.prepared import Prepared
from wardbook.vocabulary.models import ActivityType


class Named(NamedTuple):
    """Something with an id and a name, of whatever list."""

    pk: int
    name: str
    kind: str

    @property
    def value(self) -> str:
        """A telephone number or an address is called so on the contact."""
        return self.name


class Parts:
    """What belongs to one case, and what can be chosen on its page."""

    def __init__(self, case: Case, member: Membership) -> None:
        self.case, self.member = case, member

    @cached_property
    def _lists(self) -> dict[str, list[Named]]:
        """Every short list by its word: one query, a union of all."""
        case = self.case
        rows = LISTS(self.member, case=case.pk, constituent=case.constituent_id or 0)
        found: dict[str, list[tuple[int, Named]]] = defaultdict(list)
        for word, pk, name, kind, position in rows:
            found[word].append((position, Named(pk, name, kind)))
        return {
            word: [named for _position, named in sorted(values, key=lambda pair: (pair[0], pair[1].name.casefold()))]
            for word, values in found.items()
        }

    @property
    def has_mail(self) -> bool:
        return bool(self._lists.get("mail"))

    @property
    def has_links(self) -> bool:
        """Whether any other case is linked, seen by this reader or not: so that most pages ask no further."""
        return bool(self._lists.get("link"))

    @property
    def letters(self) -> list[Named]:
        """Letters that have not gone, by whom they go to, with where they stand."""
        return self._lists.get("letter", []) if self.member.can("correspondence.read") else []

    @property
    def tags(self) -> list[Named]:
        return self._lists.get("tag", [])

    @property
    def together(self) -> list[Named]:
        return self._lists.get("with", [])

    @property
    def others(self) -> int:
        """How many other cases of the same person this reader sees."""
        return sum(named.pk for named in self._lists.get("others", []))

    @property
    def uses(self) -> dict[str, str]:
        known = {named.name: named.kind for named in self._lists.get("use", [])}
        return {field: known.get(field, FieldUse.Use.SHOWN) for field in gate.LABELS}

    @cached_property
    def points(self) -> dict[int, list[Named]]:
        """Telephone numbers and addresses of the people on the case, by contact."""
        found: dict[int, list[Named]] = defaultdict(list)
        for named in self._lists.get("point", []):
            if named.kind in (ContactPoint.Kind.PHONE, ContactPoint.Kind.EMAIL):
                found[named.pk].append(named)
        return found

    @property
    def parties(self) -> list[Party]:
        """Everybody on the case besides who it is about and for. One query."""
        return PARTIES(self.member, case=self.case.pk)

    @property
    def places(self) -> list[CaseLocation]:
        """Where it is. One query."""
        return PLACES(self.member, case=self.case.pk)

    @cached_property
    def members(self) -> list[Membership]:
        """Everybody who works in the office. One query."""
        return COLLEAGUES(self.member)

    @property
    def has_outsiders(self) -> bool:
        """Whether anybody in the office may see cases but never the office's notes."""
        return any(not member.can("cases.notes.internal") for member in self.members)

    def choices(self) -> Choices:
        """What the forms of the composer choose from."""
        staff = access.roles_with("cases.own")
        return Choices(
            self.case.office,
            types=[Choice(named.pk, named.name, named.kind) for named in self._lists.get("type", [])],
            people=[member.user for member in self.members if member.role in staff],
            teams=[Choice(named.pk, named.name) for named in self._lists.get("team", [])],
        )


def _rows(word: str, rows: Any, pk: str, name: str, kind: str = "", position: str = "") -> Any:
    """Rows of one list in the shape that all share."""
    return (
        rows.order_by()
        .annotate(
            list_word=Value(word, CharField()),
            list_pk=Cast(pk, BigIntegerField()),
            list_name=Cast(name, CharField()),
            list_kind=Cast(kind, CharField()) if kind else Value("", CharField()),
            list_position=Cast(position, IntegerField()) if position else Value(0, IntegerField()),
        )
        .values_list("list_word", "list_pk", "list_name", "list_kind", "list_position")
    )


def _lists_of(member: Membership, *, case: int, constituent: int) -> Any:
    """The rows of every short list, each with its word."""
    office = member.office_id
    # As one list of ids: joined by OR, PostgreSQL reads the telephone numbers of everybody.
    parties = Party.objects.filter(case_id=case, until__isnull=True).order_by().values("contact_id")
    constituents = Contact.objects.filter(pk=constituent).order_by().values("pk")
    points = ContactPoint.objects.filter(contact_id__in=constituents.union(parties, all=True))
    same = Case.objects.visible_to(member).filter(constituent_id=constituent).exclude(pk=case)
    # Each by its own index: asked as one, with a count, SQLite reads all messages of the office.
    mail = Case.objects.filter(
        Exists(Message.objects.filter(case=OuterRef("pk")))
        | Exists(MessageOnCase.objects.filter(case=OuterRef("pk"))),
        pk=case,
    )
    others = same.order_by().values("constituent_id").annotate(amount=Count("pk"))
    types = ActivityType.objects.filter(office_id=office, retired_at__isnull=True)
    rows = [
        _rows("tag", CaseTag.objects.filter(case_id=case), "tag_id", "tag__name"),
        _rows("with", CoAssignment.objects.filter(case_id=case), "user_id", "user__name"),
        _rows("point", points, "contact_id", "value", "kind", "position"),
        _rows("use", FieldUse.objects.filter(office_id=office), "pk", "field", "use"),
        _rows("team", Team.objects.active().filter(office_id=office), "pk", "name"),
        _rows("type", types, "pk", "name", "family", "position"),
        _rows("others", others, "amount", "constituent_id"),
        _rows("letter", Letter.objects.not_gone().filter(case_id=case), "pk", "contact__name", "state"),
        # Whether there is any, so that a case without mail asks no further for it.
        _rows("mail", mail, "pk", "number"),
        _rows("link", CaseLink.objects.filter(Q(case_id=case) | Q(to_id=case)), "pk", "why"),
    ]
    return rows[0].union(*rows[1:], all=True)


LISTS: Prepared[tuple[str, int, str, str, int]] = Prepared(_lists_of, "case", "constituent")
COLLEAGUES: Prepared[Membership] = Prepared(
    lambda member: (
        Membership.objects.active()
        .filter(office_id=member.office_id)
        .select_related("user")
        .order_by("user__name", "pk")
    )
)
PARTIES: Prepared[Party] = Prepared(
    lambda _member, case: (
        Party.objects.filter(case_id=case, until__isnull=True)
        .select_related("contact", "user", "role")
        .order_by("pk")
    ),
    "case",
)
PLACES: Prepared[CaseLocation] = Prepared(
    lambda _member, case: CaseLocation.objects.filter(case_id=case).select_related("ward"), "case"
)
