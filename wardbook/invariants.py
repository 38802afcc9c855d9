"""What must hold whatever happened: after a fault, a restore, an upgrade (security.md 4A).

Each check yields sentences; none means that it holds. Nothing is changed.
"""

import hashlib
import time
from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Count, F, ForeignKey, Min, Model, Q, QuerySet
from django.utils import timezone

from wardbook.cases import files
from wardbook.cases.actions import indexing
from wardbook.cases.models import Activity, Case, CaseWords, Document
from wardbook.correspondence.models import Attachment, Delivery, Dispatch, Message, RawMail
from wardbook.journal import verifying
from wardbook.offices.models import Membership, Office

NAMED = 20
"""So many rows with the same flaw are named; a broken table must not fill the screen."""
ORPHAN_AFTER = 3_600
"""Seconds after which a file without a row is one too many: it is stored first, its row is committed later."""
FORGOTTEN_AFTER = timedelta(minutes=15)
"""After which a lease that ran out should long have been taken back: the sweep comes each minute."""


def all_flaws() -> Iterator[str]:
    """Everything that does not hold, one sentence each."""
    yield from references_across_offices()
    yield from strangers_on_cases()
    yield from broken_journals()
    yield from files_and_rows()
    yield from mail_that_came_in()
    yield from mail_that_goes_out()
    yield from derived_values()
    yield from words_of_cases()


def references_across_offices() -> Iterator[str]:
    """V8: no row refers to a row of another office, along every foreign key between two things of offices."""
    paths = {model: path for model in apps.get_models() if (path := path_to_office(model))}
    for model, path in paths.items():
        for field in model._meta.get_fields():
            if not isinstance(field, ForeignKey) or field.related_model not in paths:
                continue
            theirs = paths[field.related_model]
            if path.split("__")[0] == field.name or field.related_model is Office:
                continue
            # Compared in the database: one query a foreign key, whatever the size of the tables.
            strays = model._default_manager.filter(**{f"{field.name}__isnull": False}).exclude(
                **{path: F(f"{field.name}__{theirs}")}
            )
            for row in strays.order_by("pk").values_list("pk", flat=True)[:NAMED]:
                yield f"{model._meta.label} {row}: its {field.name} belongs to another office"


@cache
def path_to_office(model: type[Model]) -> str:
    """The lookup from a model to its office along required foreign keys, shortest first; "" if there is none."""
    queue: deque[tuple[type[Model], tuple[str, ...]]] = deque([(model, ())])
    seen: set[type[Model]] = set()
    while queue:
        here, path = queue.popleft()
        if here in seen:
            continue
        seen.add(here)
        for field in here._meta.get_fields():
            if isinstance(field, ForeignKey) and not field.null and isinstance(field.related_model, type):
                if field.related_model is Office:
                    return "__".join((*path, f"{field.name}_id"))
                queue.append((field.related_model, (*path, field.name)))
    return ""


def strangers_on_cases() -> Iterator[str]:
    """V8 for people: whoever has a case, an activity or a mail is or was a member of its office."""
    for model, column in ((Case, "owner_id"), (Activity, "assignee_id"), (Message, "assignee_id")):
        members = Membership.objects.values_list("office_id", "user_id")
        pairs = (
            model._default_manager.filter(**{f"{column}__isnull": False}).values_list("office_id", column).distinct()
        )
        for office_id, user_id in set(pairs) - set(members):
            yield f"{model._meta.label}: person {user_id} has work of office {office_id} but was never in it"


def broken_journals() -> Iterator[str]:
    """V5: every office's chain verifies, without gaps."""
    for office in Office.objects.order_by("pk"):
        for flaw in verifying.flaws(office.pk):
            yield f"Journal of {office.slug}: line {flaw.number} {flaw.problem}"


def files_and_rows() -> Iterator[str]:
    """V7: each document, attachment and large mail has its file with the same digest, each file is one of theirs."""
    known: set[str] = set()
    for model in (Document, Attachment, RawMail):
        rows = model._default_manager.exclude(storage_key="")
        for key, sha256, pk in rows.values_list("storage_key", "sha256", "pk").iterator():
            known.add(key)
            path = files.path_of(settings.MEDIA_ROOT, key)
            if not path.exists():
                yield f"{model.__name__} {pk}: its file is missing"
            elif _digest(path) != sha256:
                yield f"{model.__name__} {pk}: its file was altered"
    if settings.MEDIA_ROOT.exists():
        for path in settings.MEDIA_ROOT.glob("??/*"):
            if path.name not in known and time.time() - path.stat().st_mtime > ORPHAN_AFTER:
                yield f"File {path.name} belongs to no document and no mail"


