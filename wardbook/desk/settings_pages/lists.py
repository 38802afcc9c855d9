"""The lists of the office: add, rename, describe, order, retire, bring back, merge (AD-2, S4.15)."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wardbook.desk.settings_pages.frame import both_versions, fingerprint, is_stale, show
from wardbook.desk.settings_pages.list_forms import MergeForm, TagForm, ValueForm, values_of
from wardbook.journal.offering import undo_address
from wardbook.lib.respond import done
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request
from wardbook.vocabulary import actions as list_actions
from wardbook.vocabulary import likeness, uses
from wardbook.vocabulary.models import LISTS, ContactType, Tag, Value


class Named(NamedTuple):
    """How a list is called, what one of it is called, and what it is for."""

    many: Promise
    one: Promise
    hint: Promise


WORDS: dict[str, Named] = {
    "statuses": Named(_later("Statuses"), _later("status"), _later("Where a case stands")),
    "case-types": Named(_later("Case types"), _later("case type"), _later("What sort of matter it is")),
    "sub-types": Named(_later("Sub-types"), _later("sub-type"), _later("A finer sort, under a case type")),
    "case-codes": Named(_later("Case codes"), _later("case code"), _later("Short codes of your own")),
    "policy-areas": Named(_later("Policy areas"), _later("policy area"), _later("The broad topic of a case")),
    "categories": Named(_later("Categories"), _later("category"), _later("Under a policy area")),
    "service-types": Named(_later("Service types"), _later("service type"), _later("Under a category")),
    "contact-types": Named(_later("Contact types"), _later("contact type"), _later("How something reached you")),
    "activity-types": Named(_later("Actions"), _later("action"), _later("What was done: phoned, wrote, visited")),
    "note-codes": Named(_later("Note codes"), _later("note code"), _later("What a note on a person is about")),
    "party-roles": Named(_later("Roles in a case"), _later("role"), _later("Spouse, solicitor, agency and others")),
    "tags": Named(_later("Tags"), _later("tag"), _later("Words for what comes up again and again")),
}
MANY_TAGS = 300
"""Tags beyond which nobody finds theirs; offices ended with more than 3,000 (E7)."""


@require_GET
def lists_page(request: Request, office: str) -> HttpResponse:
    """All lists, with how many values each has."""
    found = [
        {
            "word": word,
            "named": WORDS[word],
            "url": reverse("desk:list", args=[office, word]),
            **model._default_manager.filter(office=request.office).aggregate(
                used=Count("pk", filter=Q(retired_at__isnull=True)), retired=Count("retired_at")
            ),
        }
        for word, model in LISTS.items()
    ]
    return show(request, "desk/settings/lists.html", {"lists": found})


@require_http_methods(["GET", "POST"])
def list_page(request: Request, office: str, word: str) -> HttpResponse:
    """One list; POST adds a value."""
    model = _model(word)
    form = _new_form(request, model)
    if form.is_valid():
        try:
            value = list_actions.add_value(
                model, request.office, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except RuleBroken as refusal:
            form.add_error("name", str(refusal))
        else:
            return done(request, _list_url(request, word), _("“%(name)s” is in the list.") % {"name": value.name})
    counted = uses.counts(model, request.office.pk)
    rows: Any = model._default_manager.filter(office=request.office)
    if model.parent_field:
        rows = rows.select_related(model.parent_field).order_by(f"{model.parent_field}__position", "position", "name")
    values = list(rows)
    for value in values:
        value.used = counted[value.pk]
    context = {
        "word": word,
        "named": WORDS[word],
        "form": form,
        "groups": _grouped(model, [value for value in values if value.retired_at is None]),
        "retired": [value for value in values if value.retired_at],
        "count": sum(value.retired_at is None for value in values),
        "near": getattr(form, "near", []),
        "many_tags": MANY_TAGS if model is Tag else None,
    }
    return show(request, "desk/settings/list.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def value_page(request: Request, office: str, word: str, pk: int) -> HttpResponse:
    """One value; POST renames and describes it."""
    value = _value(request, word, pk)
    current = values_of(value)
    form = ValueForm(
        request.POST if request.method == "POST" else None,
        model=type(value),
        office=request.office,
        is_new=False,
        initial=current,
    )
    if form.is_valid():
        if is_stale(request, current):
            return both_versions(request, form, current, value)
        at = timezone.now()
        try:
            list_actions.edit_value(value, **form.cleaned_data, by=request.user, at=at)
        except RuleBroken as refusal:
            form.add_error(
                "code" if "code" in str(refusal).lower() and "code" in form.fields else "name", str(refusal)
            )
        else:
            return done(request, _list_url(request, word, value), _("Saved."), undo_address(request, at))
    context = {
        "word": word,
        "named": WORDS[word],
        "value": value,
        "form": form,
        "used": uses.counts(type(value), request.office.pk)[value.pk],
        "version": request.POST.get("version") or fingerprint(current),
        "is_keyed": isinstance(value, ContactType),
        "merged_url": _list_url(request, word, value.merged_into) if value.merged_into else "",
    }
    return show(request, "desk/settings/value.html", context, status=422 if form.errors else 200)


@require_POST
def place(request: Request, office: str, word: str, pk: int) -> HttpResponse:
    """One place up or down the list."""
    value = _value(request, word, pk)
    places = {"up": -1, "down": 1, "first": -10_000, "last": 10_000}.get(request.POST.get("to", ""))
    if places is None:
        raise Http404
    try:
        list_actions.move(value, places, by=request.user, at=timezone.now())
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    return done(request, _list_url(request, word, value))


@require_POST
def retirement(request: Request, office: str, word: str, pk: int) -> HttpResponse:
    """Nobody can choose it any more, or they can again."""
    value, at = _value(request, word, pk), timezone.now()
    url = _list_url(request, word, value)
    try:
        if value.retired_at:
            list_actions.bring_back(value, by=request.user, at=at)
            return done(request, url, _("“%(name)s” can be chosen again.") % {"name": value.name})
        list_actions.retire(value, by=request.user, at=at)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, url)
    text = _("“%(name)s” is retired. What has it keeps it.") % {"name": value.name}
    return done(request, url, text, undo_address(request, at))


@require_http_methods(["GET", "POST"])
def merging(request: Request, office: str, word: str, pk: int) -> HttpResponse:
    """Two values become one; shows first what has the value."""
    value, at = _value(request, word, pk), timezone.now()
    into = request.GET.get("into", "")
    form = MergeForm(request.POST if request.method == "POST" else None, value=value, initial={"into": into})
    if form.is_valid():
        try:
            kept = list_actions.merge(value, by=request.user, at=at, **form.cleaned_data)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            text = _("“%(name)s” is part of “%(into)s” now.") % {"name": value.name, "into": kept.name}
            return done(request, _list_url(request, word, kept), text, undo_address(request, at))
    context = {
        "word": word,
        "named": WORDS[word],
        "value": value,
        "form": form,
        "used": uses.counts(type(value), request.office.pk)[value.pk],
        "open_cases": uses.open_cases(type(value), value.pk),
    }
    return show(request, "desk/settings/merge.html", context, status=422 if form.errors else 200)


@require_GET
def tidy(request: Request, office: str) -> HttpResponse:
    """Tags that nobody uses, and tags that are nearly the same."""
    tags = list(Tag.objects.filter(office=request.office).in_use())
    counted = uses.counts(Tag, request.office.pk)
    for tag in tags:
        tag.used = counted[tag.pk]  # type: ignore[attr-defined]  # a number for the page
    by_key = {tag.key: tag for tag in tags}
    pairs = [(by_key[one], by_key[other]) for one, other in likeness.pairs(by_key)]
    context = {
        "pairs": [sorted(pair, key=lambda tag: counted[tag.pk]) for pair in pairs[:50]],
        "unused": [tag for tag in tags if not counted[tag.pk]][:100],
        "count": len(tags),
        "many_tags": MANY_TAGS,
    }
    return show(request, "desk/settings/tidy.html", context)


def _new_form(request: Request, model: type[Value]) -> ValueForm:
    kind = TagForm if model is Tag else ValueForm
    return kind(request.POST if request.method == "POST" else None, model=model, office=request.office, is_new=True)


def _grouped(model: type[Value], values: list[Any]) -> list[tuple[Any, list[Any]]]:
    """The values under their parents; one group without a name for a list that has none."""
    if not model.parent_field:
        return [(None, values)] if values else []
    groups: dict[Any, list[Any]] = {}
    for value in values:
        groups.setdefault(getattr(value, model.parent_field), []).append(value)
    return list(groups.items())


def _model(word: str) -> type[Value]:
    try:
        return LISTS[word]
    except KeyError:
        raise Http404 from None


def _value(request: Request, word: str, pk: int) -> Value:
    model = _model(word)
    rows: Any = model._default_manager.filter(office=request.office).select_related("merged_into")
    value: Value = get_object_or_404(rows.select_related(model.parent_field) if model.parent_field else rows, pk=pk)
    return value


def _list_url(request: Request, word: str, value: Value | None = None) -> str:
    url = reverse("desk:list", args=[request.office.slug, word])
    return f"{url}#value-{value.pk}" if value else url
