"""How the acts on letters and templates are taken back. Registered by the app when it is ready."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wardbook.cases import readers
from wardbook.cases.models import Case, Document
from wardbook.correspondence import events
from wardbook.correspondence.actions import templates
from wardbook.correspondence.models import Letter, Template
from wardbook.journal.actions import record
from wardbook.journal.inverses import inverse
from wardbook.journal.models import Undo
from wardbook.lib.rules import RuleBroken

if TYPE_CHECKING:
    from wardbook.accounts.models import User


@inverse("letter.standing")
def stand_as_before(undo: Undo, by: "User", at: datetime) -> str:
    """A letter that was written, signed, sent back or withdrawn stands as before, unless something followed."""
    letter = _held(undo, by)
    was = undo.payload["was"]
    letter.state = was["state"]
    letter.signed_by_id = was.get("signed_by_id")
    letter.signed_at = datetime.fromisoformat(was["signed_at"]) if was.get("signed_at") else None
    letter.returned_because = was.get("returned_because", "")
    letter.version += 1
    letter.save(update_fields=["state", "signed_by", "signed_at", "returned_because", "version"])
    if letter.state == Letter.State.STOPPED:
        record(events.LETTER_STOPPED, about=letter, by=by, at=at)
    else:
        record(events.LETTER_CHANGED, about=letter, by=by, at=at, fields=["state"])
    return _("Undone: %(what)s") % {"what": undo.label}


@inverse("letter.unsend")
def not_sent_after_all(undo: Undo, by: "User", at: datetime) -> str:
    """A letter that was logged as sent is ready to print again; its PDF and the day of last news go too."""
    letter = _held(undo, by)
    letter.state, letter.sent_on, letter.activity = Letter.State.READY, None, None
    letter.storage_key = letter.sha256 = ""
    letter.version += 1
    letter.save(update_fields=["state", "sent_on", "activity", "storage_key", "sha256", "version"])
    Document.objects.filter(pk=undo.payload["document"], deleted_at__isnull=True).update(deleted_at=at)
    if letter.case_id:
        told = datetime.fromisoformat(undo.payload["informed_at"])
        was = undo.payload["informed_was"]
        Case.objects.filter(pk=letter.case_id, last_informed_at=told).update(
            last_informed_at=datetime.fromisoformat(was) if was else None
        )
    record(events.LETTER_CHANGED, about=letter, by=by, at=at, fields=["state"])
    return _("Not sent after all: %(what)s") % {"what": undo.label}


@inverse("template.return")
def offer_again(undo: Undo, by: "User", at: datetime) -> str:
    """A template that was retired is offered again."""
    template = Template.objects.filter(pk=undo.payload["template"]).first()
    if template is None:
        raise RuleBroken(_("The template is gone."))
    templates.return_template(template, by=by, at=at)
    return _("Undone: %(what)s") % {"what": undo.label}


def _held(undo: Undo, by: "User") -> Letter:
    letter = Letter.objects.select_for_update(of=("self",)).filter(pk=undo.payload["letter"]).first()
    if letter is None or (letter.case is not None and not readers.can_see(letter.case, by)):
        raise RuleBroken(_("The letter is no longer there for you."))
    if letter.version != undo.payload["version"]:
        raise RuleBroken(_("Somebody did something else with this letter since."))
    return letter