def mail_that_came_in() -> Iterator[str]:
    """V3: each mail that came in became one message or a copy of one, was refused or set aside, or waits its turn."""
    waits, at = Delivery.objects.filter(state=Delivery.State.KEPT), timezone.now()
    settled = Delivery.objects.exclude(state=Delivery.State.KEPT)
    yield from _named(waits.filter(message__isnull=False), "it waits to be read and is a message already")
    yield from _named(waits.filter(lease_until__lt=at - FORGOTTEN_AFTER), "a worker took it and nobody reads it")
    yield from _named(settled.filter(lease_until__isnull=False), "it is settled, and a worker still has it")
    first = settled.filter(state=Delivery.State.READ)
    yield from _named(first.exclude(message__direction="in"), "it was read as a message that did not come in")
    twice = first.values("message").annotate(times=Count("pk")).filter(times__gt=1)
    for pk in twice.values_list("message", flat=True)[:NAMED]:
        yield f"Message {pk}: two deliveries say that each became it first"
    for sha256, pk, content in (
        RawMail.objects.filter(content__isnull=False).values_list("sha256", "pk", "content").iterator(chunk_size=100)
    ):
        if hashlib.sha256(bytes(content or b"")).hexdigest() != sha256:
            yield f"RawMail {pk}: its bytes were altered"


def mail_that_goes_out() -> Iterator[str]:
    """V4, V9: what a message says of itself and what its plan says agree, and nobody sits on a lease."""
    states, at = Message.State, timezone.now()
    on_its_way = [states.HELD, states.QUEUED, states.LEASED]
    planless = Message.objects.outgoing().filter(state__in=on_its_way, dispatch__isnull=True)
    yield from _named(planless, "it should go out and has no plan")
    plans, taken = Dispatch.objects.all(), Dispatch.objects.filter(message__state=states.LEASED)
    yield from _named(taken.filter(lease_until__isnull=True), "it is going out, and no worker has it")
    yield from _named(taken.filter(lease_until__lt=at - FORGOTTEN_AFTER), "a worker took it and nobody sends it")
    yield from _named(
        plans.filter(lease_until__isnull=False).exclude(message__state=states.LEASED),
        "a worker has it, and the message is not going out",
    )
    yield from _named(
        plans.filter(message__state__in=on_its_way, ended_at__isnull=False), "its plan is over, and it still waits"
    )
    yield from _named(plans.filter(message__state=states.SENT, sent_at__isnull=True), "it was sent at no time")


def _named(rows: "QuerySet[Any]", flaw: str) -> Iterator[str]:
    for pk in rows.order_by("pk").values_list("pk", flat=True)[:NAMED]:
        yield f"{rows.model.__name__} {pk}: {flaw}"


def derived_values() -> Iterator[str]:
    """V10: what is repeated for speed agrees with what it is derived from."""
    due = Activity.objects.filter(state="planned", deleted_at__isnull=True, due_on__isnull=False)
    steps = dict(due.filter(case__closed_at__isnull=True).values_list("case_id").annotate(Min("due_on")))
    for pk, day in Case.objects.filter(Q(next_step_on__isnull=False) | Q(pk__in=steps)).values_list(
        "pk", "next_step_on"
    ):
        if steps.get(pk) != day:
            yield f"Case {pk}: its next step is {steps.get(pk)}, the list says {day}"
    for pk in Case.objects.exclude(status_class=F("status__status_class")).values_list("pk", flat=True)[:NAMED]:
        yield f"Case {pk}: its status and the kind of its status differ"
    for pk in (
        Case.objects.exclude(category=None)
        .exclude(policy_area_id=F("category__policy_area_id"))
        .values_list("pk", flat=True)[:NAMED]
    ):
        yield f"Case {pk}: its category belongs to another policy area"
    for office in Office.objects.order_by("pk"):
        highest = Case.objects.filter(office=office).order_by("-number").values_list("number", flat=True).first()
        if highest and highest > office.last_case_number:
            yield f"{office.slug}: case {highest} is beyond the last number given out, {office.last_case_number}"


def words_of_cases() -> Iterator[str]:
    """V10: every case is found by the words it has, and by no others."""
    cases = Case.objects.order_by("pk").only("office", "description")
    known = CaseWords.objects.order_by("pk").values_list("pk", "words").iterator()
    pk, words = next(known, (0, ""))
    for case in cases.iterator():
        while pk and pk < case.pk:
            pk, words = next(known, (0, ""))
        if pk != case.pk or words != indexing.words_of(case):
            yield f"Case {case.pk}: it is not found by the words it has (wardbook reindex)"
    if flaw := indexing.flaw_of_index():
        yield f"The index of words: {flaw} (wardbook reindex)"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
