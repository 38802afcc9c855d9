"""The one door to the words by which cases are found. Derived from the case, in the transaction that changes it."""

from collections.abc import Iterable

from django.db import DatabaseError, connection, transaction

from wardbook.cases import finding
from wardbook.cases.models import Case, CaseWords
from wardbook.cases.models.words import INDEX

AT_ONCE = 500


def words_of(case: Case) -> str:
    """The words of what the case is about. Names, codes and references have indexes of their own."""
    return finding.keys(case.office_id, case.description)


@transaction.atomic
def index(cases: Iterable[Case]) -> None:
    """Write down by which words these cases are found."""
    CaseWords.objects.bulk_create(
        [CaseWords(case=case, words=words_of(case)) for case in cases],
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["words"],
        batch_size=AT_ONCE,
    )


def index_all() -> int:
    """Write the words of every case anew, a few hundred at a time, so that others can work meanwhile. Returns how
    many had other words or none."""
    changed, last = 0, 0
    while True:
        with transaction.atomic():
            cases = list(
                Case.objects.select_for_update()
                .filter(pk__gt=last)
                .order_by("pk")
                .only("office", "description")[:AT_ONCE]
            )
            known = dict(CaseWords.objects.filter(case__in=cases).values_list("case_id", "words"))
            other = [case for case in cases if known.get(case.pk) != words_of(case)]
            index(other)
        if not cases:
            break
        changed, last = changed + len(other), cases[-1].pk
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')")  # noqa: S608  a constant
        else:
            cursor.execute(f"REINDEX INDEX {INDEX}")
    return changed


def flaw_of_index() -> str:
    """What is wrong with SQLite's index, "" for nothing. PostgreSQL keeps its own."""
    if connection.vendor != "sqlite":
        return ""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # An answer, although it is asked as a statement that writes: nothing is changed.
            cursor.execute(f"INSERT INTO {INDEX}({INDEX}, rank) VALUES ('integrity-check', 1)")  # noqa: S608  a constant
    except DatabaseError as flaw:
        return str(flaw)
    return ""
