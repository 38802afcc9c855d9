"""What is typed before a letter is printed."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wardbook.cases.forms.entries import Entry
from wardbook.contacts.models import Contact
from wardbook.correspondence import filling, lettering
from wardbook.correspondence.models import Letter, Template
from wardbook.lib.forms import CHOOSE, DayField
from wardbook.lib.rules import RuleBroken
from wardbook.lib.typed import LineField, TextField
from wardbook.offices.models import Representative

_CHOOSE = CHOOSE | {"required": _("Choose one.")}
ON_PAPER = ("contact", "addressed_to", "language", "dated_on", "their_reference", "subject", "body", "representative")


class LetterForm(Entry):
    """A letter about a case, or to a contact; a new one, or one that has not gone."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    contact = forms.ChoiceField(label=_("To"), widget=forms.RadioSelect, error_messages=_CHOOSE)
    addressed_to = TextField(
        longest=600,
        required=False,
        label=_("Name and address"),
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        help_text=_("As the window of the envelope shows it. Empty: the address we have."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, error_messages=_CHOOSE)
    dated_on = DayField(
        label=_("Date on the letter"), chips=[], error_messages={"required": _("Enter a day, like Friday or 6/6.")}
    )
    their_reference = LineField(longest=80, required=False, label=_("Their reference"))
    template = forms.ModelChoiceField(
        Template.objects.none(), label=_("Template"), required=False, empty_label=_("None"), error_messages=_CHOOSE
    )
    subject = LineField(longest=200, required=False, label=_("Subject"))
    body = TextField(
        longest=20_000,
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 14, "data-first": True}),
        error_messages={"required": _("Write something first.")},
        help_text=_("With greeting and closing words. The name of who signs is put below."),
    )
    representative = forms.ModelChoiceField(
        Representative.objects.none(), label=_("Signed by"), required=False, error_messages=_CHOOSE
    )

    def __init__(self, *args: Any, letter: Letter | None = None, **kwargs: Any) -> None:
        self.letter = letter
        super().__init__(*args, **kwargs)

    def first_values(self) -> dict[str, Any]:
        if self.letter is not None:
            named = {
                name: getattr(self.letter, name) for name in ON_PAPER if name not in ("contact", "representative")
            }
            return named | {
                "version": self.letter.version,
                "contact": str(self.letter.contact_id),
                "representative": self.letter.representative_id,
                "template": self.letter.template_id,
            }
        return {
            "dated_on": self.office.local_date(self.at),
            "representative": self.case.representative_id if self.case else None,
        }

    def build(self) -> None:
        template, representative, contact = (self.fields[name] for name in ("template", "representative", "contact"))
        assert isinstance(template, forms.ModelChoiceField)
        assert isinstance(representative, forms.ModelChoiceField)
        person = self.case.constituent if self.case else self.about
        theirs = Template.objects.visible_to(self.member).in_use().filter(kind=Template.Kind.LETTER)
        template.queryset = theirs.first_in(person.language if person else "")
        representative.queryset = Representative.objects.filter(office=self.office, ended_on__isnull=True)
        if self.letter is not None and self.letter.representative_id:
            representative.queryset |= Representative.objects.filter(pk=self.letter.representative_id)
        writer = self.letter.by if self.letter else self.member.user
        representative.empty_label = _t("Me (%(name)s)") % {"name": writer} if not self.letter else str(writer)
        self.people = self._people()
        self.blocks = {str(one.pk): lettering.address_block(one) for one in self.people}
        known_languages = dict(settings.LANGUAGES)
        self.letters_go = [
            (pk, block, person.language if person.language in known_languages else self.office.language)
            for person, (pk, block) in zip(self.people, self.blocks.items(), strict=True)
        ]
        field: Any = contact
        field.choices = [(str(one.pk), self._said_of(one)) for one in self.people]
        if self.people:
            first = str(self.initial.get("contact") or self.people[0].pk)
            self.initial["contact"] = first
            self.initial.setdefault("addressed_to", self.blocks.get(first, ""))
            person = next((one for one in self.people if str(one.pk) == first), self.people[0])
            known = dict(settings.LANGUAGES)
            usual = person.language if person.language in known else self.office.language
            self.initial.setdefault("language", usual)
        chosen = self.initial.get("language")
        if chosen and chosen not in dict(settings.LANGUAGES):
            tongue: Any = self.fields["language"]
            tongue.choices = [*settings.LANGUAGES, (chosen, chosen)]

    def _people(self) -> list[Contact]:
        case = self.case or (self.letter.case if self.letter else None)
        people = lettering.people_on(case) if case else []
        if self.about:
            people = [self.about, *(one for one in people if one.pk != self.about.pk)]
        if self.letter is not None and self.letter.contact_id not in {one.pk for one in people}:
            people = [self.letter.contact, *people]
        return people

    def _said_of(self, contact: Contact) -> str:
        address = lettering.address_of(contact)
        said = f"{contact.name}: {address}" if address else _t("%(name)s: no address known") % {"name": contact.name}
        if contact.do_not_mail:
            said += " · " + _t("wants no letters")
        if contact.deceased_on:
            said += " · " + _t("has died")
        return said

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        chosen = values.get("contact")
        if chosen:
            typed = "\n".join(line.strip() for line in values.get("addressed_to", "").split("\n"))
            others = {block for pk, block in self.blocks.items() if pk != chosen}
            if not typed or typed in others:
                # Somebody else was chosen after the address was filled in: it follows.
                values["addressed_to"] = self.blocks[chosen]
            try:
                lettering.clean_block(values["addressed_to"])
            except RuleBroken as refusal:
                self.add_error("addressed_to", str(refusal))
        words = f"{values.get('subject', '')}\n{values.get('body', '')}"
        if tokens := filling.tokens_in(words):
            said = _t("Your text still says {%(token)s}. Write what should stand there.") % {"token": tokens[0]}
            self.add_error("body", said)
        return values

    @property
    def person(self) -> Contact | None:
        """Whom the form names, or the first on the case."""
        named = str(self.data.get("contact") or self.initial.get("contact") or "")
        return next((one for one in self.people if str(one.pk) == named), self.people[0] if self.people else None)

    def facts(self) -> dict[str, Any]:
        """What the action is given."""
        values = self.cleaned_data
        person = next(one for one in self.people if str(one.pk) == values["contact"])
        return {name: values[name] for name in (*ON_PAPER, "template")} | {"contact": person}


class ReturnForm(forms.Form):
    """What should change in a letter before it is signed."""

    because = LineField(
        longest=300,
        label=_("What should change"),
        error_messages={"required": _("Say in a line what should change.")},
    )
