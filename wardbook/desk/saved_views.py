"""Saved views: a filter with a name, kept, shared, pinned. And the shelf on which a page finds them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast
from urllib.parse import parse_qsl

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wardbook.desk import actions
from wardbook.desk.cases_list import counting
from wardbook.desk.cases_list.filters import Filter, from_pairs
from wardbook.desk.cases_list.narrowing import Narrowing
from wardbook.desk.cases_list.queues import QUEUES, Queue
from wardbook.desk.models import SavedView
from wardbook.lib.quote import one_line
from wardbook.lib.respond import done, respond
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request
from wardbook.offices.models import Membership

MOST_PINNED = 12


@dataclass
class Shelf:
    """The views a person may see in their office: loaded once a request, in one query, when first looked at."""

    member: Membership

    @staticmethod
    def of(request: HttpRequest) -> Shelf:
        shelf = getattr(request, "_shelf", None)
        if shelf is None:
            shelf = Shelf(cast("Request", request).member)
            request._shelf = shelf  # type: ignore[attr-defined]  # kept for the rest of the request
        return cast("Shelf", shelf)

    @cached_property
    def views(self) -> list[SavedView]:
        return list(SavedView.objects.visible_to(self.member).order_by("name", "pk"))

    @property
    def mine(self) -> list[SavedView]:
        return [view for view in self.views if view.owner_id == self.member.user_id]

    @property
    def shared(self) -> list[SavedView]:
        return [view for view in self.views if view.owner_id != self.member.user_id]

    @property
    def pinned(self) -> list[SavedView]:
        return [view for view in self.views if view.is_pinned][:MOST_PINNED]

    def view(self, pk: int) -> SavedView | None:
        return next((view for view in self.views if view.pk == pk), None) if pk else None

    def queue(self, chosen: Filter) -> Queue | None:
        """The suggested view that is exactly this filter."""
        return next((queue for queue in QUEUES if queue.filter.terms == chosen.terms), None)

    @property
    def queues(self) -> tuple[Queue, ...]:
        return QUEUES


def address_of(view: SavedView, office: str) -> str:
    """Where a view is shown."""
    return f"{reverse('desk:cases', args=[office])}?{filter_of(view).address(view=view.pk)}"


def filter_of(view: SavedView) -> Filter:
    return from_pairs(parse_qsl(view.query))


def pinned_views(request: HttpRequest) -> dict[str, Any]:
    """For every page of the office: the views in the menu. Their counts come later, by themselves."""
    member = getattr(request, "member", None)
    if member is None or not member.can("cases.read"):
        return {"my_views": []}
    return {"my_views": SimpleLazyObject(lambda: _menu(request))}


def _menu(request: HttpRequest) -> list[dict[str, Any]]:
    member = cast("Request", request).member
    slug, now = member.office.slug, request.GET.get("view", "")
    return [
        {
            "pk": view.pk,
            "label": view.name,
            "url": address_of(view, slug),
            "count": None,
            "current": now == str(view.pk),
        }
        for view in Shelf.of(request).pinned
    ]


class ViewForm(forms.Form):
    """The name of a view and who sees it."""

    name = forms.CharField(
        label=_later("Name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-autofocus": True}),
        error_messages={
            "required": _later("Give the view a name."),
            "max_length": _later("Use at most 60 letters."),
        },
    )
    is_pinned = forms.BooleanField(label=_later("Show it in the menu, with its count"), required=False, initial=True)
    is_shared = forms.BooleanField(label=_later("Everybody in the office sees it"), required=False)

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Give the view a name."))
        return name


def get_view(request: Request, pk: int) -> SavedView:
    """A view of one's own; others' shared views can be used, not changed."""
    views = SavedView.objects.visible_to(request.member).filter(owner_id=request.member.user_id)
    return get_object_or_404(views, pk=pk)


@require_GET
def all_views(request: Request, office: str) -> HttpResponse:
    """Suggested views, one's own, and what colleagues share, each with its count."""
    shelf = Shelf.of(request)
    today = request.office.local_date(timezone.now())
    narrowing = Narrowing(request.member, today)
    filters = [*(queue.filter for queue in QUEUES), *(filter_of(view) for view in shelf.views)]
    counts = counting.capped([narrowing.cases(one) for one in filters])
    list_url = reverse("desk:cases", args=[office])
    queues = [
        {"name": queue.name, "about": queue.about, "url": f"{list_url}?{queue.filter.address()}", "count": count}
        for queue, count in zip(QUEUES, counts, strict=False)
    ]
    views = {
        view.pk: {"view": view, "url": address_of(view, office), "count": count}
        for view, count in zip(shelf.views, counts[len(QUEUES) :], strict=True)
    }
    context = {
        "queues": queues,
        "mine": [views[view.pk] for view in shelf.mine],
        "shared": [views[view.pk] for view in shelf.shared],
        "list_url": list_url,
    }
    return respond(request, "desk/views.html", context, piece="views")


