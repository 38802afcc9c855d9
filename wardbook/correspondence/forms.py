"""What is typed before an email goes out."""

from email.utils import getaddresses
from typing import Any

from django import forms
from django.db.models import Max, QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wardbook.cases.actions import FollowUp
from wardbook.cases.forms.entries import Entry
from wardbook.cases.models import Case, Document, WaitingOn
from wardbook.contacts.models import ContactPoint
from wardbook.correspondence import recipients, writing
from wardbook.correspondence.fixed_words import fixed_in
from wardbook.correspondence.models import Attachment, Message, MessageAddress, SenderIdentity, Template
from wardbook.correspondence.recipients import Recipient
from wardbook.lib.forms import CHOOSE, DayField, FileDrop, FilesField, RowsField
from wardbook.lib.ids import as_id
from wardbook.lib.rules import RuleBroken
from wardbook.lib.typed import LineField, TextField

EACH_APART = _("Several apart by commas. Each gets a message of their own.")
KEEP = "keep"
CHASED = "+10wd"
"""When a service that was written to is asked again, unless another day is typed."""
WAITS = [
    (KEEP, _("as it is")),
    (WaitingOn.CONSTITUENT.value, _("the constituent")),
    (WaitingOn.AGENCY.value, _("the agency")),
    ("", _("nobody: it is with us")),
]


def sender_field() -> "forms.ModelChoiceField[SenderIdentity]":
    """As whom an email goes out. The form says who may be chosen."""
    return forms.ModelChoiceField(
        SenderIdentity.objects.none(),
        label=_("From"),
        empty_label=None,
        error_messages={"required": _("Choose a sender."), **CHOOSE},
    )


def addresses_field(label: str | Promise, help_text: str | Promise) -> LineField:
    """Addresses with or without names, apart by commas: `read_addresses` takes them in."""
    return LineField(
        longest=1_000,
        required=False,
        label=label,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )


def ticked_files(field: type[RowsField], of: type[Document | Attachment], label: str | Promise) -> RowsField:
    """Files of which some go along. The form says which there are, the field how each is called."""
    return field(
        of._default_manager.none(),
        label=label,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )


