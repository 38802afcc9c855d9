"""The pages of letters: writing, looking, signing, printing (EM-5, ux 1.4, 1.7)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from wardbook.cases.factories import CaseFactory
from wardbook.cases.models import Activity, Draft
from wardbook.contacts.factories import AgencyFactory, ContactFactory
from wardbook.correspondence.factories import LetterFactory, TemplateFactory
from wardbook.correspondence.models import Letter, PostRules
from wardbook.correspondence.tests.writers import anna_price, mrs_evans
from wardbook.lib.testing import post
from wardbook.offices.factories import MembershipFactory, RepresentativeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return anna_price()


@pytest.fixture
def rhian(member):
    return mrs_evans(member.office, language="cy")


@pytest.fixture
def case(member, rhian):
    return CaseFactory(office=member.office, constituent=rhian)


@pytest.fixture
def signed_in(client, member):
    client.force_login(member.user)
    return client


def url(name, case, *args):
    return reverse(f"correspondence:{name}", args=[case.office.slug, *args])


def typed(case, **changed):
    return {
        "contact": str(case.constituent_id),
        "addressed_to": "Mrs Rhian Evans\n14 Mill Lane\nGM1 4AB",
        "language": "cy",
        "dated_on": "2026-03-02",
        "subject": "Your flat",
        "body": "Dear Mrs Evans,\n\nThe council will come.",
    } | changed


def test_the_page_begins_with_name_address_language_and_representative(signed_in, case):
    case.representative = RepresentativeFactory(office=case.office, name="Mair Lloyd")
    case.save()
    shown = signed_in.get(url("write_letter", case, case.number)).content.decode()
    assert "Mrs Rhian Evans\n14 Mill Lane\nGM1 4AB" in shown
    assert '<option value="cy" selected' in shown
    assert f'<option value="{case.representative_id}" selected' in shown


def test_a_letter_is_written_and_its_draft_is_gone(signed_in, case, member):
    Draft.objects.create(
        office=case.office, user=member.user, case=case, scope=f"case-{case.number}-paper", saved_at=timezone.now()
    )
    answer = post(signed_in, url("write_letter", case, case.number), typed(case))
    assert answer.status_code == 303, answer.content.decode()
    letter = Letter.objects.get()
    assert (letter.state, letter.case, letter.contact, letter.by) == ("ready", case, case.constituent, member.user)
    assert not Draft.objects.exists()
    assert "Letter to Mrs Evans" in signed_in.get(answer["Location"]).content.decode()


def test_a_refused_letter_keeps_what_was_typed(signed_in, case, rhian):
    type(rhian).objects.filter(pk=rhian.pk).update(do_not_mail=True)
    answer = post(signed_in, url("write_letter", case, case.number), typed(case, body="Words of mine"))
    assert answer.status_code == 422
    assert "does not want letters" in answer.content.decode()
    assert "Words of mine" in answer.content.decode()
    assert not Letter.objects.exists()


def test_the_address_follows_whom_the_letter_goes_to(signed_in, case):
    housing = AgencyFactory(office=case.office, address="Town Hall", postcode="GM1 1AA")
    case.waiting_agency, case.waiting_on, case.waiting_since = housing, "agency", case.opened_on
    case.save()
    post(signed_in, url("write_letter", case, case.number), typed(case, contact=str(housing.pk)))
    letter = Letter.objects.get()
    assert letter.contact == housing
    assert letter.addressed_to == f"{housing.name}\nTown Hall\nGM1 1AA"


def test_somebody_who_is_not_on_the_case_cannot_be_written_to(signed_in, case):
    stranger = ContactFactory(office=case.office, address="1 High Street")
    answer = post(signed_in, url("write_letter", case, case.number), typed(case, contact=str(stranger.pk)))
    assert answer.status_code == 422
    assert not Letter.objects.exists()


def test_a_template_is_filled_for_the_person_and_keeps_what_is_typed(signed_in, case):
    template = TemplateFactory(office=case.office, kind="letter", body="Dear {person.formal_name},")
    sent = typed(case, template=str(template.pk), body="My words", subject="", insert="1")
    answer = post(signed_in, url("write_letter", case, case.number), sent)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "My words\nDear Mrs Evans," in shown
    assert f"Your case {case.reference}" in shown
    filled = signed_in.get(url("template_text", case, template.pk), {"contact": case.constituent_id}).json()
    assert (filled["body"], filled["missing"]) == ("Dear Mrs Evans,", ["{case.reference}"])


def test_the_letter_is_looked_at_before_it_is_saved(signed_in, case, member):
    answer = post(signed_in, url("write_letter", case, case.number), typed(case, look="1"))
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert 'src="data:image/png;base64,' in shown
    assert not Letter.objects.exists()
    assert Draft.objects.get(user=member.user).body["subject"] == "Your flat"


def test_the_pdf_is_a_download_that_may_do_nothing(signed_in, case):
    letter = LetterFactory(office=case.office, case=case, contact=case.constituent)
    answer = signed_in.get(url("letter_pdf", case, letter.pk))
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_colleague_who_saved_first_is_shown_and_nothing_is_lost(signed_in, case):
    letter = LetterFactory(office=case.office, case=case, contact=case.constituent)
    Letter.objects.filter(pk=letter.pk).update(version=2, subject="Theirs")
    answer = post(signed_in, url("letter", case, letter.pk), typed(case, version="1", subject="Mine"))
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in shown
    assert 'value="Mine"' in shown
    kept = post(signed_in, url("letter", case, letter.pk), typed(case, version="2", subject="Mine"))
    assert kept.status_code == 303
    letter.refresh_from_db()
    assert letter.subject == "Mine"


def test_the_representative_signs_one_after_the_other(client, case, member):
    PostRules.objects.create(office=case.office, letters_need_signature=True)
    mair = MembershipFactory(office=case.office, role="representative")
    first, second = (
        LetterFactory(office=case.office, case=case, contact=case.constituent, state="for-signature", subject=subject)
        for subject in ("First", "Second")
    )
    client.force_login(mair.user)
    shown = client.get(url("signing", case)).content.decode()
    assert "First" in shown
    assert "Sign all 2" in shown
    answer = post(client, url("signing", case), {"letter": f"{first.pk}-1"})
    assert answer["Location"].endswith(f"?letter={second.pk}")
    first.refresh_from_db()
    assert (first.state, first.signed_by) == ("ready", mair.user)
    answer = post(client, url("letter_return", case, second.pk), {"because": ""})
    assert answer.status_code == 422
    post(client, url("letter_return", case, second.pk), {"because": "Softer"})
    second.refresh_from_db()
    assert (second.state, second.returned_because) == ("returned", "Softer")
    assert "Nothing waits for your signature" in client.get(url("signing", case)).content.decode()


def test_a_caseworker_cannot_sign(signed_in, case):
    letter = LetterFactory(office=case.office, case=case, contact=case.constituent, state="for-signature")
    assert post(signed_in, url("signing", case), {"letter": f"{letter.pk}-1"}).status_code in (403, 404)
    letter.refresh_from_db()
    assert letter.state == "for-signature"


def test_letters_are_printed_together_and_logged_once(signed_in, case):
    pair = [LetterFactory(office=case.office, case=case, contact=case.constituent) for _ in range(2)]
    keys = [f"{letter.pk}-1" for letter in pair]
    shown = signed_in.get(url("printing", case), {"letter": keys}).content.decode()
    assert "2 letters" in shown
    pdf = signed_in.get(url("printing_pdf", case), {"letter": keys})
    assert pdf.content.startswith(b"%PDF")
    answer = post(signed_in, url("printing", case), {"letter": keys, "waiting_on": "keep"})
    assert answer.status_code == 303
    again = post(signed_in, url("printing", case), {"letter": keys, "waiting_on": "keep"})
    assert again.status_code == 303
    assert Activity.objects.filter(case=case).count() == 2


def test_a_letter_of_a_case_one_may_not_see_is_not_there(signed_in, case):
    hidden = CaseFactory(office=case.office, constituent=case.constituent, is_restricted=True)
    letter = LetterFactory(office=case.office, case=hidden, contact=case.constituent)
    assert signed_in.get(url("letter", case, letter.pk)).status_code == 404
    assert signed_in.get(url("letter_pdf", case, letter.pk)).status_code == 404
    assert signed_in.get(url("printing_pdf", case), {"letter": f"{letter.pk}-1"}).status_code == 303
    post(signed_in, url("printing", case), {"letter": f"{letter.pk}-1", "waiting_on": "keep"})
    letter.refresh_from_db()
    assert letter.state == "ready"


def test_the_case_and_home_say_what_waits(signed_in, case):
    LetterFactory(office=case.office, case=case, contact=case.constituent, state="for-signature")
    shown = signed_in.get(reverse("desk:case", args=[case.office.slug, case.number])).content.decode()
    assert "Letter to Rhian Evans" in shown
    assert "Constituent not informed yet" in shown
    tab = reverse("desk:case", args=[case.office.slug, case.number]) + "?write=letter"
    assert url("write_letter", case, case.number) in signed_in.get(tab).content.decode()
    mair = MembershipFactory(office=case.office, role="representative")
    signed_in.force_login(mair.user)
    cards = signed_in.get(reverse("desk:home_cards", args=[case.office.slug])).content.decode()
    assert "1 letter waits for your signature" in cards


def test_what_was_typed_over_an_older_letter_does_not_come_back_over_a_newer_one(signed_in, case, member):
    letter = LetterFactory(office=case.office, case=case, contact=case.constituent)
    post(signed_in, url("letter", case, letter.pk), typed(case, version="1", subject="Old words", look="1"))
    assert "Old words" in signed_in.get(url("letter", case, letter.pk) + "?edit=1").content.decode()
    Letter.objects.filter(pk=letter.pk).update(version=2, subject="Newer")
    shown = signed_in.get(url("letter", case, letter.pk) + "?edit=1").content.decode()
    assert "Newer" in shown
    assert "Old words" not in shown
