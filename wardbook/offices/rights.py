"""The rights of the access table in words, for the page that says which one is missing and who can give it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wardbook.offices import access
from wardbook.offices.models import Membership

# Each ends the sentence “Your role here does not let you …”.
WORDS: dict[str, Promise] = {
    "office.enter": _("enter this office"),
    "cases.read": _("see cases"),
    "cases.open": _("open new cases"),
    "cases.write": _("change cases"),
    "cases.own": _("take cases on"),
    "cases.bulk": _("change many cases at once"),
    "cases.delete": _("delete cases or bring them back"),
    "cases.export": _("take lists of cases along as a file"),
    "cases.restrict": _("decide who may see a case"),
    "cases.notes.internal": _("read or write notes for the office"),
    "cases.notes.shared": _("read or write notes of a case"),
    "home.everybody": _("begin with everybody's work"),
    "contacts.read": _("see people and organisations"),
    "contacts.write": _("change people and organisations"),
    "contacts.warnings": _("see warnings about people"),
    "activities.read": _("see the activities of the office"),
    "correspondence.read": _("read emails and letters"),
    "correspondence.write": _("write emails and letters"),
    "inbox.read": _("see the Inbox"),
    "inbox.file": _("decide what becomes of mail in the Inbox"),
    "campaigns.read": _("see campaigns"),
    "campaigns.write": _("work on campaigns"),
    "letters.sign": _("sign letters"),
    "templates.write": _("change templates"),
    "settings.mail": _("change mailboxes and post"),
    "settings.office": _("change the settings of the office"),
    "settings.people": _("decide who works here and in which role"),
    "settings.vocabulary": _("change lists and their values"),
    "vocabulary.new_tag": _("make new tags"),
    "imports": _("bring in files or take imports back"),
    "journal.read": _("read the journal"),
    "styleguide": _("see the design pages"),
}
NAMED = 3


def who_can_give(right: str, asker: Membership) -> list[Membership]:
    """A few colleagues who can give somebody a role with this right, managers before administrators."""
    members = asker.office.memberships.active().filter(role__in=access.table()["grants"]).exclude(pk=asker.pk)
    able = [
        member
        for member in members.select_related("user").order_by("user__name", "pk")
        if member.can("settings.people")
        and any(access.may_grant(member.role, role) for role in access.roles_with(right))
    ]
    return sorted(able, key=lambda member: member.role != Membership.Role.MANAGER)[:NAMED]
