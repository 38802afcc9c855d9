"""The post of a case that is removed for good goes with it: messages, their files, the bytes as they came."""

from functools import partial

from django.conf import settings
from django.db import transaction

from wardbook.cases import files
from wardbook.correspondence.models import (
    Attachment,
    BulkReplyPerson,
    Campaign,
    Delivery,
    Letter,
    Message,
    MessageOnCase,
    RawMail,
)


@transaction.atomic
def let_go(case_id: int) -> int:
    """Remove what came and went on a case, before the case itself is. Returns how many messages that were.

    A message that speaks of a second matter stays with the case of that one. Files go once this is committed.
    """
    Letter.objects.filter(case_id=case_id).delete()
    Campaign.objects.filter(case_id=case_id).update(case=None)
    for also in MessageOnCase.objects.filter(message__case_id=case_id).order_by("pk"):
        Message.objects.filter(pk=also.message_id, case_id=case_id).update(case_id=also.case_id)
        also.delete()
    gone = list(Message.objects.filter(case_id=case_id).values_list("pk", flat=True))
    if not gone:
        return 0
    keys = list(Attachment.objects.filter(message__in=gone).values_list("storage_key", flat=True))
    deliveries = Delivery.objects.filter(message__in=gone)
    raws = list(deliveries.values_list("raw_id", flat=True))
    deliveries.delete()
    for raw in RawMail.objects.filter(pk__in=raws, deliveries__isnull=True):
        if raw.storage_key:
            keys.append(raw.storage_key)
        raw.delete()
    BulkReplyPerson.objects.filter(received__in=gone).delete()
    BulkReplyPerson.objects.filter(message__in=gone).delete()
    Message.objects.filter(pk__in=gone).delete()
    for key in keys:
        transaction.on_commit(partial(files.remove, settings.MEDIA_ROOT, key))
    return len(gone)
