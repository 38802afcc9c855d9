"""An office with its lists, somebody who works there, and a case."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from wardbook.cases.factories import MONDAY, CaseFactory, activity_type_of, statuses_of
from wardbook.journal.models import Undo
from wardbook.offices.factories import CaseworkerFactory, OfficeFactory
from wardbook.offices.models import Membership

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def office(db):
    office = OfficeFactory()
    statuses_of(office)
    for family in ("call", "letter", "meeting", "task", "other"):
        activity_type_of(office, family)
    return office


@pytest.fixture
def worker(office):
    return CaseworkerFactory(office=office, name="Anna Price")


@pytest.fixture
def sam(office):
    return CaseworkerFactory(office=office, name="Sam Okoro")


@pytest.fixture
def manager(office):
    return CaseworkerFactory(office=office, role="manager", name="Mo Manager")


@pytest.fixture
def case(office):
    return CaseFactory(office=office)


@pytest.fixture
def stranger(db):
    """Somebody who works in another office."""
    other = OfficeFactory()
    statuses_of(other)
    return CaseworkerFactory(office=other)


class Browser:
    """Somebody at their desk: every form that is sent carries a fresh operation key, as the page's would."""

    def __init__(self, client, office):
        self.client, self.office = client, office

    def sit(self, user):
        self.client.force_login(user)
        return self

    def get(self, route, *args, htmx="", **params):
        headers = {"HX-Request": "true", "HX-Target": htmx} if htmx else {}
        return self.client.get(reverse(route, args=[self.office.slug, *args]), params, headers=headers)

    def post(self, route, *args, htmx="", operation=None, **data):
        headers = {"HX-Request": "true", "HX-Target": htmx} if htmx else {}
        data = {name: value for name, value in data.items() if value is not None}
        data["operation"] = str(operation or uuid.uuid4())
        return self.client.post(reverse(route, args=[self.office.slug, *args]), data, headers=headers)

    def form(self, route, *args, **params):
        """What the form at an address would send if nothing were changed."""
        return sent_by(self.get(route, *args, **params).context["form"])


def sent_by(form):
    """The values of a drawn form as a browser sends them."""
    data = {}
    for bound in form:
        value = bound.value()
        if value is None or value is False or value == []:
            continue
        if hasattr(bound.field.widget, "format_value"):
            value = bound.field.widget.format_value(value) if not isinstance(value, list) else value
        data[bound.html_name] = "on" if value is True else value
    return data


@pytest.fixture
def desk(client, office, worker):
    return Browser(client, office).sit(worker)


@pytest.fixture
def newest_undo():
    """What the person did last, ready to be taken back."""
    return lambda user: Undo.objects.filter(by=user).order_by("-pk").first()


@pytest.fixture
def member():
    return lambda user, office: Membership.objects.select_related("office", "user").get(user=user, office=office)
