"""Words written once: kept with every version, ordered, retired, brought back (EM-6)."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from wardbook.correspondence import events, writing
from wardbook.correspondence.models import Template, TemplateRevision
from wardbook.journal.actions import record, remember_undo
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.accounts.models import User

LONGEST_BODY = 20_000


@transaction.atomic
def add_template(
    office: Office,
    *,
    kind: str,
    name: str,
    body: str,
    by: "User",
    at: datetime,
    subject: str = "",
    language: str = "",
) -> Template:
    """A new template at the end of its kind. Raises RuleBroken: no name, no words, a second acknowledgement of a
    language."""
    # Whoever adds one waits for whoever is adding another.
    Office.objects.select_for_update().get(pk=office.pk)
    last = Template.objects.filter(office=office, kind=kind).aggregate(last=Max("position"))["last"]
    template = Template(office=office, kind=kind, language=language, position=(last or 0) + 1)
    _put(template, name=name, subject=subject, body=body)
    _one_acknowledgement(template)
    template.changed_at, template.changed_by = at, by
    template.save()
    record(events.TEMPLATE_SAVED, about=template, by=by, at=at, version=template.version)
    return template


@transaction.atomic
def change_template(
    template: Template,
    *,
    name: str,
    subject: str,
    body: str,
    language: str,
    by: "User",
    at: datetime,
    seen: int | None = None,
) -> Template:
    """Change a template; what it said before is kept. No change writes nothing. Raises Stale, RuleBroken."""
    template = _held(template)
    if seen is not None and template.version != seen:
        raise Stale(template)
    was = (template.name, template.subject, template.body, template.language)
    before = TemplateRevision(
        template=template,
        version=template.version,
        subject=template.subject,
        body=template.body,
        by=template.changed_by,
        at=template.changed_at,
    )
    template.language = language
    _put(template, name=name, subject=subject, body=body)
    if was == (template.name, template.subject, template.body, template.language):
        return template
    _one_acknowledgement(template)
    before.save()
    template.version += 1
    template.changed_at, template.changed_by = at, by
    template.save()
    record(events.TEMPLATE_SAVED, about=template, by=by, at=at, version=template.version)
    return template


@transaction.atomic
def retire_template(template: Template, *, by: "User", at: datetime) -> Template:
    """Nobody is offered it any more; what was written with it stays as it is."""
    template = _held(template)
    if template.retired_at is None:
        template.retired_at = at
        template.save(update_fields=["retired_at"])
        record(events.TEMPLATE_RETIRED, about=template, by=by, at=at)
        label = _("“%(name)s” retired") % {"name": template.name}
        payload = {"template": template.pk}
        remember_undo("template.return", office_id=template.office_id, by=by, at=at, label=label, payload=payload)
    return template


@transaction.atomic
def return_template(template: Template, *, by: "User", at: datetime) -> Template:
    """It is offered again. Raises RuleBroken for a second acknowledgement of a language."""
    template = _held(template)
    if template.retired_at is not None:
        _one_acknowledgement(template)
        template.retired_at = None
        template.save(update_fields=["retired_at"])
        record(events.TEMPLATE_SAVED, about=template, by=by, at=at, version=template.version)
    return template


@transaction.atomic
def move_template(template: Template, places: int, *, by: "User", at: datetime) -> None:
    """So many places down (or up) among those of its kind that are in use."""
    rows = Template.objects.select_for_update().filter(office=template.office_id, kind=template.kind).in_use()
    order = list(rows.order_by("position", "name", "pk"))
    now = next((index for index, one in enumerate(order) if one.pk == template.pk), None)
    if now is None:
        raise RuleBroken(_("This template is retired."))
    then = min(max(now + places, 0), len(order) - 1)
    if then == now:
        return
    order.insert(then, order.pop(now))
    for position, one in enumerate(order, start=1):
        if one.position != position:
            Template.objects.filter(pk=one.pk).update(position=position)
    record(events.TEMPLATE_SAVED, about=template, by=by, at=at, version=template.version)


def _put(template: Template, *, name: str, subject: str, body: str) -> None:
    template.name = writing.one_line(name, 120)
    template.subject = writing.one_line(subject, 200)
    template.body = writing.body_text(body)
    if not template.name:
        raise RuleBroken(_("Give it a name."))
    if not template.body:
        raise RuleBroken(_("Write something first."))
    if len(template.body) > LONGEST_BODY:
        raise RuleBroken(_("The text is too long for a template."))


def _one_acknowledgement(template: Template) -> None:
    if template.kind != Template.Kind.ACKNOWLEDGEMENT:
        return
    Office.objects.select_for_update().get(pk=template.office_id)
    others = Template.objects.filter(
        office=template.office_id, kind=template.kind, language=template.language, retired_at__isnull=True
    )
    if others.exclude(pk=template.pk).exists():
        raise RuleBroken(_("There is an acknowledgement in this language already. Change that one, or retire it."))


def _held(template: Template) -> Template:
    return Template.objects.select_for_update(of=("self",)).select_related("changed_by").get(pk=template.pk)
