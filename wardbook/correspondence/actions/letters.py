"""Letters are written, signed, printed, and logged as sent, each once."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wardbook.cases.actions import activities, documents, editing, saving
from wardbook.cases.models import Activity, Case, Document, WaitingOn
from wardbook.contacts.models import Contact
from wardbook.correspondence import events, filling, lettering, writing
from wardbook.correspondence.models import Letter, PostRules, Template
from wardbook.journal.actions import as_one, gathering, record, remember_undo
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.offices.models import Office, Representative
from wardbook.vocabulary.models import ActivityType, ContactType

if TYPE_CHECKING:
    from wardbook.accounts.models import User

MOST_AT_ONCE = 100
LONGEST_BODY = 20_000
CHANGEABLE = (Letter.State.FOR_SIGNATURE, Letter.State.RETURNED, Letter.State.READY)
EDITABLE = frozenset(
    {"contact", "addressed_to", "language", "dated_on", "their_reference", "subject", "body", "representative"}
    | {"template"}
)
# What signing, sending back and withdrawing change, so that it can be set back.
STANDING = ("state", "signed_by_id", "signed_at", "returned_because")


@transaction.atomic
def write(
    *,
    office: Office,
    contact: Contact,
    addressed_to: str,
    body: str,
    dated_on: date,
    by: "User",
    at: datetime,
    case: Case | None = None,
    subject: str = "",
    language: str = "",
    their_reference: str = "",
    representative: Representative | None = None,
    template: Template | None = None,
) -> Letter:
    """Write a letter. It waits for a signature if the office says so, else it is ready to print (EM-5).

    Without a representative its writer signs it. Raises RuleBroken: nothing to say or nowhere to send it, somebody
    who wants no letters, a token without a value, a thing of another office, words that no font can print.
    """
    saving.same_office(office, case, contact, representative, template)
    case = saving.locked(case) if case else None
    letter = Letter(
        office=office,
        case=case,
        contact=contact,
        our_reference=case.reference if case else "",
        state=_first_state(office),
        by=by,
        at=at,
    )
    values = {"addressed_to": addressed_to, "body": body, "subject": subject, "their_reference": their_reference}
    _put(
        letter,
        values | {"dated_on": dated_on, "representative": representative, "template": template, "language": language},
    )
    letter.save()
    if case:
        saving.touch(case, at)
    record(events.LETTER_WRITTEN, about=letter, by=by, at=at, state=letter.state)
    _remember(letter, {"state": Letter.State.STOPPED.value}, by=by, at=at)
    return letter


@transaction.atomic
def change(letter: Letter, *, by: "User", at: datetime, seen: int | None = None, **values: Any) -> Letter:
    """Change a letter that has not gone. One that was signed, or sent back, waits for a signature again.

    Raises Stale if somebody saved since version `seen`, RuleBroken as `write` does, and for a letter that has gone.
    """
    if unknown := values.keys() - EDITABLE:
        raise ValueError(f"Not editable: {', '.join(sorted(unknown))}")
    letter = _held(letter)
    if letter.state not in CHANGEABLE:
        raise RuleBroken(_("This letter has gone. Write another one."))
    if seen is not None and letter.version != seen:
        raise Stale(letter)
    saving.same_office(letter.office, *values.values())
    was = {name: getattr(letter, name) for name in EDITABLE}
    _put(letter, values)
    changed = sorted(name for name in EDITABLE if getattr(letter, name) != was[name])
    state = _first_state(letter.office)
    if not changed and letter.state != Letter.State.RETURNED:
        return letter
    letter.state, letter.signed_by, letter.signed_at, letter.returned_because = state, None, None, ""
    letter.version += 1
    letter.save()
    record(events.LETTER_CHANGED, about=letter, by=by, at=at, fields=changed)
    return letter


@transaction.atomic
def sign(letters: Iterable[tuple[Letter, int]], *, by: "User", at: datetime) -> tuple[list[Letter], list[Letter]]:
    """Sign letters in the versions that were read. Returns (signed, left): what changed meanwhile is left."""
    signed, left = [], []
    with gathering() as undos:
        for letter, version in sorted(letters, key=lambda pair: pair[0].pk):
            waiting = Letter.objects.filter(pk=letter.pk, state=Letter.State.FOR_SIGNATURE, version=version)
            changes = {"state": Letter.State.READY, "signed_by": by, "signed_at": at, "returned_because": ""}
            if not waiting.update(**changes, version=F("version") + 1):
                left.append(letter)
                continue
            was = _standing(letter) | {"state": Letter.State.FOR_SIGNATURE.value}
            letter.refresh_from_db()
            record(events.LETTER_SIGNED, about=letter, by=by, at=at)
            _remember(letter, was, by=by, at=at)
            signed.append(letter)
    if len(signed) > 1:
        count = len(signed)
        words = ngettext("%(count)d letter signed", "%(count)d letters signed", count)
        as_one(undos, label=words % {"count": count})
    return signed, left


@transaction.atomic
def send_back(letter: Letter, *, because: str, by: "User", at: datetime) -> Letter:
    """The signer wants something changed, and says what. Raises RuleBroken without a reason, or if it is too late."""
    because = writing.one_line(because, 300)
    if not because:
        raise RuleBroken(_("Say in a line what should change."))
    letter = _held(letter)
    if letter.state != Letter.State.FOR_SIGNATURE:
        raise RuleBroken(_("This letter does not wait for a signature any more."))
    was = _standing(letter)
    letter.state, letter.returned_because = Letter.State.RETURNED, because
    _save_standing(letter)
    record(events.LETTER_SENT_BACK, about=letter, by=by, at=at)
    _remember(letter, was, by=by, at=at)
    return letter


@transaction.atomic
def stop(letter: Letter, *, by: "User", at: datetime) -> Letter:
    """Withdraw a letter: it will not be sent. Raises RuleBroken if it has gone."""
    letter = _held(letter)
    if letter.state not in CHANGEABLE:
        raise RuleBroken(_("This letter has gone. It cannot be withdrawn."))
    was = _standing(letter)
    letter.state = Letter.State.STOPPED
    _save_standing(letter)
    record(events.LETTER_STOPPED, about=letter, by=by, at=at)
    _remember(letter, was, by=by, at=at)
    return letter


@transaction.atomic
def mark_sent(
    letters: Sequence[tuple[Letter, int]], *, by: "User", at: datetime, waiting_on: str | None = None
) -> tuple[list[Letter], list[tuple[Letter, str]]]:
    """They are printed and go into the post: each is logged on its case with its PDF, once (EM-5).

    Takes the versions that were printed. Returns (sent, [(letter, why not)]). Undone for a day as one.
    """
    sent: list[Letter] = []
    left: list[tuple[Letter, str]] = []
    with gathering() as undos:
        for letter, version in sorted(letters, key=lambda pair: pair[0].pk)[:MOST_AT_ONCE]:
            try:
                with transaction.atomic():
                    sent.append(_send(letter, version, by=by, at=at, waiting_on=waiting_on))
            except RuleBroken as refusal:
                left.append((letter, str(refusal)))
    words = ngettext("%(count)d letter sent", "%(count)d letters sent", len(sent))
    as_one(undos, label=words % {"count": len(sent)})
    return sent, left


def _send(letter: Letter, version: int, *, by: "User", at: datetime, waiting_on: str | None) -> Letter:
    today = letter.office.local_date(at)
    ready = Letter.objects.filter(pk=letter.pk, state=Letter.State.READY, version=version)
    if not ready.update(state=Letter.State.SENT, sent_on=today, version=F("version") + 1):
        raise RuleBroken(_("It was changed or sent meanwhile."))
    letter = Letter.objects.select_related("office", "case__office", "contact", "representative", "by").get(
        pk=letter.pk
    )
    lettering.refuse_unwilling(letter.contact)
    case = letter.case
    informed_was = case.last_informed_at if case else None
    activity = activities.log_activity(
        letter.office,
        type=_type_for(letter.office),
        contact_type=ContactType.objects.filter(office=letter.office, code="letter").first(),
        subject=letter.subject or _("Letter to %(name)s") % {"name": letter.contact.formal_name},
        details=letter.body,
        written_on=letter.dated_on,
        direction=Activity.Direction.OUT,
        case=case,
        contact=letter.contact,
        informs_constituent=case is not None and case.constituent_id == letter.contact_id,
        by=by,
        at=at,
    )
    document = _keep_pdf(letter, activity, by=by, at=at)
    letter.activity, letter.storage_key, letter.sha256 = activity, document.storage_key, document.sha256
    letter.save(update_fields=["activity", "storage_key", "sha256"])
    if case is not None and waiting_on is not None:
        is_theirs = waiting_on == WaitingOn.AGENCY and letter.contact_id != case.constituent_id
        editing.wait_on(case, waiting_on, agency=letter.contact if is_theirs else None, by=by, at=at)
    record(events.LETTER_PRINTED, about=letter, by=by, at=at, activity=activity.pk)
    payload = {
        "letter": letter.pk,
        "version": letter.version,
        "document": document.pk,
        "informed_at": at.isoformat(),
        "informed_was": informed_was.isoformat() if informed_was else None,
    }
    remember_undo("letter.unsend", office_id=letter.office_id, by=by, at=at, label=str(letter), payload=payload)
    return letter


def _keep_pdf(letter: Letter, activity: Activity, *, by: "User", at: datetime) -> Document:
    """The letter as it was printed, with the entry that says so."""
    pdf = SimpleUploadedFile(
        lettering.file_name(letter), lettering.pdf_of([letter], letter.office), "application/pdf"
    )
    kept, refused = documents.add_documents(activity, [pdf], by=by, at=at)
    if not kept:
        raise RuleBroken(refused[0][1])
    return kept[0]


def _type_for(office: Office) -> ActivityType:
    """The office's action for a letter that goes out: of two, the presets have the outgoing one second."""
    found = ActivityType.objects.filter(office=office, family=ActivityType.Family.LETTER).in_use()
    chosen = found.order_by("position", "pk").last()
    if chosen is None:
        raise RuleBroken(_("The office has no action for letters. Add one under Settings › Lists."))
    return chosen


