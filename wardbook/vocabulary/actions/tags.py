"""Tags: found by the folded word, made when there is none, nearly the same ones shown first (S4.12)."""

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.lib.quote import one_line
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Office
from wardbook.vocabulary import likeness
from wardbook.vocabulary.actions.refusals import NearlySame, clean_name, tag_key
from wardbook.vocabulary.actions.values import add_value
from wardbook.vocabulary.models import Tag

if TYPE_CHECKING:
    from wardbook.accounts.models import User


def near_tags(office: Office, name: str) -> list[Tag]:
    """Tags in use that are nearly the word, the nearest first. One query."""
    known = Tag.objects.filter(office=office, retired_at__isnull=True)
    tags = {tag.key: tag for tag in known}
    return [tags[key] for key in likeness.nearest(Tag.key_for(name), tags)]


@transaction.atomic
def find_or_add_tag(office: Office, name: str, *, by: "User | None", at: datetime, sure: bool = False) -> Tag:
    """The office's tag for a word, made if there is none. "Pot hole" finds "pothole"; a merged tag leads on.

    Raises RuleBroken for a retired tag or no word, NearlySame unless `sure` when a tag is nearly the word.
    """
    key = tag_key(clean_name(name))
    known = Tag.objects.filter(office=office, key=key).select_related("merged_into").first()
    steps = 0
    while known is not None and known.merged_into is not None and steps < 20:
        known, steps = cast("Tag", known.merged_into), steps + 1
    if known is not None:
        if known.retired_at:
            raise RuleBroken(
                _("The tag “%(name)s” is retired. It can be brought back under Settings › Lists.")
                % {"name": known.name}
            )
        return known
    if not sure and (near := near_tags(office, name)):
        raise NearlySame(one_line(name), near)
    return add_value(Tag, office, name=name, by=by, at=at)
