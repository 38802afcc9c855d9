"""What waits for a signature, and what is signed and goes to the printer (EM-5, ux 1.4)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wardbook.cases.models import WaitingOn
from wardbook.correspondence import lettering
from wardbook.correspondence.actions import letters as acts
from wardbook.correspondence.letter_forms import ReturnForm
from wardbook.correspondence.models import Letter
from wardbook.correspondence.scans.press import PDF
from wardbook.correspondence.views.letters import find_letter, place_of
from wardbook.journal.offering import undo_address
from wardbook.lib.download import as_download
from wardbook.lib.forms import CHOOSE
from wardbook.lib.ids import can_be_an_id
from wardbook.lib.respond import done, respond
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request

_RELATED = ("office", "case__office", "contact", "representative", "by")
KEEP = "keep"


class SentForm(forms.Form):
    """What follows when letters are in the post."""

    waiting_on = forms.ChoiceField(
        label=_later("Then their cases wait for"),
        choices=[
            (KEEP, _later("as they do now")),
            (WaitingOn.CONSTITUENT.value, _later("the constituent")),
            (WaitingOn.AGENCY.value, _later("the agency that was written to")),
            ("", _later("nobody: they are with us")),
        ],
        required=False,
        initial=KEEP,
        error_messages=CHOOSE,
    )


@require_http_methods(["GET", "POST"])
def signing(request: Request, office: str) -> HttpResponse:
    """The letters that wait for this person's signature, with their text. POST signs one, or all."""
    waiting = Letter.objects.signable_by(request.member)
    if request.method == "POST":
        chosen = _chosen(_posted(request), waiting)
        at, after = timezone.now(), _after(request, [letter.pk for letter, _version in chosen])
        signed, left = acts.sign(chosen, by=request.user, at=at)
        if left or not chosen:
            messages.error(request, _("Some letters were changed or signed meanwhile. Look at them again."))
        count = len(signed)
        said = ngettext("%(count)d letter signed.", "%(count)d letters signed.", count) % {"count": count}
        return done(request, after, said if signed else "", undo_address(request, at) if signed else "")
    return _queue(request, ReturnForm(auto_id="return-%s"), 200)


@require_POST
def send_back(request: Request, office: str, pk: int) -> HttpResponse:
    """Not like this: says in a line what should change."""
    found, at = find_letter(request, pk), timezone.now()
    if not Letter.objects.signable_by(request.member).filter(pk=found.pk).exists():
        messages.error(request, _("This letter does not wait for your signature any more."))
        return done(request, place_of(found))
    form = ReturnForm(request.POST, auto_id="return-%s")
    if not form.is_valid():
        return _queue(request, form, 422, shown=found.pk)
    after = _after(request, [found.pk])
    try:
        acts.send_back(found, because=form.cleaned_data["because"], by=request.user, at=at)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, place_of(found))
    said = _("Sent back to %(name)s.") % {"name": found.by}
    return done(request, after, said, undo_address(request, at))


@require_http_methods(["GET", "POST"])
def printing(request: Request, office: str) -> HttpResponse:
    """Letters that are ready: choose, open one PDF of all, then say that they are printed (POST)."""
    ready = Letter.objects.visible_to(request.member).to_print()
    here = reverse("correspondence:printing", args=[office])
    given = _posted(request) if request.method == "POST" else request.GET.getlist("letter")
    chosen = _chosen(given, ready)
    form = SentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        at, waits = timezone.now(), form.cleaned_data["waiting_on"]
        sent, left = acts.mark_sent(chosen, by=request.user, at=at, waiting_on=None if waits == KEEP else waits)
        for letter, why in left:
            messages.error(request, f"{letter.contact.name}: {why}")
        if len(chosen) < len(set(given)):
            messages.error(request, _("Some of them were sent or withdrawn already."))
        count = len(sent)
        said = ngettext("%(count)d letter logged as sent.", "%(count)d letters logged as sent.", count)
        return done(request, here, said % {"count": count} if sent else "", undo_address(request, at) if sent else "")
    current = [(letter, version) for letter, version in chosen if letter.version == version]
    if len(current) < len(set(given)):
        messages.warning(request, _("Some letters were changed or sent meanwhile. They are left out."))
    keys = [key_of(letter) for letter, _version in current]
    context = {
        "letters": list(ready.select_related(*_RELATED).order_by("at", "pk")[: acts.MOST_AT_ONCE]),
        "chosen": [letter for letter, _version in current],
        "pdf_url": reverse("correspondence:printing_pdf", args=[office])
        + "?"
        + "&".join(f"letter={k}" for k in keys),
        "form": form,
        "most": acts.MOST_AT_ONCE,
        "tabs": tabs(request, "printing"),
    }
    return respond(request, "correspondence/letters_to_print.html", context, status=422 if form.errors else 200)


