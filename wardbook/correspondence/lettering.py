"""A letter as it stands on the paper: to whom, from whom, in which words and language."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from wardbook.cases.models import Case, Party
from wardbook.contacts.models import Address, Contact
from wardbook.correspondence import letterpress, writing
from wardbook.correspondence.fixed_words import fixed_in
from wardbook.correspondence.models import Letter, PostRules
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Membership, Office

# What the window of an envelope shows.
MOST_ADDRESS_LINES = 8
_WHERE = {
    Contact.Kind.PERSON: (Address.Kind.MAILING, Address.Kind.HOME, Address.Kind.OFFICE),
    Contact.Kind.ORGANISATION: (Address.Kind.MAILING, Address.Kind.OFFICE, Address.Kind.HOME),
}


def people_on(case: Case) -> list[Contact]:
    """Whom a letter about this case may go to: the constituent first, then who else is on it. Three queries."""
    roles = Party.objects.filter(case=case, until__isnull=True, contact__isnull=False)
    ids = {
        case.constituent_id,
        case.requester_id,
        case.waiting_agency_id,
        *roles.values_list("contact_id", flat=True),
    }
    found = Contact.objects.filter(pk__in=[pk for pk in ids if pk], deleted_at__isnull=True)
    people = found.prefetch_related("addresses").order_by("sort_name", "pk")
    return sorted(people, key=lambda contact: contact.pk != case.constituent_id)


def address_of(contact: Contact) -> Address | None:
    """Where letters to somebody go."""
    order = _WHERE[Contact.Kind(contact.kind)]
    known = [one for one in contact.addresses.all() if one.lines or one.postcode]
    return min(known, key=lambda one: order.index(Address.Kind(one.kind)), default=None)


def address_block(contact: Contact) -> str:
    """Name and address, a line each, as an envelope has them."""
    parts = [contact.title, contact.given_name, contact.family_name]
    named = " ".join(part for part in parts if part) if contact.kind == Contact.Kind.PERSON else ""
    address = address_of(contact)
    lines = [part.strip() for part in re.split(r"\n|,\s", address.lines)] if address else []
    return "\n".join(line for line in [named or contact.name, *lines, address.postcode if address else ""] if line)


def refuse_unwilling(contact: Contact) -> None:
    """Who asked not to get letters gets none; the reason is said."""
    if not contact.do_not_mail:
        return
    if contact.flags_source:
        words = _("%(name)s does not want letters (%(source)s). Write an email, or ring.")
        raise RuleBroken(words % {"name": contact.formal_name, "source": contact.flags_source})
    raise RuleBroken(_("%(name)s does not want letters. Write an email, or ring.") % {"name": contact.formal_name})


def sheet_of(letter: Letter, rules: PostRules) -> letterpress.Sheet:
    """The letter on its letterhead, days and labels in its language. One query where its writer signs it."""
    office = letter.office
    language = letter.language or office.language
    head = rules.letterhead.split("\n") if rules.letterhead.strip() else [office.name]
    with translation.override(language):
        fixed = fixed_in(language)
        references = [(fixed.our_reference, letter.our_reference), (fixed.your_reference, letter.their_reference)]
        return letterpress.Sheet(
            language=language,
            letterhead=[line for line in head if line.strip()],
            footer=rules.letter_footer,
            address=letter.addressed_to.split("\n"),
            date=_day(letter.dated_on),
            references=[(label, value) for label, value in references if value],
            subject=letter.subject,
            paragraphs=_paragraphs(letter.body),
            signatory=_signatory(letter),
        )


def pdf_of(letters: Sequence[Letter], office: Office) -> bytes:
    """One PDF of letters of an office. Raises RuleBroken for words that no font here can show."""
    rules = PostRules.of(office)
    title = str(letters[0]) if len(letters) == 1 else _("Letters")
    try:
        sheets = [sheet_of(letter, rules) for letter in letters]
        return letterpress.render(sheets, title=title, paper=paper_of(office))
    except letterpress.Unprintable as problem:
        raise _unprintable(problem) from None


def pictures_of(letter: Letter) -> list[bytes]:
    """The pages of a letter as PNG. Raises RuleBroken as `pdf_of` does."""
    rules = PostRules.of(letter.office)
    # Only the PDF is strict about fonts; a picture of what cannot be printed would promise too much.
    pdf_of([letter], letter.office)
    return letterpress.pictures(sheet_of(letter, rules), title=str(letter), paper=paper_of(letter.office))


def paper_of(office: Office) -> str:
    return "us-letter" if office.country in ("US", "CA", "MX", "PH") else "a4"


def file_name(letter: Letter) -> str:
    """What the PDF is called."""
    stem = " ".join(part for part in (_("Letter"), letter.our_reference, letter.subject) if part)
    return f"{stem[:100]}.pdf"


def clean_block(text: str) -> str:
    """An address as it is printed. Raises RuleBroken for none, and for more than the window shows."""
    lines = [line.strip() for line in writing.body_text(text).split("\n") if line.strip()]
    if not lines:
        raise RuleBroken(_("Say to whom it goes."))
    if len(lines) == 1:
        raise RuleBroken(_("Write the address below the name."))
    if len(lines) > MOST_ADDRESS_LINES:
        raise RuleBroken(_("The window of an envelope shows %(most)d lines.") % {"most": MOST_ADDRESS_LINES})
    return "\n".join(lines)


def _unprintable(problem: letterpress.Unprintable) -> RuleBroken:
    words = _("No font on the server can print “%(text)s”. Write it another way.")
    return RuleBroken(words % {"text": problem.text})


def _day(day: date) -> str:
    return writing.long_day(day)


def _paragraphs(text: str) -> list[list[str]]:
    """Paragraphs are parted by blank lines; a line that was begun stays a line."""
    return [part.split("\n") for part in re.split(r"\n\s*\n", text.strip("\n")) if part.strip()]


def _signatory(letter: Letter) -> list[str]:
    if letter.representative:
        return _filled([letter.representative.name, letter.representative.title])
    member = Membership.objects.filter(office_id=letter.office_id, user_id=letter.by_id).first()
    return _filled([str(letter.by), member.job_title if member else ""])


def _filled(lines: Iterable[str]) -> list[str]:
    return [line for line in lines if line]
