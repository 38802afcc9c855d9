"""What the office has decided about its post: letterhead, signatures, acknowledgements, campaigns."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_http_methods

from wardbook.correspondence.actions import mailboxes as actions
from wardbook.correspondence.models import PostRules
from wardbook.desk.settings_pages.frame import fingerprint, keep, show
from wardbook.lib.typed import LineField, TextField
from wardbook.offices.middleware import Request


def _number(low: int, high: int, **kwargs: Any) -> forms.IntegerField:
    said = _later("Enter a number from %(low)s to %(high)s.") % {"low": low, "high": high}
    errors = dict.fromkeys(("required", "invalid", "min_value", "max_value"), said)
    widget = forms.NumberInput(attrs={"class": "input input--short"})
    return forms.IntegerField(min_value=low, max_value=high, error_messages=errors, widget=widget, **kwargs)


class PostForm(forms.Form):
    """The office's choices."""

    letterhead = TextField(
        longest=600,
        required=False,
        label=_later("Letterhead"),
        help_text=_later("Name, address, telephone: a line each, at the top of every letter."),
    )
    letter_footer = LineField(longest=300, required=False, label=_later("Foot of the letter"))
    letters_need_signature = forms.BooleanField(
        required=False, label=_later("Letters wait until the representative has signed them")
    )
    privacy_line = LineField(
        longest=500,
        required=False,
        label=_later("Privacy line of acknowledgements"),
        help_text=_later("Empty: a usual one. It says what happens with what people write."),
    )
    reopen_days = _number(0, 365, label=_later("A reply reopens a closed case within (days)"))
    campaign_threshold = _number(30, 90, label=_later("Mails are one campaign from (percent alike)"))


@require_http_methods(["GET", "POST"])
def post_page(request: Request, office: str) -> HttpResponse:
    """The choices; POST changes them."""
    rules = PostRules.of(request.office)
    current = {name: getattr(rules, name) for name in PostForm.base_fields}
    form = PostForm(request.POST if request.method == "POST" else None, initial=current)

    def act() -> None:
        actions.change_post_rules(request.office, **form.cleaned_data, by=request.user, at=timezone.now())

    answer = keep(request, form, current, request.office, act, page=reverse("desk:post", args=[office]))
    if answer is not None:
        return answer
    context = {"form": form, "version": request.POST.get("version") or fingerprint(current)}
    return show(request, "desk/settings/post.html", context, status=422 if form.errors else 200)
