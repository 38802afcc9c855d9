"""What people do with many alike: accept the group, take one out, make it a case, split, join, rename, end."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wardbook.cases import actions as case_actions
from wardbook.cases.actions.saving import plain
from wardbook.cases.models import Case
from wardbook.correspondence import events
from wardbook.correspondence.actions import filing, filing_many, grouping, proposing
from wardbook.correspondence.actions.remembering import (
    MOST_UNDONE,
    PLACED,
    SETTABLE,
    campaign_state,
    message_state,
    remember,
)
from wardbook.correspondence.alike import own_words
from wardbook.correspondence.models import Campaign, LikenessBand, Message, PostRules
from wardbook.journal.actions import MANY, Line, as_one, gathering, record, record_many
from wardbook.journal.models import Undo
from wardbook.lib.rules import RuleBroken
from wardbook.vocabulary.models import ContactType

if TYPE_CHECKING:
    from wardbook.accounts.models import User

AT_ONCE = 500


@transaction.atomic
def accept(campaign: Campaign, *, by: "User", at: datetime) -> Campaign:
    """Make a proposed group a campaign with its policy case, and put its messages there.

    Those who wrote something of their own stay in the Inbox, in the campaign's row, until somebody read them. Of a
    very large group the worker files the rest. Accepting twice changes nothing.
    """
    campaign = _held(campaign)
    if campaign.is_accepted:
        return campaign
    _refuse_ended(campaign)
    how = ContactType.objects.filter(office_id=campaign.office_id, code="email", retired_at__isnull=True).first()
    with gathering() as undos:
        case = case_actions.open_case(
            campaign.office,
            description=campaign.name,
            kind=Case.Kind.POLICY,
            owner=by,
            contact_type=how,
            by=by,
            at=at,
        )
        was = campaign_state(campaign)
        campaign.is_accepted, campaign.case = True, case
        _save(campaign, "is_accepted", "case")
        record(events.CAMPAIGN_ACCEPTED, about=campaign, by=by, at=at, case=case.pk)
        filed = _file(campaign, _to_file(campaign)[:AT_ONCE], by=by, at=at)
        label = _("%(name)s accepted as a campaign") % {"name": campaign.name}
        remember(campaign.office_id, [(campaign, was)], filed, by=by, at=at, label=label)
    as_one(undos)
    return campaign


def file_joined(*, at: datetime) -> int:
    """Put on the policy case what belongs to an accepted campaign and still waits: what `accept` left. How many."""
    done = 0
    for pk in list(_behind().order_by().values_list("campaign_id", flat=True).distinct()):
        while True:
            with transaction.atomic():
                campaign = _held(Campaign(pk=pk))
                if campaign.ended_at is not None or not proposing.takes_by_itself(campaign):
                    break
                filed = _file(campaign, _to_file(campaign)[:AT_ONCE], by=None, at=at)
            done += len(filed)
            if len(filed) < AT_ONCE:
                break
    return done


def is_behind() -> bool:
    """Whether anything of an accepted campaign waits that belongs on its case."""
    open_case = {"campaign__case__closed_at": None, "campaign__case__deleted_at": None}
    return _behind().filter(campaign__ended_at=None, campaign__case__isnull=False, **open_case).exists()


@transaction.atomic
def put_with_the_rest(
    campaign: Campaign, messages: Iterable[Message] | None = None, *, by: "User", at: datetime
) -> int:
    """What these senders added is read: they are answered like all others. None: all that were set apart."""
    campaign = _held(campaign)
    apart = Message.objects.filter(campaign=campaign, is_set_apart=True)
    if messages is not None:
        apart = apart.filter(pk__in=[one.pk for one in messages])
    chosen = list(apart.select_for_update(of=("self",)).order_by("pk"))
    if not chosen:
        raise RuleBroken(_("Nobody is set apart here."))
    before = [(one, message_state(one)) for one in chosen]
    Message.objects.filter(pk__in=[one.pk for one in chosen]).update(is_set_apart=False, version=F("version") + 1)
    record(events.CAMPAIGN_CHANGED, about=campaign, by=by, at=at, fields=["own_words"], messages=len(chosen))
    if proposing.takes_by_itself(campaign):
        _file(campaign, [one for one in chosen if one.state == Message.State.WAITING], by=by, at=at)
    words = ngettext("%(count)d put with the rest", "%(count)d put with the rest", len(chosen))
    remember(campaign.office_id, [], before, by=by, at=at, label=words % {"count": len(chosen)})
    return len(chosen)


@transaction.atomic
def take_out(campaign: Campaign, message: Message, *, by: "User", at: datetime) -> Message:
    """It is no copy: it lies in the Inbox again by itself, and joins nothing more."""
    campaign = _held(campaign)
    message = _member(campaign, message)
    was = message_state(message)
    _take_out(campaign, message, by=by, at=at)
    label = _("%(who)s taken out of %(name)s") % {"who": message.sender[:80], "name": campaign.name}
    remember(campaign.office_id, [], [(message, was)], by=by, at=at, label=label)
    return message


@transaction.atomic
def make_case(campaign: Campaign, message: Message, *, by: "User", at: datetime, **fields: Any) -> Case:
    """The person in this message needs help: a case of their own. `fields` are those of `filing.open_case_from`."""
    campaign = _held(campaign)
    message = _member(campaign, message)
    was = message_state(message)
    _take_out(campaign, message, by=by, at=at)
    with gathering() as undos:
        case = filing.open_case_from(message, by=by, at=at, **fields)
        _forget_placing(undos)
        label = _("%(case)s opened") % {"case": case.reference}
        remember(campaign.office_id, [], [(message, was)], by=by, at=at, label=label)
    as_one(undos)
    return case


@transaction.atomic
def put_in(campaign: Campaign, message: Message, *, by: "User", at: datetime) -> Message:
    """A message of the Inbox belongs to this campaign, whatever it says. Raises RuleBroken if somebody was first."""
    campaign = _held(campaign)
    _refuse_ended(campaign)
    message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.office_id != campaign.office_id:
        raise RuleBroken(_("That belongs to another office."))
    if message.campaign_id == campaign.pk:
        return message
    if message.state != Message.State.WAITING or message.campaign_id is not None:
        raise RuleBroken(_("Somebody dealt with this message a moment ago."))
    was = message_state(message)
    message.campaign, message.own_words = campaign, own_words(campaign.sample, message.text)
    # Somebody has read it, and says that it is one of these.
    message.is_set_apart = False
    message.version += 1
    message.save(update_fields=["campaign", "own_words", "is_set_apart", "version"])
    LikenessBand.objects.filter(message=message).delete()
    record(events.CAMPAIGN_JOINED, about=campaign, by=by, at=at, message=message.pk, share=None)
    if proposing.takes_by_itself(campaign):
        _file(campaign, [message], by=by, at=at)
    label = _("Message put into %(name)s") % {"name": campaign.name}
    remember(campaign.office_id, [], [(message, was)], by=by, at=at, label=label)
    return message


@transaction.atomic
def make_of(message: Message, *, name: str, by: "User", at: datetime) -> Campaign:
    """A campaign of a message of the Inbox and those like it, accepted at once. Raises RuleBroken."""
    message = Message.objects.select_for_update(of=("self",)).select_related("office").get(pk=message.pk)
    if message.state != Message.State.WAITING or message.campaign_id is not None:
        raise RuleBroken(_("Somebody dealt with this message a moment ago."))
    threshold = PostRules.of(message.office).campaign_threshold
    likes = [one for one, _share in grouping.alike_in_inbox(message, threshold / 100)]
    campaign = proposing.propose(message.office, [message, *likes], threshold=threshold, at=at)
    if name.strip():
        campaign.name = " ".join(name.split())[:200]
        campaign.save(update_fields=["name"])
    record(events.CAMPAIGN_FOUND, about=campaign, by=by, at=at, messages=1 + len(likes))
    # Whoever made it has this one before their eyes.
    Message.objects.filter(pk=message.pk).update(is_set_apart=False)
    return accept(campaign, by=by, at=at)


@transaction.atomic
def split(campaign: Campaign, messages: Sequence[Message], *, name: str, by: "User", at: datetime) -> Campaign:
    """These are another campaign: a group of their own, in the Inbox until somebody accepts it. Raises RuleBroken."""
    campaign = _held(campaign)
    wanted = [one.pk for one in messages]
    chosen = list(
        Message.objects.select_for_update(of=("self",)).filter(campaign=campaign, pk__in=wanted).order_by("pk")
    )
    if not chosen:
        raise RuleBroken(_("Choose at least one message."))
    if not Message.objects.filter(campaign=campaign).exclude(pk__in=wanted).exists():
        raise RuleBroken(_("Leave at least one message here. To give the campaign another name, rename it."))
    before = [(one, message_state(one)) for one in chosen]
    for one in chosen:
        _release(one)
        one.save(update_fields=[*(field.removesuffix("_id") for field in PLACED), "version"])
    new = proposing.propose(campaign.office, chosen, threshold=campaign.threshold, at=at)
    if name.strip():
        new.name = " ".join(name.split())[:200]
        new.save(update_fields=["name"])
    lines = [Line(events.CAMPAIGN_LEFT, campaign, {"message": one.pk}) for one in chosen]
    record_many(lines, by=by, at=at)
    record(events.CAMPAIGN_FOUND, about=new, by=by, at=at, messages=len(chosen))
    state = campaign_state(new) | {"ended_at": plain(at)}
    label = _("%(name)s split") % {"name": campaign.name}
    remember(campaign.office_id, [(new, state)], before, by=by, at=at, label=label)
    return new


@transaction.atomic
def merge(campaign: Campaign, into: Campaign, *, by: "User", at: datetime) -> Campaign:
    """Two are one: all messages go to `into`, and on its policy case if it has one. Raises RuleBroken."""
    if campaign.pk == into.pk:
        raise RuleBroken(_("Choose another campaign."))
    # In one order whoever asks, so that two people do not wait for each other.
    held = {pk: _held(Campaign(pk=pk)) for pk in sorted((campaign.pk, into.pk))}
    campaign, into = held[campaign.pk], held[into.pk]
    if campaign.office_id != into.office_id:
        raise RuleBroken(_("That belongs to another office."))
    _refuse_ended(campaign)
    _refuse_ended(into)
    if campaign.replies.under_way().exists():
        raise RuleBroken(_("An answer to this campaign is going out. Wait until it is done, or stop it."))
    moved = Message.objects.filter(campaign=campaign)
    some = list(moved.order_by("pk")[: MOST_UNDONE + 1])
    before = [(one, message_state(one)) for one in some]
    was = campaign_state(campaign)
    moved.update(campaign=into, version=F("version") + 1)
    if into.case_id is not None and campaign.case_id is not None:
        there = Message.objects.filter(campaign=into, case_id=campaign.case_id, state=Message.State.FILED)
        there.update(case_id=into.case_id)
    campaign.ended_at = at
    _save(campaign, "ended_at")
    record(events.CAMPAIGN_MERGED, about=campaign, by=by, at=at, into=into.pk)
    if proposing.takes_by_itself(into):
        _file(into, _to_file(into)[:AT_ONCE], by=by, at=at)
    label = _("%(name)s joined with %(into)s") % {"name": campaign.name, "into": into.name}
    remember(campaign.office_id, [(campaign, was)], before, by=by, at=at, label=label)
    return into


@transaction.atomic
def change(campaign: Campaign, *, by: "User", at: datetime, **values: Any) -> Campaign:
    """Set its name, organiser, threshold or position. A position is kept with its day. Raises RuleBroken."""
    campaign = _held(campaign)
    if unknown := set(values) - set(SETTABLE):
        raise TypeError(f"Not to be set: {unknown}")
    if not 30 <= values.get("threshold", campaign.threshold) <= 90:
        raise RuleBroken(_("Choose between 30 and 90 percent."))
    if "name" in values:
        values["name"] = " ".join(values["name"].split())[:200]
        if not values["name"]:
            raise RuleBroken(_("Give it a name."))
    if "position" in values:
        default = campaign.office.local_date(at)
        day: date | None = values.get("position_on") or default
        values["position_on"] = day if values["position"].strip() else None
        if day is not None and day > default:
            raise RuleBroken(_("A position cannot be from a day to come."))
    changed = [name for name, value in values.items() if getattr(campaign, name) != value]
    if not changed:
        return campaign
    was = campaign_state(campaign)
    for name in changed:
        setattr(campaign, name, values[name])
    _save(campaign, *changed)
    record(events.CAMPAIGN_CHANGED, about=campaign, by=by, at=at, fields=sorted(changed))
    label = _("%(name)s changed") % {"name": campaign.name}
    remember(campaign.office_id, [(campaign, was)], [], by=by, at=at, label=label)
    return campaign


@transaction.atomic
def end(campaign: Campaign, *, by: "User", at: datetime) -> Campaign:
    """Nothing joins it any more. What still waits in it lies in the Inbox by itself again."""
    campaign = _held(campaign)
    if campaign.ended_at is not None:
        return campaign
    if campaign.replies.under_way().exists():
        raise RuleBroken(_("An answer to this campaign is going out. Wait until it is done, or stop it."))
    was = campaign_state(campaign)
    waiting = Message.objects.filter(campaign=campaign, state=Message.State.WAITING)
    before = [(one, message_state(one)) for one in waiting.order_by("pk")[: MOST_UNDONE + 1]]
    waiting.update(campaign=None, is_set_apart=False, version=F("version") + 1)
    campaign.ended_at = at
    _save(campaign, "ended_at")
    record(events.CAMPAIGN_ENDED, about=campaign, by=by, at=at)
    label = _("%(name)s ended") % {"name": campaign.name}
    remember(campaign.office_id, [(campaign, was)], before, by=by, at=at, label=label)
    return campaign


def _behind() -> QuerySet[Message]:
    return Message.objects.filter(state=Message.State.WAITING, is_set_apart=False, campaign__is_accepted=True)


def _held(campaign: Campaign) -> Campaign:
    return Campaign.objects.select_for_update(of=("self",)).select_related("office", "case").get(pk=campaign.pk)


def _refuse_ended(campaign: Campaign) -> None:
    if campaign.ended_at is not None:
        raise RuleBroken(_("This campaign has ended."))


def _member(campaign: Campaign, message: Message) -> Message:
    found = Message.objects.select_for_update(of=("self",)).filter(pk=message.pk, campaign=campaign).first()
    if found is None:
        raise RuleBroken(_("Somebody took this message out a moment ago."))
    return found


def _save(campaign: Campaign, *fields: str) -> None:
    campaign.version += 1
    campaign.save(update_fields=[*fields, "version"])


def _to_file(campaign: Campaign) -> list[Message]:
    waiting = Message.objects.filter(campaign=campaign, state=Message.State.WAITING, is_set_apart=False)
    return list(waiting.order_by("pk")[:AT_ONCE])


def _file(
    campaign: Campaign, messages: Sequence[Message], *, by: "User | None", at: datetime
) -> list[tuple[Message, dict[str, Any]]]:
    """Put messages of the Inbox on the policy case, many at once. Returns them with how they were."""
    case = campaign.case
    assert case is not None
    free = Message.objects.select_for_update(of=("self",)).select_related("contact", "answers")
    free = free.filter(pk__in=[one.pk for one in messages])
    done = [(one, message_state(one)) for one in free.filter(state=Message.State.WAITING).order_by("pk")]
    record_many(filing_many.put_on_case([one for one, _was in done], case, by=by, at=at), by=by, at=at)
    return done


def _take_out(campaign: Campaign, message: Message, *, by: "User", at: datetime) -> None:
    case = message.case_id
    _release(message)
    message.save(update_fields=[*(name.removesuffix("_id") for name in PLACED), "version"])
    record(events.CAMPAIGN_LEFT, about=campaign, by=by, at=at, message=message.pk)
    if case is not None:
        record(events.MESSAGE_RETURNED, about=message, by=by, at=at, was=case)


def _forget_placing(undos: Iterable[int]) -> None:
    """Where the message lay is remembered with its campaign, not by itself too."""
    for undo in Undo.objects.filter(pk__in=undos, inverse=MANY):
        undo.payload = [part for part in undo.payload if part[0] != "message.place"]
        undo.save(update_fields=["payload"])


def _release(message: Message) -> None:
    """Back into the Inbox by itself. The caller saves."""
    message.campaign, message.own_words, message.is_set_apart = None, "", False
    message.state, message.case, message.line = Message.State.WAITING, None, ""
    message.filed_at, message.filed_by, message.filed_how = None, None, ""
    message.version += 1
