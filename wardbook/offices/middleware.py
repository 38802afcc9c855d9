"""The gate: every request passes the access table before its view runs."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone

from wardbook.lib.standing import Standing
from wardbook.offices import access, actions, rights
from wardbook.offices.models import Membership, Office

if TYPE_CHECKING:
    from wardbook.accounts.models import User

# Routes of packages that guard themselves: sign-in, second factor, sessions, language.
GUARD_THEMSELVES = ("account_", "mfa_", "usersessions_", "set_language")


class Request(HttpRequest):
    """A request that passed the gate of an office: who, where, in which role."""

    user: "User"
    office: Office
    member: Membership


MEMBERSHIPS: Standing[Membership] = Standing(
    lambda user: (
        Membership.objects.active().filter(user_id=user).select_related("office").order_by("office__name", "pk")
    ),
    "user",
)


class OfficeMiddleware:
    """Finds the office and the membership, and asks the access table. Deny is the default."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        if name.startswith(GUARD_THEMSELVES):
            return None
        row = access.row(name)
        needed = row.needed(request.method or "GET")
        if needed == access.PUBLIC:
            return None
        if not request.user.is_authenticated:
            if needed == access.NEVER:
                return self._not_offered(row)
            return redirect_to_login(request.get_full_path())
        if needed == access.SELF:
            return None
        if "office" in kwargs:
            member = self._member(request, kwargs["office"])
            request.member, request.office = member, member.office  # type: ignore[attr-defined]  # see Request
            if needed == access.NEVER:
                return self._not_offered(row)
            if not member.can(needed):
                return self._not_yours(request, needed)
            return None
        return self._not_offered(row) if needed == access.NEVER else self._not_yours(request, needed)

    @staticmethod
    def _member(request: HttpRequest, slug: str) -> Membership:
        """The caller's membership. An office that is not theirs is an office that does not exist.

        All of theirs are read at once: the shell offers the others, and they are few.
        """
        user = cast("User", request.user)
        memberships = MEMBERSHIPS(user=user.pk)
        for membership in memberships:
            membership.user = user
        request.memberships = memberships  # type: ignore[attr-defined]  # for offices.context
        member = next((member for member in memberships if member.office.slug == slug), None)
        if member is None:
            raise Http404
        used = [other.last_used_at for other in memberships if other is not member and other.last_used_at]
        if len(memberships) > 1 and (member.last_used_at is None or any(at > member.last_used_at for at in used)):
            # Written when somebody changes to another office, so that the start page leads back there.
            actions.remember_office(member, at=timezone.now())
        return member

    @staticmethod
    def _not_offered(row: access.Row) -> HttpResponse:
        allowed = [m for m, need in (("GET", row.read), ("POST", row.change)) if need != access.NEVER]
        return HttpResponseNotAllowed(allowed)

    @staticmethod
    def _not_yours(request: HttpRequest, needed: str) -> HttpResponse:
        """Says which right is missing and who can give it (ux.md 1.1)."""
        member = cast("Membership | None", getattr(request, "member", None))
        context: dict[str, Any] = {"missing": rights.WORDS.get(needed, ""), "givers": [], "role": ""}
        if member is not None:
            givers = rights.who_can_give(needed, member)
            context["givers"] = [f"{giver.user} ({giver.get_role_display()})" for giver in givers]
            context["role"] = member.get_role_display()
        return render(request, "403.html", context, status=403)


def office(request: HttpRequest) -> dict[str, Any]:
    """Context for templates: the office, the member, and what the member can do."""
    member = cast("Membership | None", getattr(request, "member", None))
    if member is None:
        return {"office": None, "member": None, "can": frozenset()}
    return {"office": member.office, "member": member, "can": access.capabilities(member.role)}
