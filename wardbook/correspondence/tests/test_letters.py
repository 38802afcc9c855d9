"""Letters: written, signed if the office says so, printed, logged as sent once (EM-5, S3.30, S4.1)."""

from datetime import timedelta

import pytest

from wardbook.cases import actions as case_actions
from wardbook.cases.factories import CaseFactory
from wardbook.cases.models import Activity, Document
from wardbook.contacts.factories import AgencyFactory, ContactFactory
from wardbook.correspondence import lettering
from wardbook.correspondence.actions import letters
from wardbook.correspondence.models import Letter, PostRules
from wardbook.correspondence.tests.writers import anna_price, mrs_evans
from wardbook.journal.actions import take_back
from wardbook.journal.models import Event, Undo
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.lib.testing import FRIDAY, MONDAY, TUESDAY
from wardbook.offices.factories import MembershipFactory, RepresentativeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return anna_price()


@pytest.fixture
def rhian(member):
    return mrs_evans(member.office, address="14 Mill Lane, Glanmor")


@pytest.fixture
def case(member, rhian):
    return CaseFactory(office=member.office, constituent=rhian)


def write(case, member, **changed):
    given = {
        "office": case.office,
        "case": case,
        "contact": case.constituent,
        "addressed_to": lettering.address_block(case.constituent),
        "subject": "Your flat",
        "body": "Dear Mrs Evans,\n\nThe council will come on Monday.\n\nYours sincerely,",
        "dated_on": MONDAY.date(),
        "by": member.user,
        "at": MONDAY,
    }
    return letters.write(**given | changed)


def needs_signature(office):
    PostRules.objects.create(office=office, letters_need_signature=True)


def send(letter, by, at=TUESDAY, **more):
    letter.refresh_from_db()
    return letters.mark_sent([(letter, letter.version)], by=by, at=at, **more)


def test_a_letter_is_ready_to_print_where_nobody_signs(member, case):
    letter = write(case, member)
    assert letter.state == Letter.State.READY
    assert letter.addressed_to == "Mrs Rhian Evans\n14 Mill Lane\nGlanmor\nGM1 4AB"
    assert letter.our_reference == case.reference
    assert Event.objects.filter(name="letter.written", case_id=case.pk).count() == 1


def test_a_letter_waits_for_the_signature_where_the_office_says_so(member, case):
    needs_signature(case.office)
    letter = write(case, member)
    assert letter.state == Letter.State.FOR_SIGNATURE
    assert send(letter, member.user)[0] == []
    assert not Activity.objects.filter(case=case).exists()


def test_who_wants_no_letters_gets_none_and_the_reason_is_said(member, case, rhian):
    rhian.do_not_mail, rhian.flags_source = True, "she rang on 3 March"
    rhian.save()
    with pytest.raises(RuleBroken, match=r"does not want letters \(she rang on 3 March\)"):
        write(case, member)


def test_who_said_so_after_it_was_written_gets_none_either(member, case, rhian):
    letter = write(case, member)
    type(rhian).objects.filter(pk=rhian.pk).update(do_not_mail=True)
    sent, left = send(letter, member.user)
    assert sent == []
    assert "does not want letters" in left[0][1]
    letter.refresh_from_db()
    assert letter.state == Letter.State.READY


def test_a_token_without_a_value_never_goes_out(member, case):
    with pytest.raises(RuleBroken, match="person.formal_name"):
        write(case, member, body="Dear {person.formal_name},")


def test_a_thing_of_another_office_is_refused(member, case):
    with pytest.raises(RuleBroken, match="another office"):
        write(case, member, contact=ContactFactory())
    with pytest.raises(RuleBroken, match="another office"):
        write(case, member, representative=RepresentativeFactory())


def test_signing_makes_it_ready_and_can_be_undone(member, case):
    needs_signature(case.office)
    signer = MembershipFactory(office=case.office, role="representative")
    letter = write(case, member)
    signed, left = letters.sign([(letter, letter.version)], by=signer.user, at=TUESDAY)
    assert ([one.pk for one in signed], left) == ([letter.pk], [])
    assert (signed[0].state, signed[0].signed_by) == (Letter.State.READY, signer.user)
    take_back(Undo.objects.get(by=signer.user), by=signer.user, at=TUESDAY)
    letter.refresh_from_db()
    assert (letter.state, letter.signed_by) == (Letter.State.FOR_SIGNATURE, None)


def test_what_changed_after_it_was_read_is_not_signed(member, case):
    needs_signature(case.office)
    letter = write(case, member)
    read = letter.version
    letters.change(letter, body="Dear Mrs Evans,\n\nPay at once.", by=member.user, at=MONDAY)
    signed, left = letters.sign([(letter, read)], by=member.user, at=TUESDAY)
    assert (signed, left) == ([], [letter])


def test_a_change_after_the_signature_needs_a_new_one(member, case):
    needs_signature(case.office)
    letter = write(case, member)
    [signed], _left = letters.sign([(letter, letter.version)], by=member.user, at=TUESDAY)
    changed = letters.change(signed, body="Dear Mrs Evans,\n\nPay at once.", by=member.user, at=TUESDAY)
    assert (changed.state, changed.signed_by) == (Letter.State.FOR_SIGNATURE, None)


def test_a_letter_sent_back_says_what_should_change_and_comes_again(member, case):
    needs_signature(case.office)
    letter = write(case, member)
    with pytest.raises(RuleBroken, match="what should change"):
        letters.send_back(letter, because="  ", by=member.user, at=TUESDAY)
    back = letters.send_back(letter, because="Softer, please", by=member.user, at=TUESDAY)
    assert (back.state, back.returned_because) == (Letter.State.RETURNED, "Softer, please")
    again = letters.change(back, by=member.user, at=FRIDAY)
    assert (again.state, again.returned_because) == (Letter.State.FOR_SIGNATURE, "")


