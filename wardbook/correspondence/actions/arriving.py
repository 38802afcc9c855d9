"""What becomes of a message that just came in, without a person: filed by proof, or left in the Inbox."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.cases import actions as case_actions
from wardbook.cases.actions.linking import link_cases
from wardbook.cases.models import Case, CaseAccess, CaseLink
from wardbook.correspondence import events, threading, warnings
from wardbook.correspondence.actions import bouncing, filing
from wardbook.correspondence.mime.model import ParsedMail
from wardbook.correspondence.models import Message
from wardbook.correspondence.threading import Match
from wardbook.journal.actions import record
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Membership
from wardbook.vocabulary.models import ContactType


def settle(message: Message, mail: ParsedMail, match: Match, *, at: datetime) -> None:
    """File a message that was just saved where it surely belongs; else it waits in the Inbox with its suggestion."""
    if mail.bounce is not None:
        match = _came_back(message, mail, match, at=at)
    if match.case is not None and match.is_sure:
        try:
            with transaction.atomic():
                _file(message, match, at=at)
        except RuleBroken:
            # The office's lists or rules stand in the way: a person decides.
            message.refresh_from_db()
    elif _is_echo(message):
        filing.dismiss(message, reason=Message.DismissalReason.AUTOMATIC, by=None, at=at)
        message.refresh_from_db()


def _came_back(message: Message, mail: ParsedMail, match: Match, *, at: datetime) -> Match:
    """Note the bounce on what came back (R31); the mail that says so lies beside it."""
    came_to = [one.address for one in message.addresses.all()]
    original = bouncing.bounced(mail, office_id=message.office_id, at=at, came_to=[*came_to, *mail.delivered_to])
    if original is None:
        return match
    if message.answers_id != original.pk:
        message.answers = original
        Message.objects.filter(pk=message.pk).update(answers=original)
    if original.case is None or original.case.deleted_at is not None:
        return Match(answers=original)
    return Match(original.case, threading.TOKEN, is_sure=True, answers=original)


def _file(message: Message, match: Match, *, at: datetime) -> None:
    assert match.case is not None
    case = Case.objects.select_for_update(of=("self",)).select_related("office").get(pk=match.case.pk)
    late = case.is_closed and not message.auto_kind and not filing.reopens(case, at=at)
    if late:
        old, case = case, _came_of(case, message, at=at)
        link_cases(case, old, by=None, at=at, why=CaseLink.Why.LATE_REPLY)
        message.warnings = [*message.warnings, warnings.LATE_REPLY]
    filing.place(message, case, how=match.how, contact=None, by=None, at=at)
    filing.save(message)
    record(events.MESSAGE_FILED, about=message, by=None, at=at, case=case.pk, how=match.how)
    filing.follow_up(message, case, by=None, at=at)


def _came_of(old: Case, message: Message, *, at: datetime) -> Case:
    """A new case for a reply to one that was closed long ago: of the same person, for the same people (CA-10)."""
    owner = old.owner
    if owner is not None and not Membership.objects.staff().filter(office_id=old.office_id, user=owner).exists():
        owner = None
    how = ContactType.objects.filter(office_id=old.office_id, code="email", retired_at__isnull=True).first()
    case = case_actions.open_case(
        old.office,
        description=(threading.base_subject(message.subject) or old.description)[:200] or _("(no subject)"),
        by=None,
        at=at,
        kind=old.kind,
        constituent=old.constituent,
        is_anonymous=old.is_anonymous or (old.constituent is None and old.requester is None),
        requester=old.requester,
        representative=old.representative,
        owner=owner,
        owner_team=old.owner_team,
        policy_area=old.policy_area,
        category=old.category,
        contact_type=how,
        is_restricted=old.is_restricted,
    )
    CaseAccess.objects.bulk_create(
        CaseAccess(case=case, user_id=one.user_id, grant=one.grant, reason=one.reason, at=at)
        for one in CaseAccess.objects.filter(case=old)
    )
    return case


def _is_echo(message: Message) -> bool:
    """A machine's answer to our machine, or a bounce that is noted on what came back: nothing for a person to do."""
    answered = message.answers
    if answered is None or answered.case_id is not None or answered.direction != Message.Direction.OUT:
        return False
    if message.auto_kind == Message.AutoKind.BOUNCE:
        return True
    return answered.is_automatic and message.auto_kind in (Message.AutoKind.REPLY, Message.AutoKind.RECEIPT)