@require_GET
def counts(request: Request, office: str) -> HttpResponse:
    """How many cases each pinned view has: filled into the menu after the page is there."""
    pinned = Shelf.of(request).pinned
    narrowing = Narrowing(request.member, request.office.local_date(timezone.now()))
    found = counting.capped([narrowing.cases(filter_of(view)) for view in pinned])
    context = {"pairs": list(zip(pinned, found, strict=True))}
    return respond(request, "desk/view_counts.html", context, piece="counts")


@require_http_methods(["GET", "POST"])
def new_view(request: Request, office: str) -> HttpResponse:
    """Keep the filter of the address under a name."""
    chosen = from_pairs(parse_qsl((request.POST if request.method == "POST" else request.GET).get("query", "")))
    form = ViewForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            view = actions.save_view(
                request.member, query=chosen.address(), by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except RuleBroken as refusal:
            form.add_error("name", str(refusal))
        else:
            return done(request, address_of(view, office), _("“%(name)s” is kept.") % {"name": view.name})
    context = {"form": form, "query": chosen.address(), "form_url": reverse("desk:new_view", args=[office])}
    back = f"{reverse('desk:cases', args=[office])}?{chosen.address()}"
    context |= {"back": back, "title": _("Save view"), "deletion_url": ""}
    return respond(request, "desk/view_form.html", context, piece="form", status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit_view(request: Request, office: str, pk: int) -> HttpResponse:
    """Rename, pin, share."""
    view = get_view(request, pk)
    form = ViewForm(request.POST if request.method == "POST" else None, initial=vars(view))
    if form.is_valid():
        try:
            view = actions.change_view(view, by=request.user, at=timezone.now(), **form.cleaned_data)
        except RuleBroken as refusal:
            form.add_error("name", str(refusal))
        else:
            return done(request, address_of(view, office), _("“%(name)s” is changed.") % {"name": view.name})
    context = {"form": form, "query": view.query, "form_url": reverse("desk:view", args=[office, pk]), "view": view}
    context |= {"back": address_of(view, office), "title": _("Change view")}
    context["deletion_url"] = reverse("desk:view_deletion", args=[office, pk])
    return respond(request, "desk/view_form.html", context, piece="form", status=422 if form.errors else 200)


@require_POST
def update_view(request: Request, office: str, pk: int) -> HttpResponse:
    """The view means the filter of the page from now on."""
    view = get_view(request, pk)
    chosen = from_pairs(parse_qsl(request.POST.get("query", "")))
    try:
        view = actions.change_view(view, query=chosen.address(), by=request.user, at=timezone.now())
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, address_of(view, office))
    return done(request, address_of(view, office), _("“%(name)s” is changed.") % {"name": view.name})


@require_POST
def delete_view(request: Request, office: str, pk: int) -> HttpResponse:
    """Forget a view; its cases stay as they are."""
    view = get_view(request, pk)
    at = timezone.now()
    undo = actions.delete_view(view, by=request.user, at=at)
    undo_url = reverse("desk:undo", args=[office, undo]) if undo else ""
    said = _("“%(name)s” is gone.") % {"name": view.name}
    return done(request, reverse("desk:views", args=[office]), said, undo_url)


urlpatterns = [
    path("cases/views/", all_views, name="views"),
    path("cases/views/counts/", counts, name="view_counts"),
    path("cases/views/new/", new_view, name="new_view"),
    path("cases/views/<int:pk>/", edit_view, name="view"),
    path("cases/views/<int:pk>/filter/", update_view, name="view_filter"),
    path("cases/views/<int:pk>/deletion/", delete_view, name="view_deletion"),
]
