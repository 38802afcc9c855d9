"""Where a file stands on its way in: what its page shows of it, and what can be done next."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wardbook.desk.settings_pages.import_forms import LABELS
from wardbook.desk.settings_pages.value_forms import Section, sections
from wardbook.exchange import mapping, running
from wardbook.exchange.models import Run
from wardbook.exchange.options import listed
from wardbook.exchange.values import Lists
from wardbook.offices.middleware import Request

GROUPS_SHOWN = 8
"""So many reasons stand on the page at once; a wall of them is where people leave."""

LOOKED_BACK = 20
"""So many files are asked whether they had the same columns."""


def found_run(request: Request, pk: int) -> Run:
    """The run of an address, if this person may see it."""
    return get_object_or_404(Run.objects.visible_to(request.member).select_related("by", "batch"), pk=pk)


def can_match(run: Run) -> bool:
    """Whether a person says on the page which column goes where, and may say it again."""
    if run.step == Run.Step.MATCH:
        return True
    is_at_rest = run.state not in (Run.State.WAITING, Run.State.RUNNING)
    return run.step == Run.Step.LOOK and is_at_rest and bool(run.matched) and not run.map_name


def is_over(run: Run) -> bool:
    """Whether nothing more is to be said about it: what it brought in stands among the batches."""
    return run.state == Run.State.DONE and run.step != Run.Step.LOOK


def steps(run: Run, *, is_matching: bool = False) -> dict[str, Any]:
    """The head of the page: which of the steps it is at."""
    order = [Run.Step.MATCH, Run.Step.LOOK, Run.Step.BRING]
    words = {Run.Step.MATCH: _("Match"), Run.Step.LOOK: _("Check"), Run.Step.BRING: _("Bring in")}
    now = Run.Step.MATCH if is_matching else run.step
    shown = order if (run.matched and not run.map_name) or now == Run.Step.MATCH else order[1:]
    groups = [
        {"column": column, "words": words, "count": count, "rows": rows}
        for column, words, count, rows in run.outcome.get("groups", [])
    ]
    return {
        "problems": run.problem.splitlines(),
        "steps": [{"words": words[step], "is_now": step == now} for step in shown],
        "can_match": can_match(run) and run.step != Run.Step.MATCH,
        "can_bring": run.step == Run.Step.LOOK and run.state == Run.State.DONE and run.outcome.get("made", 0) > 0,
        "can_go_on": run.step == Run.Step.BRING and run.state in (Run.State.STOPPED, Run.State.FAILED),
        "can_be_removed": not is_over(run) and run.state not in (Run.State.WAITING, Run.State.RUNNING),
        "went_where": _went_where(run),
        "groups": groups[:GROUPS_SHOWN],
        "more_groups": groups[GROUPS_SHOWN:],
        "what": what_of(run.kind, run.outcome.get("made", 0)),
        "values": values_words(run),
        "alike": run.outcome.get("alike_count", 0) if can_choose_people(run) else 0,
        "attached": len(running.attached(run)) if can_choose_people(run) else 0,
    }


def matched_before(run: Run, columns: list[str]) -> Run | None:
    """The last file of the same shape that was matched here: each column that went somewhere is in this one."""
    same = Run.objects.filter(office_id=run.office_id, kind=run.kind, map_name="").exclude(pk=run.pk)
    for earlier in same.exclude(matched={}).defer("outcome").order_by("-asked_at")[:LOOKED_BACK]:
        try:
            wanted = mapping.of(earlier.matched, name=earlier.file_name, kind=run.kind).columns
        except mapping.MapError:
            continue
        if set(wanted) <= set(columns):
            return earlier
    return None


def can_match_values(run: Run) -> bool:
    """Whether a check counted values that go to a list, and the file still waits to come in."""
    is_at_rest = run.state not in (Run.State.WAITING, Run.State.RUNNING)
    return run.step == Run.Step.LOOK and is_at_rest and bool(run.outcome.get("values"))


def can_choose_people(run: Run) -> bool:
    """Whether a check found people who look like contacts, and the file still waits to come in."""
    return run.step == Run.Step.LOOK and run.state == Run.State.DONE and bool(run.outcome.get("alike"))


def sections_of(
    run: Run, *, search: str = "", only_open: bool = False, only: frozenset[str] | None = None
) -> list[Section]:
    """The values of a run by field. Raises MapError."""
    using = running.map_of(run)
    lists = Lists(run.office, ["status", *using.rules])
    counted = run.outcome.get("values", {})
    return sections(listed(using, lists), counted, search=search, only_open=only_open, only=only)


def values_words(run: Run) -> dict[str, Any] | None:
    """How many values of the file there are, and how many of them nobody has matched."""
    if not can_match_values(run):
        return None
    try:
        found = sections_of(run)
    except mapping.MapError:
        return None
    return {"different": sum(section.different for section in found), "open": sum(section.open for section in found)}


def _went_where(run: Run) -> list[tuple[str, str]]:
    """Column and field of a map that is made in a file; one that was matched here is on its own page."""
    if not run.map_name or run.step != Run.Step.LOOK or run.state != Run.State.DONE:
        return []
    try:
        rules = running.map_of(run).rules
    except mapping.MapError:
        return []
    labels = LABELS[run.kind]
    return [(rule.label, str(labels.get(name, name))) for name, rule in rules.items() if rule.columns]


def what_of(kind: str, count: int) -> str:
    if kind == "cases":
        return ngettext("%(count)d case", "%(count)d cases", count) % {"count": count}
    return ngettext("%(count)d contact", "%(count)d contacts", count) % {"count": count}