def _put(letter: Letter, values: dict[str, Any]) -> None:
    """Set what was typed, cleaned, and see that it can be printed."""
    for name, value in values.items():
        setattr(letter, name, value)
    letter.addressed_to = lettering.clean_block(letter.addressed_to)
    letter.subject = writing.one_line(letter.subject, 200)
    letter.their_reference = writing.one_line(letter.their_reference, 80)
    letter.body = writing.body_text(letter.body)
    letter.language = letter.language or letter.contact.language or letter.office.language
    if not letter.body:
        raise RuleBroken(_("Write something first."))
    if len(letter.body) > LONGEST_BODY:
        raise RuleBroken(_("The text is too long for a letter."))
    if tokens := filling.tokens_in(f"{letter.subject}\n{letter.body}"):
        raise RuleBroken(_("Your text still says {%(token)s}.") % {"token": tokens[0]})
    lettering.refuse_unwilling(letter.contact)
    lettering.pdf_of([letter], letter.office)


def _first_state(office: Office) -> Letter.State:
    waits = PostRules.of(office).letters_need_signature
    return Letter.State.FOR_SIGNATURE if waits else Letter.State.READY


def _held(letter: Letter) -> Letter:
    held = Letter.objects.select_for_update(of=("self",))
    return held.select_related("office", "contact", "case", "representative", "by").get(pk=letter.pk)


def _standing(letter: Letter) -> dict[str, Any]:
    return {name: saving.plain(getattr(letter, name)) for name in STANDING}


def _save_standing(letter: Letter) -> None:
    letter.version += 1
    letter.save(update_fields=[*(name.removesuffix("_id") for name in STANDING), "version"])


def _remember(letter: Letter, was: dict[str, Any], *, by: "User", at: datetime) -> None:
    """How its standing is set back, as long as nobody did anything with it since."""
    payload = {"letter": letter.pk, "version": letter.version, "was": was}
    label = _("Letter to %(name)s") % {"name": letter.contact.formal_name}
    remember_undo("letter.standing", office_id=letter.office_id, by=by, at=at, label=label, payload=payload)
