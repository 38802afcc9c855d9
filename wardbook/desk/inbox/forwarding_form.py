"""What is asked before a message is forwarded: to whom, as whom, with which words, and what of it goes along."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wardbook.cases.forms.choosing import ContactField
from wardbook.contacts.models import Contact, ContactPoint
from wardbook.correspondence import tokens
from wardbook.correspondence.actions import enclosing, forwarding
from wardbook.correspondence.forms import (
    EACH_APART,
    addresses_field,
    read_addresses,
    sender_field,
    ticked_files,
)
from wardbook.correspondence.forwarding_words import words_in
from wardbook.correspondence.models import Attachment, Message, SenderIdentity
from wardbook.correspondence.recipients import Recipient
from wardbook.lib.forms import CHOOSE, RowsField
from wardbook.lib.ids import as_id
from wardbook.lib.rules import RuleBroken
from wardbook.lib.typed import LineField, TextField
from wardbook.offices.middleware import Request

LONGEST_SUBJECT = 200
LIES = [(Message.State.WAITING.value, ""), (Message.State.DISMISSED.value, "")]


class FileField(RowsField):
    """The files of one message, each with its size."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {filesizeformat(obj.size)}"


class ForwardForm(forms.Form):
    """A message forwarded to whom it concerns. Everything but the reader is filled in already."""

    use_required_attribute = False

    # Where it lay when the page was made: who comes second is told who was first.
    lies = forms.ChoiceField(choices=LIES, widget=forms.HiddenInput, error_messages=CHOOSE)
    organisation = ContactField(
        label=_("To an organisation you know"), help_text=_("Goes to the first email address that it has here.")
    )
    to_other = addresses_field(_("Or to an address"), EACH_APART)
    identity = sender_field()
    subject = LineField(
        longest=LONGEST_SUBJECT, label=_("Subject"), error_messages={"required": _("Write a subject.")}
    )
    body = TextField(
        longest=10_000,
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write something first.")},
    )
    with_text = forms.BooleanField(required=False, label=_("Put what they wrote below"))
    attachments = ticked_files(FileField, Attachment, _("Files that go along"))
    tells = forms.BooleanField(required=False, label=_("Send an email to who wrote it, too"))
    told = TextField(
        longest=5_000,
        required=False,
        label=_("What they are told"),
        help_text=_("{to} becomes the name and address to which it was forwarded."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, request: Request, message: Message, *args: Any, **kwargs: Any) -> None:
        self.message, self.office = message, request.office
        self.below = forwarding.what_goes_below(message)
        super().__init__(*args, **kwargs)
        self.initial = {**self._first(), **self.initial}
        cast("ContactField", self.fields["organisation"]).offer(request.member, self._chosen(request), agencies=True)
        identity = cast("forms.ModelChoiceField[SenderIdentity]", self.fields["identity"])
        identity.queryset = SenderIdentity.objects.usable_by(request.member).select_related("mailbox")
        # The address to which it came, where the person may write from it.
        usual = identity.queryset.filter(mailbox=message.mailbox_id).first() or identity.queryset.first()
        self.initial.setdefault("identity", usual.pk if usual else None)
        for name in ("organisation", "to_other"):
            self.fields[name].one_is_required = True  # type: ignore[attr-defined]  # read by c/field.html
        files = cast("FileField", self.fields["attachments"])
        files.queryset = message.attachments.order_by("pk")
        if not message.attachments.all():
            del self.fields["attachments"]
        if not self.below:
            del self.fields["with_text"]
        if not forwarding.can_tell(message):
            del self.fields["tells"], self.fields["told"]

    def _first(self) -> dict[str, Any]:
        words, message = words_in(self.office.language), self.message
        title = tokens.without(str(message))
        return {
            "lies": message.state,
            "subject": f"{words.mark} {title}"[:LONGEST_SUBJECT].strip(),
            "body": words.covering,
            "with_text": True,
            "attachments": self._fitting(),
            "told": words_in(message.language or self.office.language).told,
        }

    def _fitting(self) -> list[int]:
        """The files that are ticked: not those within the text, nothing dangerous, as much as an email holds."""
        total, ticked = 0, []
        for part in self.message.attachments.all():
            if not (part.is_inline or part.is_risky) and total + part.size <= enclosing.MOST_BYTES:
                total += part.size
                ticked.append(part.pk)
        return ticked

    def _chosen(self, request: Request) -> Contact | None:
        """The organisation that was sent, so that its name stands in the field again."""
        sent = as_id(self.data.get("organisation", "")) if self.is_bound else None
        return Contact.objects.visible_to(request.member).filter(pk=sent).first() if sent is not None else None

    def clean_organisation(self) -> Recipient | None:
        contact: Contact | None = self.cleaned_data["organisation"]
        if contact is None:
            return None
        point = contact.points.filter(kind=ContactPoint.Kind.EMAIL).first()
        if point is None:
            said = _t("%(name)s has no email address here. Write it beside.") % {"name": contact.name}
            raise forms.ValidationError(said)
        return Recipient(contact.name, point.value, contact)

    def clean_to_other(self) -> list[Recipient]:
        try:
            return read_addresses(self.cleaned_data["to_other"])
        except RuleBroken as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        asked = {"organisation", "to_other"}
        if not values.get("organisation") and not values.get("to_other") and not asked & set(self.errors):
            self.add_error("to_other", _t("Say to whom it goes."))
        if values.get("tells") and not values.get("told") and "told" not in self.errors:
            self.add_error("told", _t("Write what they are told."))
        return values

    def facts(self) -> dict[str, Any]:
        """What the action is given."""
        values = self.cleaned_data
        chosen = [values["organisation"]] if values["organisation"] else []
        return {
            "identity": values["identity"],
            "to": [*chosen, *values["to_other"]],
            "subject": values["subject"],
            "body": values["body"],
            "with_text": bool(values.get("with_text")),
            "attachments": list(values.get("attachments", [])),
            "told": values["told"] if values.get("tells") else "",
            "dismisses": values["lies"] == Message.State.WAITING,
            "confirmed": frozenset(self.data.getlist("confirmed"))
            if isinstance(self.data, QueryDict)
            else frozenset(),
        }