class ReadersField(forms.MultipleChoiceField):
    """The readers that can be ticked. Somebody must read it, but may be typed instead: see the form."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class MessageFilesField(RowsField):
    """Files that came or went with messages: each says whose it was."""

    def label_from_instance(self, obj: Any) -> str:
        who = obj.message.from_name or obj.message.from_address
        return " · ".join(part for part in (obj.name, filesizeformat(obj.size), who) if part)


class EmailForm(Entry):
    """An email from a case, or to a contact. `answers` is the message it answers, if any."""

    answer_to = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    identity = sender_field()
    to = ReadersField(label=_("To"), widget=forms.CheckboxSelectMultiple, error_messages=CHOOSE)
    to_other = addresses_field(_("Another address"), EACH_APART)
    cc = addresses_field(_("Copy to"), _("All readers see these addresses."))
    template = forms.ModelChoiceField(
        Template.objects.none(),
        label=_("Template"),
        required=False,
        empty_label=_("None"),
        error_messages=CHOOSE,
    )
    subject = LineField(longest=200, label=_("Subject"), error_messages={"required": _("Write a subject.")})
    body = TextField(
        longest=50_000,
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 10, "data-first": True}),
        error_messages={"required": _("Write something first.")},
    )
    quotes = forms.BooleanField(label=_("Put the message that is answered below"), required=False)
    uploads = FilesField(
        required=False,
        label=_("Files"),
        widget=FileDrop(max_mb=20, all_together=True),
    )
    documents = ticked_files(RowsField, Document, _("Files of this case"))
    attachments = ticked_files(MessageFilesField, Attachment, _("Files of its emails and letters"))
    waiting_on = forms.ChoiceField(
        label=_("Then it waits for"), choices=WAITS, required=False, initial=KEEP, error_messages=CHOOSE
    )
    follow_up_on = DayField(label=_("Remind me on"), required=False)
    confirmed = forms.CharField(required=False, widget=forms.MultipleHiddenInput)

    answers: Message | None = None
    agencies: frozenset[int] = frozenset()

    def build(self) -> None:
        # What a draft said yes to is asked again.
        self.initial.pop("confirmed", None)
        identity, template, documents = self.fields["identity"], self.fields["template"], self.fields["documents"]
        assert isinstance(identity, forms.ModelChoiceField)
        assert isinstance(template, forms.ModelChoiceField)
        assert isinstance(documents, RowsField)
        identity.queryset = SenderIdentity.objects.usable_by(self.member).select_related("mailbox")
        usual = identity.queryset.first()
        self.initial.setdefault("identity", usual.pk if usual else None)
        person = self.case.constituent if self.case else self.about
        theirs = Template.objects.visible_to(self.member).in_use().filter(kind=Template.Kind.EMAIL)
        template.queryset = theirs.first_in(person.language if person else "")
        again = self._written_before()
        self._find_answered()
        self._offer_recipients(again)
        self._name_it()
        if self.draft.get("for_agency") and self.case is not None:
            day = self.fields["follow_up_on"].clean(CHASED)
            self.initial.update({"waiting_on": WaitingOn.AGENCY.value, "follow_up_on": day})
        if self.case is None:
            del self.fields["documents"], self.fields["attachments"], self.fields["waiting_on"]
            return
        self._offer_files(again)

    def _offer_files(self, again: Message | None) -> None:
        documents, attachments = self.fields["documents"], self.fields["attachments"]
        assert isinstance(documents, RowsField)
        assert isinstance(attachments, RowsField)
        files = Document.objects.visible_to(self.member).filter(case=self.case, internal_note__isnull=True)
        documents.queryset = files.order_by("-uploaded_at", "-pk")
        if not files.exists():
            del self.fields["documents"]
        posted = self._posted_files()
        attachments.queryset = posted.select_related("message").order_by("-pk")
        if not posted.exists():
            del self.fields["attachments"]
        elif again is not None:
            told = set(again.attachments.values_list("sha256", "name"))
            rows = posted.values_list("pk", "sha256", "name")
            self.initial["attachments"] = [pk for pk, digest, name in rows if (digest, name) in told]

    def _posted_files(self) -> QuerySet[Attachment]:
        """What came and went with the messages of the case, the same file once."""
        files = Attachment.objects.visible_to(self.member).filter(
            office=self.office, message__case=self.case, is_inline=False
        )
        once = files.order_by().values("sha256", "name").annotate(newest=Max("pk")).values("newest")
        return Attachment.objects.filter(office=self.office, pk__in=once)

    def _written_before(self) -> Message | None:
        """The email that is written again (`again`), for it did not go or came back: its words and its sender."""
        if (named := as_id(self.draft.get("again", ""))) is None:
            return None
        mine = Message.objects.visible_to(self.member).filter(direction=Message.Direction.OUT, case=self.case)
        old = mine.filter(pk=named, medium=Message.Medium.EMAIL).first()
        if old is not None:
            self.initial.update({"subject": old.subject, "body": old.text, "quotes": bool(old.quoted)})
            self.initial["answer_to"] = str(old.answers_id or "")
            identity: Any = self.fields["identity"]
            if identity.queryset.filter(pk=old.identity_id).exists():
                self.initial["identity"] = old.identity_id
        return old

    def _find_answered(self) -> None:
        """The message answered, named in the address or by the form; another office's is none."""
        if (named := as_id(self.data.get("answer_to") or self.initial.get("answer_to") or "")) is None:
            return
        found = Message.objects.visible_to(self.member).incoming().filter(pk=named)
        if self.case is not None:
            found = found.filter(case=self.case)
        self.answers = found.prefetch_related("addresses").first()
        if self.answers is None:
            return
        self.initial.setdefault("subject", writing.answer_to(self.answers.subject)[:200])
        self.initial.setdefault("to", [self.answers.from_address])
        self.initial.setdefault("quotes", True)

    def _name_it(self) -> None:
        """A fresh email is called after its case, until somebody calls it otherwise."""
        if self.case is None or "subject" in self.initial:
            return
        usual = usual_subject(self.case, for_agency=bool(self.draft.get("for_agency")))
        self.initial["subject"] = usual
        # The subject of a template takes its place.
        self.fields["subject"].widget.attrs["data-usual"] = usual

    def _offer_recipients(self, again: Message | None) -> None:
        """Those who may be written to without asking; the constituent, or whoever wrote, is chosen already."""
        known = self._known()
        if self.answers and self.answers.from_address:
            # The address it came from, never the one that Reply-To asks for (B7).
            sender = Recipient(self.answers.from_name, self.answers.from_address)
            known = {sender.key: known.get(sender.key, sender)} | known
        self.known = known
        field: Any = self.fields["to"]
        field.choices = [(one.address, str(one)) for one in known.values()]
        if not known:
            field.widget = forms.MultipleHiddenInput()
        if again is not None:
            self._readers_again(again, known)
        elif not self.initial.get("to"):
            person = self.case.constituent_id if self.case else self.about.pk if self.about else None
            wanted = self.agencies if self.draft.get("for_agency") else {person}
            theirs = [one.address for one in known.values() if one.contact and one.contact.pk in wanted]
            self.initial["to"] = theirs[:1]
        if not self.answers:
            del self.fields["quotes"]

    def _readers_again(self, again: Message, known: dict[str, Recipient]) -> None:
        """Everybody the email was written to: those who got a message of their own too, if that fared the same."""
        mine = Message.objects.visible_to(self.member).filter(state=again.state)
        alike = mine.filter(together=again.together) if again.together else mine.filter(pk=again.pk)
        rows = MessageAddress.objects.filter(message__in=alike, message__office=self.office).order_by("pk")
        to = [one for one in rows if one.role == MessageAddress.Role.TO]
        keys = {writing.address_key(one.address) for one in to}
        self.initial["to"] = [one.address for key, one in known.items() if key in keys]
        self.initial["to_other"] = ", ".join(str(one) for one in to if writing.address_key(one.address) not in known)
        self.initial["cc"] = ", ".join(str(one) for one in rows if one.role == MessageAddress.Role.CC)

    def _known(self) -> dict[str, Recipient]:
        if self.case is not None:
            here = recipients.on_case(self.case, self.office.pk)
            self.agencies = here.agencies
            return {key: Recipient(contact.name, key, contact) for key, contact in here.contacts.items()}
        points = ContactPoint.objects.filter(contact=self.about, kind=ContactPoint.Kind.EMAIL)
        found = [Recipient(self.about.name, point.value, self.about) for point in points] if self.about else []
        return {one.key: one for one in found}

    def clean_to_other(self) -> str:
        return self._addresses("to_other")

    def clean_cc(self) -> str:
        return self._addresses("cc")

    def _addresses(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        try:
            read_addresses(text)
        except RuleBroken as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return text

    def clean_answer_to(self) -> str:
        named: str = self.cleaned_data["answer_to"]
        if named and self.answers is None:
            raise forms.ValidationError(_t("The message that this answers is not there any more."))
        return named

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("to") and not values.get("to_other") and not {"to", "to_other"} & set(self.errors):
            self.add_error("to_other", _t("Say to whom it goes."))
        due = values.get("follow_up_on")
        if due and due < self.office.local_date(self.at):
            self.add_error("follow_up_on", _t("A follow-up cannot lie in the past."))
        return values

    def facts(self) -> dict[str, Any]:
        """What the action is given."""
        values = self.cleaned_data
        chosen = [self.known[writing.address_key(address)] for address in values["to"]]
        waiting = values.get("waiting_on", KEEP)
        due = values.get("follow_up_on")
        subject = _t("Chase: %(subject)s") % {"subject": values["subject"]}
        return {
            "identity": values["identity"],
            "to": [*chosen, *read_addresses(values["to_other"])],
            "cc": read_addresses(values["cc"]),
            "subject": values["subject"],
            "body": values["body"],
            "files": values.get("uploads", []),
            "documents": list(values.get("documents", [])),
            "attachments": list(values.get("attachments", [])),
            "in_answer_to": self.answers,
            "quotes": bool(values.get("quotes")),
            "confirmed": frozenset(self.data.getlist("confirmed")) if hasattr(self.data, "getlist") else frozenset(),
            "waiting_on": None if waiting == KEEP or self.case is None else waiting,
            "follow_up": FollowUp(subject[:200], due, self.member.user) if due else None,
        }


def read_addresses(text: str) -> list[Recipient]:
    """Addresses as they were typed, apart by commas or semicolons. Raises RuleBroken for what is none."""
    found = []
    for part in text.replace(";", ",").split(","):
        if part.strip():
            read = getaddresses([part])
            name, address = read[0] if len(read) == 1 and read[0][1] else ("", part)
            found.append(Recipient(name, writing.clean_address(address)))
    return found


def usual_subject(case: Case, *, for_agency: bool) -> str:
    """What an email on a case is called before somebody names it: by the reference alone, and to the constituent in
    their language that it is about their enquiry (S1.29). The case's own title is the office's, and stays there."""
    person = case.constituent
    language = (person.language if person else "") or case.office.language
    words = "" if for_agency else fixed_in(language).your_enquiry
    return writing.with_reference(words, case.office.get_case_label_display(), case.reference)