@require_safe
def printing_pdf(request: Request, office: str) -> HttpResponse:
    """One PDF of the chosen letters, each on pages of its own."""
    chosen = _chosen(request.GET.getlist("letter"), Letter.objects.visible_to(request.member).to_print())
    letters = [letter for letter, version in chosen if letter.version == version]
    back = reverse("correspondence:printing", args=[office])
    if not letters:
        messages.error(request, _("Some letters were changed or sent meanwhile. Choose again."))
        return done(request, back)
    try:
        made = lettering.pdf_of(letters, request.office)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return done(request, back)
    day = request.office.local_date(timezone.now()).isoformat()
    return as_download(HttpResponse(made), _("Letters %(day)s.pdf") % {"day": day}, PDF)


def key_of(letter: Letter) -> str:
    """A letter in the version that is shown: what is signed or logged is what was read."""
    return f"{letter.pk}-{letter.version}"


def tabs(request: Request, current: str) -> list[dict[str, Any]]:
    """The two heaps of letters, for who may look at them."""
    member, slug = request.member, request.office.slug
    found = []
    if member.can("letters.sign"):
        waiting = Letter.objects.signable_by(member).count()
        found.append(("signing", _("For signature"), waiting))
    if member.can("correspondence.write"):
        ready = Letter.objects.visible_to(member).to_print().count()
        found.append(("printing", _("To print"), ready))
    return [
        {
            "label": label,
            "url": reverse(f"correspondence:{name}", args=[slug]),
            "count": count,
            "current": name == current,
        }
        for name, label, count in found
    ]


def _queue(request: Request, form: ReturnForm, status: int, *, shown: int = 0) -> HttpResponse:
    rows = Letter.objects.signable_by(request.member).select_related(*_RELATED).order_by("at", "pk")
    letters = list(rows[: acts.MOST_AT_ONCE])
    for letter in letters:
        letter.key = key_of(letter)  # type: ignore[attr-defined]  # a value for the page
    wanted = shown or int(_digits(request.GET.get("letter", "")))
    context = {
        "letters": letters,
        "shown": next((one for one in letters if one.pk == wanted), letters[0] if letters else None),
        "is_chosen": any(one.pk == wanted for one in letters),
        "form": form,
        "tabs": tabs(request, "signing"),
        "here": reverse("correspondence:signing", args=[request.office.slug]),
    }
    return respond(request, "correspondence/letters_to_sign.html", context, status=status)


def _after(request: Request, handled: list[int]) -> str:
    """Where the next letter of the queue is."""
    here = reverse("correspondence:signing", args=[request.office.slug])
    order = list(Letter.objects.signable_by(request.member).order_by("at", "pk").values_list("pk", flat=True)[:500])
    last = max((order.index(pk) for pk in handled if pk in order), default=-1)
    following = next((pk for pk in order[last + 1 :] if pk not in handled), None)
    return f"{here}?letter={following}" if following else here


def _posted(request: Request) -> list[str]:
    """What a form of the queues names. One letter that this person may not know of refuses them all (A8); one that
    was signed or sent meanwhile is only left out."""
    keys = request.POST.getlist("letter")[: acts.MOST_AT_ONCE]
    named = {pk for pk, _dash, version in (key.partition("-") for key in keys) if can_be_an_id(version)}
    numbers = {int(pk) for pk in named if can_be_an_id(pk)}
    if len(numbers) < len({key.partition("-")[0] for key in keys}):
        raise Http404
    if Letter.objects.visible_to(request.member).filter(pk__in=numbers).count() < len(numbers):
        raise Http404
    return keys


def _chosen(keys: list[str], among: Any) -> list[tuple[Letter, int]]:
    """The letters that keys like "31-2" name, with the versions. At most as many as go at once."""
    wanted: dict[int, int] = {}
    for key in keys[: acts.MOST_AT_ONCE]:
        pk, _dash, version = key.partition("-")
        if can_be_an_id(pk) and can_be_an_id(version):
            wanted[int(pk)] = int(version)
    rows = among.select_related(*_RELATED).filter(pk__in=wanted).order_by("at", "pk")
    return [(letter, wanted[letter.pk]) for letter in rows]


def _digits(text: str) -> str:
    return text if can_be_an_id(text) else "0"
