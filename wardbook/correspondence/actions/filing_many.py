"""Many messages of a campaign go on its policy case at once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F

from wardbook.cases.actions import saving
from wardbook.cases.models import Case
from wardbook.correspondence import events, threading
from wardbook.correspondence.actions import filing
from wardbook.correspondence.models import Message
from wardbook.journal.actions import Line

if TYPE_CHECKING:
    from wardbook.accounts.models import User


def put_on_case(
    messages: Sequence[Message], case: Case, *, by: "User | None", at: datetime, **fields: Any
) -> list[Line]:
    """Put messages of the Inbox on the case of their campaign. `fields` are set with it. Returns what happened to
    each, for the journal: the caller holds the messages, and writes the lines.

    A copy of a letter says nothing that we wait for: it opens no closed case, and ends no waiting.
    """
    lines: defaultdict[str, list[int]] = defaultdict(list)
    for message in messages:
        message.case = case
        lines[filing.line_of(message, case)].append(message.pk)
    for line, ids in lines.items():
        Message.objects.filter(pk__in=ids).update(
            state=Message.State.FILED,
            case=case,
            line=line,
            filed_at=at,
            filed_by=by,
            filed_how=threading.CAMPAIGN,
            dismissed_as="",
            later_on=None,
            suggested_case=None,
            suggestion="",
            suggestion_is_sure=False,
            version=F("version") + 1,
            **fields,
        )
    # What else of their threads waits in the Inbox is suggested for the same case.
    answers = Message.objects.filter(office_id=case.office_id, state=Message.State.WAITING, answers__in=messages)
    answers.update(suggested_case=case, suggestion=threading.THREAD, suggestion_is_sure=True)
    if messages:
        saving.touch(case, at)
    facts = {"case": case.pk, "how": threading.CAMPAIGN}
    return [Line(events.MESSAGE_FILED, message, facts) for message in messages]
