"""What a person types into Quick log. Only "who" and "what" are asked for; all else may wait."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wardbook.cases import gate
from wardbook.cases.forms.choosing import ColleagueField, ValueField, staff_of
from wardbook.cases.models import Case, Outcome, Priority
from wardbook.contacts.forms import MailField, PhoneField
from wardbook.contacts.models import Contact
from wardbook.desk.office_days import days_of
from wardbook.desk.topics import Topic, TopicField, service_types
from wardbook.lib.forms import CHOOSE, ChosenField, ChosenManyField, Combobox, DayField, FilesField
from wardbook.lib.ids import ids_among
from wardbook.lib.respond import in_dialog
from wardbook.lib.typed import LineField, PostcodeField, TextField
from wardbook.offices.middleware import Request
from wardbook.offices.models import FieldUse, Team
from wardbook.vocabulary.models import CaseCode, CaseType, ContactType, ServiceType, Tag

LONGEST_WHAT = 140
NEW = ("new_name", "new_email", "new_address", "new_phone", "new_postcode")
# What comes in by itself is not logged by hand.
COME_BY_THEMSELVES = ("web-form", "portal")
INWARD = (Case.Kind.INTERNAL, Case.Kind.INVITATION)


class PersonField(ChosenField):
    """Somebody known. Shown as needed, as it is; but a new person, or none at all, may stand in for them."""

    def clean(self, value: Any) -> Any:
        return None if value in self.empty_values else super().clean(value)


class QuickLogForm(forms.Form):
    """One matter, as it is told."""

    use_required_attribute = False

    how = forms.ModelChoiceField(
        ContactType.objects.none(),
        label=_("How did it come?"),
        empty_label=None,
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
        error_messages=CHOOSE | {"required": _("Choose how it came.")},
    )
    person = PersonField(
        Contact.objects.none(),
        label=_("Who is it about?"),
        help_text=_("Name, phone number, postcode or email"),
    )
    new_name = LineField(longest=160, label=_("Name"), required=False)
    new_is_organisation = forms.BooleanField(label=_("An organisation"), required=False)
    new_email = MailField(required=False)
    new_address = LineField(longest=250, label=_("Address"), required=False)
    new_phone = PhoneField(required=False)
    new_postcode = PostcodeField(required=False)
    not_same = forms.BooleanField(label=_("This is somebody else"), required=False)
    is_anonymous = forms.BooleanField(label=_("They do not want to be named"), required=False)
    what = LineField(
        longest=LONGEST_WHAT,
        label=_("What do they need?"),
        widget=forms.TextInput(attrs={"data-count": LONGEST_WHAT, "autocomplete": "off"}),
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    details = TextField(longest=20_000, label=_("Details"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    topic = TopicField()
    service_type = forms.ChoiceField(label=_("Service type"), required=False, error_messages=CHOOSE)
    case_type = ValueField(CaseType, label=_("Case type"))
    case_code = ValueField(CaseCode, label=_("Case code"))
    tags = ChosenManyField(Tag.objects.none(), label=_("Tags"), required=False)
    place = LineField(
        longest=250, label=_("Where it is"), required=False, help_text=_("Only if it is not where they live.")
    )
    place_postcode = PostcodeField(required=False, label=_("Postcode of the place"))
    owner = ColleagueField(label=_("Who does it"), empty_label=_("Nobody"))
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Team"), required=False, empty_label=_("No team"), error_messages=CHOOSE
    )
    follow_up_on = DayField(
        label=_("Follow-up"),
        required=False,
        chips=[("+5wd", _("In 5 working days")), ("tomorrow", _("Tomorrow")), ("+1w", _("Next week"))],
        help_text=_("Empty it for none."),
    )
    follow_up = LineField(longest=200, label=_("What to do then"), required=False)
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        choices=Priority.choices,
        coerce=int,
        required=False,
        empty_value=None,
        error_messages=CHOOSE,
    )
    is_restricted = forms.BooleanField(label=_("Restricted: only named people see it"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Case.Kind.choices, required=False, initial=Case.Kind.CASEWORK, error_messages=CHOOSE
    )
    requester = ChosenField(
        Contact.objects.none(),
        label=_("Raised by"),
        required=False,
        help_text=_("Somebody else than the person it is about: a relative, a Councillor"),
    )
    opened_on = DayField(label=_("Opened on"), required=False, chips=[("yesterday", _("Yesterday"))])
    written_on = DayField(label=_("Date on the letter"), required=False, chips=[("yesterday", _("Yesterday"))])
    received_on = DayField(label=_("Received on"), required=False, chips=[("yesterday", _("Yesterday"))])
    outcome = forms.ChoiceField(
        label=_("Already finished"),
        choices=[("", _("No, it stays open")), *Outcome.choices],
        required=False,
        error_messages=CHOOSE,
    )
    outcome_note = LineField(longest=300, label=_("What came of it, in a line"), required=False)
    uploads = FilesField(label=_("Files, scans and pictures"), required=False, allow_empty_file=True)

    def __init__(self, request: Request, at: datetime, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        self.member, self.office = request.member, request.office
        # The page and the dialog over it may each hold one: their ids must differ.
        sent = request.POST if request.method == "POST" else request.GET
        in_a_dialog = in_dialog(request) or sent.get("uid") == "dialog"
        self.uid = "dialog" if in_a_dialog else "page"
        super().__init__(data, files, auto_id=f"{self.uid}-%s", **kwargs)
        self.day = days_of(self.office, at)
        self.uses = gate.uses(self.office)
        self._offer_people()
        self._offer_lists()
        for field in self.fields.values():
            if isinstance(field, DayField):
                field.anchor(**self.day)
        if not self.member.can("cases.restrict"):
            del self.fields["is_restricted"]

    def _offer_people(self) -> None:
        slug = self.office.slug
        people = Contact.objects.visible_to(self.member)
        fields: dict[str, Any] = dict(self.fields)
        fields["person"].queryset = fields["requester"].queryset = people
        options = reverse("contacts:options", args=[slug])
        fields["person"].widget = Combobox(
            # With something wrong, the summary takes the focus.
            {} if self.is_bound else {"autofocus": True},
            url=f"{options}?add=1",
            chosen_get=f"{reverse('desk:new_case_about', args=[slug])}?contact=",
            chosen_target=f"#{self.uid}-about",
            next_id=f"{self.uid}-what",
        )
        fields["requester"].widget = Combobox(url=options)
        fields["owner"].offer(staff_of(self.office), self.member)
        teams = Team.objects.active().filter(office=self.office)
        fields["team"].queryset = teams

    def _offer_lists(self) -> None:
        fields: dict[str, Any] = dict(self.fields)
        types = ContactType.objects.filter(office=self.office, retired_at__isnull=True)
        fields["how"].queryset = types.exclude(code__in=COME_BY_THEMSELVES)
        fields["tags"].queryset = Tag.objects.filter(office=self.office, retired_at__isnull=True)
        fields["tags"].widget = Combobox(multiple=True, url=reverse("cases:tag_options", args=[self.office.slug]))
        if self._hides("policy_area") and self._hides("category"):
            del self.fields["topic"]
        else:
            fields["topic"].of(self.office)
        for name in ("case_type", "case_code"):
            if self._hides(name):
                del self.fields[name]
            else:
                fields[name].offer(self.office)
        if self._hides("service_type"):
            del self.fields["service_type"]
        else:
            fields["service_type"].choices = service_types(self.office)
        for name in ("kind", "priority", "tags"):
            if self._hides(name):
                del self.fields[name]
        if self._hides("contact_type"):
            del self.fields["how"]

    def _hides(self, field: str) -> bool:
        return self.uses[field] == FieldUse.Use.HIDDEN

    @property
    def person_box(self) -> Combobox:
        return cast("Combobox", self.fields["person"].widget)

    def clean_service_type(self) -> ServiceType | None:
        chosen = self.cleaned_data["service_type"]
        services = ServiceType.objects.filter(office=self.office).select_related("category__policy_area")
        return services.filter(pk=chosen).first() if chosen else None

    def _not_to_come(self, name: str, words: str) -> Any:
        day = self.cleaned_data[name]
        if day and day > self.day["today"]:
            raise forms.ValidationError(words)
        return day

    def clean_opened_on(self) -> Any:
        return self._not_to_come("opened_on", _t("The open date cannot be in the future."))

    def clean_written_on(self) -> Any:
        return self._not_to_come("written_on", _t("This day has not come yet."))

    def clean_received_on(self) -> Any:
        return self._not_to_come("received_on", _t("This day has not come yet."))

    def clean_follow_up_on(self) -> Any:
        day = self.cleaned_data["follow_up_on"]
        if day and day < self.day["today"]:
            raise forms.ValidationError(_t("A follow-up cannot lie in the past."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("new_name") and "person" in self.errors and not data.get("person"):
            # "evans" was typed, then "add as a new person" was chosen: the new name is the answer.
            del self.errors["person"]
            data["person"], self.person_box.typed = None, ""
        self._who(data)
        self._letter(data)
        self._service(data)
        self._gate(data)
        return data

    def _who(self, data: dict[str, Any]) -> None:
        if any(data.get(name) for name in NEW[1:]) and not data.get("new_name") and not data.get("person"):
            self.add_error("new_name", _t("Write the name of the new person."))
            return
        typed = self.person_box.typed
        if data.get("person") and typed and not self._is_meant(data["person"], typed):
            self.add_error("person", _t("Choose again: the name was changed after somebody was chosen."))
        nobody = not (data.get("person") or data.get("new_name") or data.get("is_anonymous") or data.get("requester"))
        if nobody and data.get("kind") not in INWARD and not self.errors.keys() & {"person", "new_name", "requester"}:
            self.add_error("person", _t("Say who it is about, or tick that they do not want to be named."))

    @staticmethod
    def _is_meant(person: Contact, typed: str) -> bool:
        """Without JavaScript the id of an earlier choice stays when somebody else's name is typed over it."""
        if typed == person.name:
            return True
        return Contact.objects.filter(pk=person.pk).matching(person.office_id, typed).exists()

    def _letter(self, data: dict[str, Any]) -> None:
        written, received = data.get("written_on"), data.get("received_on")
        if written and received and written > received:
            self.add_error("received_on", _t("It cannot have come before it was written."))

    def _service(self, data: dict[str, Any]) -> None:
        service, chosen = data.get("service_type"), data.get("topic")
        if service and chosen and chosen.category != service.category:
            self.add_error("service_type", _t("This service belongs to another category."))

    def _gate(self, data: dict[str, Any]) -> None:
        """What the office asks for before a case is opened, where it asks for it then (S4.13)."""
        if self.office.gate != "create" or data.get("kind") in INWARD:
            return
        names = {"policy_area": "topic", "category": "topic", "contact_type": "how"}
        topic = self.chosen_topic()
        has = {
            "policy_area": topic.policy_area,
            "category": topic.category,
            "tags": data.get("tags") or self.ticked_tags(),
        }
        for field, use in self.uses.items():
            name = names.get(field, field)
            if use != FieldUse.Use.REQUIRED or name not in self.fields or name in self.errors or field == "kind":
                continue
            if not has.get(field, data.get(name)):
                self.add_error(name, _t("Choose one: the office asks for it before a case is opened."))

    def chosen_topic(self) -> Topic:
        """What was chosen under More, else what was suggested and is ticked."""
        chosen = self.cleaned_data.get("topic") or Topic()
        if service := self.cleaned_data.get("service_type"):
            return Topic(service.category.policy_area, service.category)
        if chosen or "topic" not in self.fields:
            return chosen
        ticked = str(self.data.get("suggested_topic", ""))
        return cast("TopicField", self.fields["topic"]).topics.get(ticked, Topic())

    def ticked_tags(self) -> list[Tag]:
        """The suggested tags that are ticked. One query if there are any."""
        sent = self.data.getlist("suggested_tag") if hasattr(self.data, "getlist") else []
        ids = ids_among(sent)
        tags = Tag.objects.filter(office=self.office, retired_at__isnull=True)
        return list(tags.filter(pk__in=ids)) if ids else []