def test_two_who_change_a_letter_do_not_overwrite_each_other(member, case):
    letter = write(case, member)
    letters.change(letter, subject="First", seen=letter.version, by=member.user, at=MONDAY)
    with pytest.raises(Stale):
        letters.change(letter, subject="Second", seen=letter.version, by=member.user, at=MONDAY)


def test_a_printed_letter_is_logged_with_its_pdf_and_tells_the_constituent(member, case, rhian):
    letter = write(case, member)
    [sent], left = send(letter, member.user)
    assert left == []
    assert (sent.state, sent.sent_on) == (Letter.State.SENT, TUESDAY.date())
    activity = Activity.objects.get(case=case)
    assert (activity.type.family, activity.direction, activity.contact) == ("letter", "out", rhian)
    assert (activity.type.name, activity.written_on) == ("Letter sent", MONDAY.date())
    document = Document.objects.get(activity=activity)
    assert (document.media_type, document.sha256) == ("application/pdf", sent.sha256)
    case.refresh_from_db()
    assert case.last_informed_at == TUESDAY


def test_a_letter_to_an_agency_tells_the_constituent_nothing_and_waits_for_the_agency(member, case):
    housing = AgencyFactory(office=case.office)
    letter = write(case, member, contact=housing, addressed_to="Housing Services\nTown Hall")
    send(letter, member.user, waiting_on="agency")
    case.refresh_from_db()
    assert case.last_informed_at is None
    assert (case.waiting_on, case.waiting_agency) == ("agency", housing)


def test_a_letter_is_logged_once_however_often_it_is_pressed(member, case):
    letter = write(case, member)
    pair = (letter, letter.version)
    letters.mark_sent([pair, pair], by=member.user, at=TUESDAY)
    sent, left = letters.mark_sent([pair], by=member.user, at=TUESDAY)
    assert (sent, len(left)) == ([], 1)
    assert Activity.objects.filter(case=case).count() == 1
    assert Document.objects.filter(case=case).count() == 1


def test_what_was_changed_after_the_pdf_was_made_is_not_logged(member, case):
    letter = write(case, member)
    printed = letter.version
    letters.change(letter, body="Other words.", by=member.user, at=MONDAY)
    sent, left = letters.mark_sent([(letter, printed)], by=member.user, at=TUESDAY)
    assert (sent, len(left)) == ([], 1)


def test_several_letters_are_not_sent_after_all_at_one_press(member, case):
    case_actions.wait_on(case, "us", by=None, at=MONDAY)
    pairs = [(letter, letter.version) for letter in (write(case, member), write(case, member))]
    sent, _left = letters.mark_sent(pairs, by=member.user, at=TUESDAY, waiting_on="constituent")
    assert len(sent) == 2
    undo = Undo.objects.get(by=member.user, at=TUESDAY)
    assert undo.label == "2 letters sent"
    take_back(undo, by=member.user, at=TUESDAY)
    case.refresh_from_db()
    assert (case.last_informed_at, case.waiting_on) == (None, "us")
    assert set(Letter.objects.values_list("state", "sent_on", "activity")) == {("ready", None, None)}
    assert not Activity.objects.filter(case=case, deleted_at=None).exists()
    assert not Document.objects.filter(case=case, deleted_at=None).exists()


def test_an_undone_letter_can_be_sent_again(member, case):
    letter = write(case, member)
    send(letter, member.user)
    take_back(Undo.objects.get(by=member.user, at=TUESDAY), by=member.user, at=TUESDAY)
    [sent], _left = send(letter, member.user, at=FRIDAY)
    assert sent.activity.happened_at == FRIDAY


def test_a_case_in_the_bin_keeps_one_letter_back_and_not_the_others(member, case):
    other = CaseFactory(office=case.office, constituent=case.constituent)
    kept, gone = write(other, member), write(case, member)
    case_actions.delete(case, by=member.user, at=MONDAY)
    sent, left = letters.mark_sent([(kept, 1), (gone, 1)], by=member.user, at=TUESDAY)
    assert ([one.pk for one in sent], [one.pk for one, _why in left]) == ([kept.pk], [gone.pk])


def test_a_withdrawn_letter_cannot_be_printed_or_changed(member, case):
    letter = letters.stop(write(case, member), by=member.user, at=MONDAY)
    assert send(letter, member.user)[0] == []
    with pytest.raises(RuleBroken, match="has gone"):
        letters.change(letter, subject="x", by=member.user, at=MONDAY)


def test_a_representative_signs_only_in_their_own_name(member, case):
    needs_signature(case.office)
    mair = MembershipFactory(office=case.office, role="representative")
    tom = MembershipFactory(office=case.office, role="representative")
    in_mairs_name = RepresentativeFactory(office=case.office, user=mair.user)
    letter = write(case, member, representative=in_mairs_name)
    assert list(Letter.objects.signable_by(mair)) == [letter]
    assert list(Letter.objects.signable_by(tom)) == []
    assert list(Letter.objects.signable_by(member)) == []


def test_a_case_that_is_removed_for_good_takes_its_letters_along(member, case):
    send(write(case, member), member.user)
    write(case, member)
    case_actions.delete(case, by=member.user, at=TUESDAY)
    case.refresh_from_db()
    case_actions.purge(case, at=TUESDAY + timedelta(days=31))
    assert not Letter.objects.exists()


def test_a_letter_needs_an_address_below_the_name(member, case):
    with pytest.raises(RuleBroken, match="the address below the name"):
        write(case, member, addressed_to="Mrs Rhian Evans")
