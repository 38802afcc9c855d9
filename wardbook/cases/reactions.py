"""What cases do when they hear of something elsewhere."""

from django.apps import apps

from wardbook.cases.merging import move_open
from wardbook.journal.models import Event
from wardbook.journal.reactions import reacts_to
from wardbook.vocabulary import events as list_events
from wardbook.vocabulary.models import Value


@reacts_to(list_events.MERGED)
def follow_a_merge(event: Event) -> None:
    """Open cases take the new value, if whoever merged asked for it."""
    if not event.facts.get("move_open"):
        return
    model = apps.get_model(event.subject_type)
    assert issubclass(model, Value)
    rows = model._default_manager.filter(office_id=event.office_id)
    move_open(rows.get(pk=event.subject_id), rows.get(pk=event.facts["into"]), by=event.by, at=event.at)
