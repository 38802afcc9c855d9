"""Settings › Templates: added, changed with every version kept, ordered, retired, brought back (EM-6)."""

import pytest
from django.urls import reverse

from wardbook.correspondence.actions import templates as actions
from wardbook.correspondence.factories import TemplateFactory
from wardbook.correspondence.models import Template
from wardbook.journal.actions import take_back
from wardbook.journal.models import Undo
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.lib.testing import FRIDAY, TUESDAY, post
from wardbook.offices.factories import ManagerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return ManagerFactory()


@pytest.fixture
def signed_in(client, manager):
    client.force_login(manager.user)
    return client


def url(manager, route, *args):
    return reverse(f"desk:{route}", args=[manager.office.slug, *args])


def words(**changed):
    return {
        "name": "We are on it",
        "language": "",
        "subject": "Your case",
        "body": "Dear {person.formal_name},",
    } | changed


def page(signed_in, address):
    return signed_in.get(address).content.decode()


def test_a_template_is_added_for_letters(signed_in, manager):
    answer = post(signed_in, url(manager, "new_template") + "?kind=letter", words())
    assert answer.status_code == 303, answer.content.decode()
    template = Template.objects.get()
    assert (template.kind, template.name, template.version) == ("letter", "We are on it", 1)
    assert "We are on it" in page(signed_in, url(manager, "templates"))


def test_a_template_without_words_is_refused_in_a_sentence(signed_in, manager):
    answer = post(signed_in, url(manager, "new_template"), words(body=""))
    assert answer.status_code == 422
    assert "Write something first." in answer.content.decode()


def test_the_page_offers_the_tokens_and_shows_an_invented_case(signed_in, manager):
    template = TemplateFactory(office=manager.office, body="Dear {person.formal_name}, {role:Landlord.name}")
    shown = page(signed_in, url(manager, "template", template.pk))
    assert 'data-token="{person.formal_name}"' in shown
    assert "Dear Mrs Evans, {role:Landlord.name}" in shown


def test_what_was_typed_can_be_looked_at_before_it_is_saved(signed_in, manager):
    answer = post(signed_in, url(manager, "new_template"), words(body="Hello {person.name}", look="1"))
    assert answer.status_code == 200
    assert "Hello Rhian Evans" in answer.content.decode()
    assert not Template.objects.exists()


def test_a_token_that_means_nothing_is_reported(signed_in, manager):
    answer = post(signed_in, url(manager, "new_template"), words(body="Dear {person.nmae},"))
    assert answer.status_code == 303
    assert "{person.nmae} means nothing" in page(signed_in, answer["Location"])


def test_each_version_is_kept_and_can_be_brought_back(signed_in, manager):
    template = TemplateFactory(office=manager.office, body="First")
    first = url(manager, "template", template.pk)
    post(signed_in, first, words(body="Second", name=template.name, subject=template.subject))
    template.refresh_from_db()
    assert (template.body, template.version) == ("Second", 2)
    old = url(manager, "template_version", template.pk, 1)
    assert "First" in page(signed_in, old)
    assert post(signed_in, old).status_code == 303
    template.refresh_from_db()
    assert (template.body, template.version) == ("First", 3)
    assert list(template.revisions.values_list("version", "body")) == [(2, "Second"), (1, "First")]


def test_saving_the_same_words_makes_no_version(manager):
    template = TemplateFactory(office=manager.office)
    given = {name: getattr(template, name).strip() for name in ("name", "subject", "body", "language")}
    Template.objects.update(body=given["body"])
    actions.change_template(template, by=manager.user, at=TUESDAY, **given)
    template.refresh_from_db()
    assert (template.version, template.revisions.count()) == (1, 0)


def test_of_two_who_save_the_second_sees_both(signed_in, manager):
    template = TemplateFactory(office=manager.office, subject="Before")
    address = url(manager, "template", template.pk)
    seen = signed_in.get(address).context["version"]
    actions.change_template(
        template, name=template.name, subject="Theirs", body=template.body, language="", by=manager.user, at=TUESDAY
    )
    mine = words(name=template.name, subject="Mine", body=template.body, version=seen)
    answer = post(signed_in, address, mine)
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()
    assert "Mine" in answer.content.decode()
    template.refresh_from_db()
    assert template.subject == "Theirs"
    with pytest.raises(Stale):
        actions.change_template(
            template, name="x", subject="", body="y", language="", seen=1, by=manager.user, at=FRIDAY
        )


def test_there_is_one_acknowledgement_in_each_language(signed_in, manager):
    TemplateFactory(office=manager.office, kind="ack", language="cy")
    address = url(manager, "new_template") + "?kind=ack"
    answer = post(signed_in, address, words(language="cy"))
    assert answer.status_code == 422
    assert "in this language already" in answer.content.decode()
    assert post(signed_in, address, words(language="ga")).status_code == 303


def test_a_retired_acknowledgement_comes_back_only_where_there_is_room(manager):
    old = TemplateFactory(office=manager.office, kind="ack", language="cy", retired_at=TUESDAY)
    TemplateFactory(office=manager.office, kind="ack", language="cy")
    with pytest.raises(RuleBroken, match="in this language already"):
        actions.return_template(old, by=manager.user, at=FRIDAY)


def test_a_template_is_retired_and_that_can_be_undone(signed_in, manager):
    template = TemplateFactory(office=manager.office)
    post(signed_in, url(manager, "template_retirement", template.pk))
    assert not Template.objects.in_use().exists()
    undo = Undo.objects.get(by=manager.user)
    take_back(undo, by=manager.user, at=undo.at)
    assert Template.objects.in_use().exists()


def test_templates_are_put_in_order_among_their_kind(signed_in, manager):
    first, second = (TemplateFactory(office=manager.office, name=name) for name in ("A", "B"))
    post(signed_in, url(manager, "template_place", second.pk), {"to": "up"})
    assert list(Template.objects.values_list("name", flat=True)) == ["B", "A"]
    assert first.pk
