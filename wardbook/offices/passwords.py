"""Passwords that anybody who knows the office would try first (H11)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wardbook.accounts.models import User
from wardbook.accounts.passwords import PRODUCT_WORDS, core, is_made_of
from wardbook.offices.models import Office

SHORTEST_WORD = 3


class OfficeWordsValidator:
    """Refuses a password made of the name of one's own office, of the person's own and of digits."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None:
            return
        offices = Office.objects.filter(memberships__user_id=user.pk) if user.pk else Office.objects.none()
        refuse_office_words(password, offices, also=[user.name])

    def get_help_text(self) -> str:
        return _("Not the name of your office.")


def refuse_office_words(password: str, offices: Iterable[Office], also: Iterable[str] = ()) -> None:
    """Raises ValidationError for a password made of words that belong to these offices."""
    texts = [*also]
    for office in offices:
        texts += [office.name, office.short_name, office.slug.replace("-", " ")]
    known = {core(word) for text in texts for word in text.split()}
    words = frozenset(word for word in known if len(word) >= SHORTEST_WORD) | PRODUCT_WORDS
    if is_made_of(password, words):
        raise ValidationError(
            _("Everybody who knows the office would try this. Use words that have nothing to do with it."),
            code="password_of_the_office",
        )
