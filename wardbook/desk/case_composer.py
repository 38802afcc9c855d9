"""The one place to write on the page of a case: a tab for each kind of entry, and the panel of the chosen one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from wardbook.cases import entry_kinds
from wardbook.cases.models import Case, Draft
from wardbook.correspondence.forms import EmailForm
from wardbook.correspondence.views.emails import begun, may_close, scope_of, stamp
from wardbook.desk.case_parts import Parts
from wardbook.lib.respond import respond, wants_piece
from wardbook.offices.middleware import Request

EMAIL = "email"


class Composer:
    """What one person can add to one case now.

    Only the chosen tab has its form in the page. The panel of another is asked for when its tab is: the page of a
    case is opened far more often than all that could be written there is written.
    """

    def __init__(self, request: Request, case: Case, parts: Parts, at: datetime) -> None:
        self.request, self.case, self.parts, self.at = request, case, parts, at
        self.member, self.slug = request.member, case.office.slug
        self.kinds = {kind.key: kind for kind in entry_kinds.kinds_for(request.member, case)}
        self.may_email = bool(self.kinds) and request.member.can("correspondence.write")
        self.keys = [*([EMAIL] if self.may_email else []), *self.kinds]
        wanted = request.GET.get("write", "")
        self.chosen = wanted if wanted in self.keys else next(iter(self.kinds), "")

    @property
    def is_asked_for_a_panel(self) -> bool:
        """Whether the request is for the panel of the chosen tab alone."""
        target = self.request.headers.get("HX-Target", "").rpartition("#")[2]
        return wants_piece(self.request) and bool(self.chosen) and target == f"panel-{self.chosen}"

    def panel(self, beside: Mapping[str, str]) -> HttpResponse:
        """The panel of the chosen tab."""
        drafts = self._drafts([self.chosen])
        ctx = {"case": self.case, "tab": self._tab(self.chosen, drafts)}
        return respond(self.request, "c/composer_panel.html", ctx | self._sending(beside))

    def context(self, beside: Mapping[str, str]) -> dict[str, Any]:
        """What the page draws: all tabs, and the form of the chosen one."""
        drafts = self._drafts(self.keys) if self.keys else {}
        return {"composer_tabs": [self._tab(key, drafts) for key in self.keys]} | self._sending(beside)

    def _sending(self, beside: Mapping[str, str]) -> dict[str, Any]:
        """What an email needs besides: the other ways to send it, and where templates are read."""
        if self.chosen != EMAIL:
            return {}
        templates = reverse("correspondence:template_text", args=[self.slug, 0])
        return {
            "may_close": may_close(self.case, self.member),
            "next_address": beside.get("following", ""),
            "template_url": f"{templates}?case={self.case.number}",
        }

    def _scope(self, key: str) -> str:
        return scope_of(self.case, None) if key == EMAIL else self.kinds[key].scope(self.case)

    def _drafts(self, keys: list[str]) -> dict[str, Draft]:
        """The drafts of this person, by tab."""
        scopes = {self._scope(key): key for key in keys}
        found = Draft.objects.visible_to(self.member).filter(scope__in=scopes)
        return {scopes[draft.scope]: draft for draft in found}

    def _tab(self, key: str, drafts: Mapping[str, Draft]) -> dict[str, Any]:
        draft, is_chosen = drafts.get(key), key == self.chosen
        kind = self.kinds.get(key)
        tab: dict[str, Any] = {
            "key": key,
            "label": kind.label if kind else _("Email"),
            "icon": kind.icon if kind else "mail",
            "hotkey": kind.hotkey if kind else "r",
            "href": f"{self.request.path}?write={key}#composer",
            "draft_version": draft.version if draft else 0,
            "selected": is_chosen,
        }
        if not is_chosen:
            return tab | {"panel_url": f"{self.request.path}?write={key}"}
        tab |= {
            "draft_url": reverse("cases:draft", args=[self.slug, self._scope(key)]),
            "draft_saved_at": draft.saved_at if draft else None,
        }
        return tab | (self._email(draft) if kind is None else self._entry(kind, draft))

    def _entry(self, kind: entry_kinds.Kind, draft: Draft | None) -> dict[str, Any]:
        form = kind.form(
            self.member,
            at=self.at,
            case=self.case,
            choices=self.parts.choices(),
            draft=(draft.body if draft else {}) | {"seen": stamp(self.at)},
            auto_id=f"{kind.key}-%s",
        )
        write_url = ""
        if kind.key == "letter" and self.may_email:
            write_url = reverse("correspondence:write_letter", args=[self.slug, self.case.number])
        return {
            "action": kind.address(self.case),
            "form": form,
            "mark": kind.mark,
            "audience": entry_kinds.audience(kind, self.case, may_be_outsiders=self.parts.has_outsiders),
            "button": kind.button,
            "fields_template": kind.fields_template,
            "write_url": write_url,
        }

    def _email(self, draft: Draft | None) -> dict[str, Any]:
        answer = self.request.GET.get("answer", "")[:20]
        first = {"seen": stamp(self.at)} | begun(self.request, self.case, draft)
        return {
            "action": reverse("correspondence:emails", args=[self.slug, self.case.number])
            + (f"?answer={answer}" if answer else ""),
            "form": EmailForm(self.member, at=self.at, case=self.case, draft=first, auto_id="email-%s"),
            "mark": "out",
            "audience": _("This leaves the office. The people named under To will read it."),
            "button": _("Send email"),
            "fields_template": "correspondence/email_fields.html",
            "beside_button": "correspondence/email_sends.html",
        }
