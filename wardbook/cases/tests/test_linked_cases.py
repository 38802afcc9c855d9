"""Two cases are said to belong together; who may not see one does not learn of it (CA-16, A5)."""

import pytest
from django.urls import reverse

from wardbook.cases.actions.linking import link_cases
from wardbook.cases.factories import MONDAY, CaseFactory, statuses_of
from wardbook.cases.models import CaseLink
from wardbook.journal.actions import take_back
from wardbook.journal.models import Undo
from wardbook.lib.testing import post
from wardbook.offices.factories import CaseworkerFactory, OfficeFactory

pytestmark = pytest.mark.django_db


class Desk:
    def __init__(self, client):
        self.client, self.office = client, OfficeFactory()
        statuses_of(self.office)
        self.anna = CaseworkerFactory(office=self.office)
        self.case = CaseFactory(office=self.office, description="Damp in flat")
        self.other = CaseFactory(office=self.office, description="Broken lift")
        client.force_login(self.anna)

    def page(self, case=None):
        return self.client.get(
            reverse("desk:case", args=[self.office.slug, (case or self.case).number])
        ).content.decode()

    def link(self, typed):
        return post(
            self.client, reverse("cases:links", args=[self.office.slug, self.case.number]), {"other_case": typed}
        )


@pytest.fixture
def desk(client):
    return Desk(client)


def test_a_case_is_linked_by_its_number_and_both_pages_say_so(desk):
    assert desk.link(f"Case #{desk.other.number}").status_code == 303
    assert CaseLink.objects.get().why == "related"
    assert "Broken lift" in desk.page()
    assert "Damp in flat" in desk.page(desk.other)


def test_a_link_is_taken_off_and_put_back(desk):
    desk.link(desk.other.reference)
    link = CaseLink.objects.get()
    address = reverse("cases:link_removal", args=[desk.office.slug, desk.other.number, link.pk])
    assert post(desk.client, address).status_code == 303
    assert "Broken lift" not in desk.page()
    take_back(Undo.objects.order_by("-pk").first(), by=desk.anna, at=MONDAY)
    assert "Broken lift" in desk.page()


@pytest.mark.parametrize(("typed", "words"), [("", "Enter the number"), ("987654", "no such case"), ("x", "no such")])
def test_what_names_no_case_is_said_beside_the_field(desk, typed, words):
    answer = desk.link(typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_case_is_not_linked_to_itself(desk):
    assert "That is this case" in desk.link(str(desk.case.number)).content.decode()


def test_a_restricted_case_is_neither_shown_nor_found(desk):
    secret = CaseFactory(office=desk.office, description="Of the safe house", is_restricted=True)
    link_cases(desk.case, secret, by=None, at=MONDAY)
    shown = desk.page()
    assert "Of the safe house" not in shown
    assert f">{secret.reference}<" not in shown
    assert "no such case" in desk.link(secret.reference).content.decode()
    link = CaseLink.objects.get()
    address = reverse("cases:link_removal", args=[desk.office.slug, desk.case.number, link.pk])
    assert post(desk.client, address).status_code == 404


def test_a_late_reply_is_told_from_both_sides(desk):
    link_cases(desk.case, desk.other, by=None, at=MONDAY, why="late-reply")
    assert "Closed before; this one follows it" in desk.page()
    assert "Follows this one" in desk.page(desk.other)
