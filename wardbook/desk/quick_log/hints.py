"""What the words typed so far suggest: topic, tags, and cases that may be the same matter."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict

from wardbook.cases.models import Case, CaseTag
from wardbook.desk.quick_log.known import Line, alike_cases
from wardbook.desk.suggesting import Past, suggest
from wardbook.desk.topics import TopicField
from wardbook.offices.models import Membership
from wardbook.vocabulary.models import Tag

MOST_LEARNT_FROM = 1500
MOST_TAGS = 3000
LONGEST = 400


@dataclass
class Chip:
    """One suggestion as a box that can be ticked."""

    name: str
    value: str
    label: str
    is_ticked: bool


@dataclass
class Hints:
    """What is shown under "What do they need?"."""

    chips: list[Chip] = field(default_factory=list)
    alike: list[Line] = field(default_factory=list)


def hints(member: Membership, sent: QueryDict, today: date, *, but: list[int]) -> Hints:
    """Suggestions for what was `sent` so far. A suggestion seen before keeps its tick or its lack of one.

    Seven queries, whatever the size of the office.
    """
    text = str(sent.get("what", ""))[:LONGEST]
    if not text.strip():
        return Hints()
    offered = set(sent.getlist("offered"))
    ticked = set(sent.getlist("suggested_topic")) | {f"t{pk}" for pk in sent.getlist("suggested_tag")}
    chips = [*_topics(member, text), *_tags(member, text)]
    for chip in chips:
        key = chip.value if chip.name == "suggested_topic" else f"t{chip.value}"
        if key in offered:
            chip.is_ticked = key in ticked
    place, postcode = str(sent.get("place", "")), str(sent.get("place_postcode", ""))
    alike = alike_cases(member, text, today, place, postcode, but=but)
    return Hints(chips, alike)


def _topics(member: Membership, text: str) -> list[Chip]:
    topics = TopicField()
    topics.of(member.office)
    names = {
        value: f"{topic} {topic.category.description if topic.category else ''}"
        for value, topic in topics.topics.items()
    }
    newest = Case.objects.visible_to(member).filter(policy_area__isnull=False).order_by("-pk")
    rows: Any = newest.values_list("description", "policy_area_id", "category_id")[:MOST_LEARNT_FROM]
    past = [Past(words, f"c{category}" if category else f"a{area}") for words, area, category in rows]
    return [
        Chip("suggested_topic", one.value, str(topics.topics[one.value]), one.is_sure)
        for one in suggest(text, past, names, most=2)
    ]


def _tags(member: Membership, text: str) -> list[Chip]:
    names = dict(Tag.objects.filter(office=member.office_id, retired_at__isnull=True).values_list("pk", "name"))
    used = CaseTag.objects.filter(case__in=Case.objects.visible_to(member).values("pk")).order_by("-pk")
    past = [Past(words, tag) for words, tag in used.values_list("case__description", "tag_id")[:MOST_TAGS]]
    return [
        Chip("suggested_tag", str(one.value), names[one.value], is_ticked=False)
        for one in suggest(text, past, names, most=3)
    ]
