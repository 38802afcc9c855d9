"""The Inbox: what came in is decided, one item after the other (ux.md 1.5)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wardbook.cases.factories import CaseFactory
from wardbook.cases.models import Case
from wardbook.contacts.factories import ContactFactory
from wardbook.correspondence.factories import MailboxFactory, MessageFactory
from wardbook.correspondence.models import Delivery, Message, RawMail
from wardbook.correspondence.tests.alike_mails import proposed
from wardbook.journal.models import Undo
from wardbook.lib.testing import post
from wardbook.offices.factories import MembershipFactory

pytestmark = pytest.mark.django_db


def mail(member, minutes=0, **fields):
    at = timezone.now() - timedelta(minutes=minutes)
    box = member.office.mailboxes.first() or MailboxFactory(office=member.office, source="pipe")
    return MessageFactory(office=member.office, mailbox=box, at=at, **fields)


def address(name, member, *parts):
    return reverse(f"desk:{name}", args=[member.office.slug, *parts])


def test_the_newest_stands_first_and_open_beside_the_list(signed_in, member):
    mail(member, 30, subject="Older matter")
    mail(member, 1, subject="Newer matter", text="The roof leaks.")

    page = signed_in.get(address("inbox", member)).content.decode()

    assert page.index("Newer matter") < page.index("Older matter")
    assert "The roof leaks." in page


def test_one_key_files_to_the_suggested_case_and_shows_the_next_item(signed_in, member):
    case = CaseFactory(office=member.office)
    older = mail(member, 5)
    message = mail(member, 1, suggested_case=case, suggestion="thread", suggestion_is_sure=True)

    page = signed_in.get(address("inbox_item", member, message.pk)).content.decode()
    assert f"Add to {case.reference}" in page
    assert "same thread" in page
    answer = post(signed_in, address("inbox_filing", member, message.pk), {"case": case.number})

    assert answer.status_code == 303
    assert answer["Location"] == address("inbox_item", member, older.pk)
    message.refresh_from_db()
    assert (message.state, message.case, message.filed_by) == ("filed", case, member.user)
    assert f"Added to {case.reference}." in signed_in.get(answer["Location"]).content.decode()


def test_a_new_case_needs_nothing_more_than_the_mail(signed_in, member):
    rhian = ContactFactory(office=member.office, emails=["rhian@example.org"])
    message = mail(member, subject="Re: Damp in flat", from_address="rhian@example.org")
    page = signed_in.get(address("inbox_case", member, message.pk))
    filled = {name: page.context["form"][name].value() or "" for name in ("what", "owner")}

    answer = post(signed_in, address("inbox_case", member, message.pk), {**filled, "person": rhian.pk})

    assert answer.status_code == 303
    case = Case.objects.get(office=member.office)
    assert (case.constituent, case.owner, case.contact_type.code) == (rhian, member.user, "email")
    assert case.description == "Damp in flat"
    assert Message.objects.get(pk=message.pk).case == case


def test_a_stranger_becomes_known_with_the_case(signed_in, member):
    message = mail(member, from_name="Omar Haddad", from_address="omar@example.org")
    answer = post(
        signed_in, address("inbox_case", member, message.pk), {"what": "My wife's visa", "new_person": "on"}
    )
    assert answer.status_code == 303
    case = Case.objects.get(office=member.office)
    assert (case.constituent.name, case.constituent.points.get().value) == ("Omar Haddad", "omar@example.org")


def test_a_case_of_nobody_is_refused_and_what_was_typed_stays(signed_in, member):
    message = mail(member)
    answer = post(signed_in, address("inbox_case", member, message.pk), {"what": "Something typed"})
    assert answer.status_code == 422
    assert "Say who it is about." in answer.content.decode()
    assert "Something typed" in answer.content.decode()
    assert Message.objects.get(pk=message.pk).state == "waiting"


def test_two_matters_in_one_mail_become_two_linked_cases(signed_in, member):
    rhian = ContactFactory(office=member.office, emails=["rhian@example.org"])
    message = mail(member, from_address="rhian@example.org")
    data = {"what": "Damp", "second": "Blue badge", "person": rhian.pk}
    assert post(signed_in, address("inbox_split", member, message.pk), data).status_code == 303
    assert set(Case.objects.values_list("description", "constituent")) == {
        ("Damp", rhian.pk),
        ("Blue badge", rhian.pk),
    }


@pytest.mark.parametrize("reason", ["information", "newsletter", "spam", "not-ours", "duplicate"])
def test_no_answer_needed_says_why(signed_in, member, reason):
    message = mail(member)
    assert post(signed_in, address("inbox_dismissal", member, message.pk), {"reason": reason}).status_code == 303
    message.refresh_from_db()
    assert (message.state, message.dismissed_as) == ("dismissed", reason)


def test_an_unknown_reason_changes_nothing(signed_in, member):
    message = mail(member)
    post(signed_in, address("inbox_dismissal", member, message.pk), {"reason": "because"})
    assert Message.objects.get(pk=message.pk).state == "waiting"


def test_later_takes_it_off_the_list_until_its_day(signed_in, member):
    message = mail(member, subject="Not today")
    assert post(signed_in, address("inbox_later", member, message.pk), {"to": "+1w"}).status_code == 303
    assert "Not today" not in signed_in.get(address("inbox", member)).content.decode()
    assert "Not today" in signed_in.get(address("inbox", member) + "?show=later").content.decode()


def test_later_is_never_today(signed_in, member):
    message = mail(member)
    answer = post(signed_in, address("inbox_later", member, message.pk), {"to": "today"})
    assert (answer.status_code, Message.objects.get(pk=message.pk).later_on) == (422, None)


def test_what_is_given_to_me_is_mine(signed_in, member):
    message = mail(member, subject="For me")
    post(signed_in, address("inbox_assignment", member, message.pk), {"to": member.user_id})
    assert "For me" in signed_in.get(address("inbox", member) + "?show=mine").content.decode()
    assert "For me" not in signed_in.get(address("inbox", member) + "?show=nobody").content.decode()


def test_the_second_of_two_is_told_who_was_first(signed_in, member):
    case, message = CaseFactory(office=member.office), mail(member)
    sam = MembershipFactory(office=member.office, role="caseworker", user__name="Sam Okoro")
    other = Client()
    other.force_login(sam.user)
    post(other, address("inbox_filing", member, message.pk), {"case": case.number})

    answer = post(signed_in, address("inbox_dismissal", member, message.pk), {"reason": "spam"})

    assert "Sam" in signed_in.get(answer["Location"]).content.decode()
    assert Message.objects.get(pk=message.pk).case == case


def test_a_filed_item_can_go_back(signed_in, member):
    message = mail(member)
    post(signed_in, address("inbox_dismissal", member, message.pk), {"reason": "spam"})
    assert "Back to the Inbox" in signed_in.get(address("inbox_item", member, message.pk)).content.decode()
    post(signed_in, address("inbox_return", member, message.pk), {})
    assert Message.objects.get(pk=message.pk).state == "waiting"


def test_the_suggestion_of_a_case_one_may_not_see_is_not_there(signed_in, member):
    # A number that stands in no key of a form by chance.
    hidden = CaseFactory(office=member.office, is_restricted=True, description="Hidden matter", number=87_654_321)
    message = mail(member, suggested_case=hidden, suggestion="thread", suggestion_is_sure=True)
    page = signed_in.get(address("inbox_item", member, message.pk)).content.decode()
    assert hidden.reference not in page
    assert "Hidden matter" not in page
    answer = post(signed_in, address("inbox_filing", member, message.pk), {"case": hidden.number})
    assert (answer.status_code, Message.objects.get(pk=message.pk).state) == (422, "waiting")


def test_a_mail_that_could_not_be_read_is_shown_until_somebody_looked(signed_in, member):
    box = MailboxFactory(office=member.office, source="pipe")
    raw = RawMail.objects.create(
        office=member.office, sha256="a" * 64, size=3, content=b"raw", kept_at=timezone.now()
    )
    lost = Delivery.objects.create(mailbox=box, raw=raw, via="pipe", arrived_at=timezone.now(), state="quarantined")
    page = signed_in.get(address("inbox", member)).content.decode()
    assert "A mail in a form we cannot read" in page
    whole = signed_in.get(reverse("correspondence:delivery", args=[member.office.slug, lost.pk]))
    assert (whole.content, whole["Content-Type"]) == (b"raw", "application/octet-stream")
    post(signed_in, address("inbox_settling", member, lost.pk), {})
    assert "A mail in a form we cannot read" not in signed_in.get(address("inbox", member)).content.decode()


def test_mail_that_stopped_coming_is_said_loudly(signed_in, member):
    since = timezone.now() - timedelta(hours=1)
    MailboxFactory(
        office=member.office, health="failing", failing_since=since, succeeded_at=since, problem="No answer."
    )
    page = signed_in.get(address("inbox", member)).content.decode()
    assert "has not come in since" in page
    assert "No answer." in page


def test_an_empty_inbox_says_what_was_done(signed_in, member):
    message = mail(member)
    post(signed_in, address("inbox_dismissal", member, message.pk), {"reason": "spam"})
    assert "You filed 1 today." in signed_in.get(address("inbox", member)).content.decode()


def test_a_full_inbox_costs_no_more_queries(signed_in, member, django_assert_max_num_queries):
    for minute in range(60):
        mail(member, minute, suggested_case=CaseFactory(office=member.office) if minute < 3 else None)
    # 20: session, user, memberships, views of the menu; rows, cases, who looks, how many; mails unread, mailboxes
    # that are silent; the item, addresses, files, suggested case, sender; five to note the first look at it.
    with django_assert_max_num_queries(20):
        page = signed_in.get(address("inbox", member)).content.decode()
    assert page.count('class="inbox__row') >= 50
    assert "Older" in page


def test_who_only_reads_sees_no_decisions(client, member):
    reader = MembershipFactory(office=member.office, role="representative")
    client.force_login(reader.user)
    message = mail(member)
    page = client.get(address("inbox_item", member, message.pk)).content.decode()
    assert "No answer needed" not in page
    assert post(client, address("inbox_dismissal", member, message.pk), {"reason": "spam"}).status_code == 403


def test_home_says_how_many_wait_to_who_may_read_them(signed_in, member):
    mail(member)
    mail(member, 5)
    assert "2 in the Inbox" in signed_in.get(reverse("desk:home_cards", args=[member.office.slug])).content.decode()
    member.role = "triage"
    member.save()
    assert "in the Inbox" not in signed_in.get(reverse("desk:home_cards", args=[member.office.slug])).content.decode()


def test_who_is_second_moves_nothing_that_the_first_has_filed(signed_in, member):
    case, other = CaseFactory(office=member.office), CaseFactory(office=member.office)
    message = mail(member, case=case, state="filed", filed_at=timezone.now())
    following = mail(member, 5)
    answer = post(signed_in, address("inbox_filing", member, message.pk), {"case": other.number})
    message.refresh_from_db()
    assert message.case == case
    assert answer["Location"] == address("inbox_item", member, following.pk)


def test_from_its_case_a_message_is_moved_to_another(signed_in, member):
    case, other = CaseFactory(office=member.office), CaseFactory(office=member.office)
    message = mail(member, case=case, state="filed", filed_at=timezone.now())
    page = signed_in.get(address("inbox_filing", member, message.pk)).content.decode()
    assert 'name="moves"' in page
    post(signed_in, address("inbox_filing", member, message.pk), {"case": other.number, "moves": "1"})
    message.refresh_from_db()
    assert message.case == other


def test_a_piece_of_the_page_shows_one_item_and_no_list(signed_in, member):
    first, _second = mail(member, subject="First"), mail(member, 5, subject="Second")
    asked = {"HX-Request": "true", "HX-Target": "article#item"}
    answer = signed_in.get(address("inbox_item", member, first.pk), headers=asked)
    page = answer.content.decode()
    assert "First" in page
    assert "Second" not in page
    assert "<html" not in page


def test_an_invitation_is_told_in_words_and_in_the_offices_time(signed_in, member):
    said = {"summary": "Opening", "starts": "2030-06-14T10:00:00+00:00", "ends": "2030-06-14T12:00:00+00:00"}
    message = mail(member, invitation=said)
    page = signed_in.get(address("inbox_item", member, message.pk)).content.decode()
    assert "Fri 14 June 2030, 11:00 – 13:00" in page


@pytest.mark.parametrize("starts", ["soon", "2030-06-14", "", "2030-06-14T10:00:00"])
def test_an_invitation_may_say_its_time_in_any_way(signed_in, member, starts):
    message = mail(member, invitation={"summary": "Opening", "starts": starts})
    assert signed_in.get(address("inbox_item", member, message.pk)).status_code == 200


def test_after_undo_the_item_that_is_open_again_is_shown(signed_in, member):
    message, other = mail(member, 5), mail(member, 1)
    post(signed_in, address("inbox_dismissal", member, message.pk), {"reason": "spam"})
    undo = reverse("desk:undo", args=[member.office.slug, Undo.objects.latest("pk").pk])
    here = "http://testserver" + address("inbox_item", member, other.pk) + "?show=nobody"
    response = post(signed_in, undo, headers={"referer": here})
    assert response["Location"] == address("inbox_item", member, message.pk) + "?show=nobody"

    post(signed_in, address("inbox_dismissal", member, message.pk), {"reason": "spam"})
    undo = reverse("desk:undo", args=[member.office.slug, Undo.objects.latest("pk").pk])
    elsewhere = reverse("desk:home", args=[member.office.slug])
    response = post(signed_in, undo, headers={"referer": f"http://testserver{elsewhere}"})
    assert response["Location"] == elsewhere


def test_where_only_groups_wait_it_says_so(signed_in, member):
    proposed(member.office, 3)
    page = signed_in.get(address("inbox", member)).content.decode()
    assert "Nothing else waits" in page
    assert "Inbox is empty" not in page


def test_an_inbox_into_which_nothing_can_come_says_so_to_who_can_change_that(signed_in, member):
    assert "Add a mailbox" not in signed_in.get(address("inbox", member)).content.decode()
    member.role = "manager"
    member.save()
    assert address("mailboxes", member) in signed_in.get(address("inbox", member)).content.decode()
    MailboxFactory(office=member.office)
    assert "Inbox is empty" in signed_in.get(address("inbox", member)).content.decode()
