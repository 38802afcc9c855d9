from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wardbook.cases import actions as case_actions
from wardbook.cases.actions.planning import FollowUp
from wardbook.cases.factories import MONDAY, ActivityFactory, CaseFactory, InternalNoteFactory, activity_type_of
from wardbook.cases.models import Activity, Document, Party
from wardbook.contacts.factories import AgencyFactory, ContactFactory
from wardbook.correspondence import events
from wardbook.correspondence.actions import composing
from wardbook.correspondence.actions.composing import AnsweredMeanwhile, NeedsConfirming, Recipient
from wardbook.correspondence.factories import MailboxFactory, MessageFactory, SenderIdentityFactory
from wardbook.correspondence.models import AddressTrouble, Dispatch, Message
from wardbook.journal.actions import take_back
from wardbook.journal.models import Event, Undo
from wardbook.lib.rules import RuleBroken
from wardbook.offices.factories import CaseworkerFactory, OfficeFactory
from wardbook.vocabulary.models import PartyRole

pytestmark = pytest.mark.django_db

RHIAN = "rhian@home.example"
HOUSING = "housing@council.example"


class Desk:
    """A caseworker, a case of Mrs Evans with the council on it, and a sender."""

    def __init__(self, **case):
        self.office = OfficeFactory()
        self.anna = CaseworkerFactory(office=self.office, name="Anna Price")
        self.rhian = ContactFactory(office=self.office, title="Mrs", family_name="Evans", emails=[RHIAN])
        self.council = AgencyFactory(office=self.office, emails=[HOUSING])
        self.case = CaseFactory(office=self.office, constituent=self.rhian, owner=self.anna, **case)
        role = PartyRole.objects.create(office=self.office, name="Agency", for_agency=True)
        Party.objects.create(case=self.case, role=role, contact=self.council, since=MONDAY.date())
        self.mailbox = MailboxFactory(office=self.office)
        self.identity = SenderIdentityFactory(mailbox=self.mailbox, signature="Anna Price\nCaseworker")

    def write(self, *to, **given):
        values = {
            "office": self.office,
            "case": self.case,
            "identity": self.identity,
            "to": to or (Recipient("Rhian Evans", RHIAN),),
            "subject": "Damp in your flat",
            "body": "Dear Mrs Evans,\n\nWe have written to the council.",
            "by": self.anna,
            "at": MONDAY,
        }
        return composing.write(**values | given)


@pytest.fixture
def desk():
    return Desk()


def reasons(raised):
    return [reason.kind for reason in raised.value.reasons]


def keys(raised):
    return {reason.key for reason in raised.value.reasons}


# --- What is written ----------------------------------------------------------------------------------------------


def test_a_message_is_held_for_half_a_minute_with_a_name_of_its_own(desk):
    (message,) = desk.write()

    assert message.state == Message.State.HELD
    assert message.subject == f"Damp in your flat [Case {desk.case.reference}]"
    assert message.line == Message.Line.CONSTITUENT
    assert message.contact == desk.rhian
    assert message.signature == "Anna Price\nCaseworker"
    assert message.known_identifiers.get().identifier == message.identifier
    assert message.dispatch.turn_at == MONDAY + timedelta(seconds=30)
    line = Event.objects.get(name=events.MESSAGE_WRITTEN)
    assert (line.case_id, line.by, line.facts["line"]) == (desk.case.pk, desk.anna, "constituent")


def test_a_held_message_is_undone_by_its_name(desk):
    (message,) = desk.write()
    undo = Undo.objects.get()

    assert undo.label == "Email to Mrs Evans"
    assert take_back(undo, by=desk.anna, at=MONDAY) == "Not sent: Email to Mrs Evans"

    message.refresh_from_db()
    assert message.state == Message.State.STOPPED
    assert Event.objects.filter(name=events.MESSAGE_STOPPED).exists()
    assert not Dispatch.objects.due(MONDAY + timedelta(days=1)).exists()


def test_what_has_gone_out_cannot_be_undone(desk):
    (message,) = desk.write()
    Message.objects.update(state=Message.State.SENT)

    with pytest.raises(RuleBroken, match="too late"):
        take_back(Undo.objects.get(), by=desk.anna, at=MONDAY)
    message.refresh_from_db()
    assert message.state == Message.State.SENT


def test_several_people_get_a_message_each_that_names_nobody_else(desk):
    husband = ContactFactory(office=desk.office, emails=["tom@home.example"])
    role = PartyRole.objects.create(office=desk.office, name="Husband")
    Party.objects.create(case=desk.case, role=role, contact=husband, since=MONDAY.date())

    one, other = desk.write(Recipient("Rhian", RHIAN), Recipient("Tom", "tom@home.example"), Recipient("", RHIAN))

    assert [row.address for row in one.addresses.all()] == [RHIAN]
    assert [row.address for row in other.addresses.all()] == ["tom@home.example"]
    assert one.identifier != other.identifier
    assert one.together == other.together is not None
    take_back(Undo.objects.get(), by=desk.anna, at=MONDAY)
    assert set(Message.objects.values_list("state", flat=True)) == {"stopped"}


def test_nobody_gets_a_copy_of_what_goes_to_several(desk):
    with pytest.raises(RuleBroken, match="message each"):
        desk.write(Recipient("", RHIAN), Recipient("", HOUSING), cc=[Recipient("", desk.anna.email)])


@pytest.mark.parametrize(
    ("subject", "body", "words"), [(" \r\n", "x", "subject"), ("x", " \n", "something"), ("x" * 201, "x", "longer")]
)
def test_subject_and_body_are_required(desk, subject, body, words):
    with pytest.raises(RuleBroken, match=words):
        desk.write(subject=subject, body=body)
    assert not Message.objects.exists()


def test_somebody_has_to_get_it(desk):
    with pytest.raises(RuleBroken, match="to whom"):
        desk.write(to=())


def test_whom_it_waits_for_and_what_follows_are_undone_with_it(desk):
    follow_up = FollowUp(
        "Chase Housing", MONDAY.date() + timedelta(days=10), desk.anna, activity_type_of(desk.office)
    )

    desk.write(Recipient("", HOUSING), waiting_on="agency", waiting_agency=desk.council, follow_up=follow_up)

    desk.case.refresh_from_db()
    assert desk.case.waiting_agency == desk.council
    assert Activity.objects.planned().get().subject == "Chase Housing"
    take_back(Undo.objects.get(), by=desk.anna, at=MONDAY)
    desk.case.refresh_from_db()
    assert desk.case.waiting_on == ""
    assert Activity.objects.get().deleted_at is not None
    assert Message.objects.get().state == "stopped"


def test_the_constituent_was_not_informed_by_what_is_only_held(desk):
    desk.write()
    desk.case.refresh_from_db()
    assert desk.case.last_informed_at is None


# --- The wrong person ---------------------------------------------------------------------------------------------


def test_an_address_that_is_not_on_the_case_is_asked_about_each_time_by_its_name(desk):
    press = Recipient("Press", "press@paper.example")
    with pytest.raises(NeedsConfirming, match="press@paper.example is not on this case") as raised:
        desk.write(press)
    assert reasons(raised) == ["outsider"]
    assert not Message.objects.exists()

    with pytest.raises(NeedsConfirming):
        desk.write(Recipient("", "other@paper.example"), confirmed=keys(raised))
    assert desk.write(press, confirmed=keys(raised))
    assert desk.write(press)  # known now


def test_having_written_in_puts_nobody_on_a_case(desk):
    MessageFactory(office=desk.office, case=desk.case, from_address="stranger@paper.example")
    with pytest.raises(NeedsConfirming):
        desk.write(Recipient("Rhian Evans", "stranger@paper.example"))


def test_the_same_name_in_another_contact_does_not_help(desk):
    ContactFactory(office=desk.office, title="Mrs", family_name="Evans", emails=["rhian@other.example"])
    with pytest.raises(NeedsConfirming, match="rhian@other.example is not on this case"):
        desk.write(Recipient("Rhian Evans", "rhian@other.example"))


def test_a_first_address_on_a_restricted_case_is_asked_about_twice():
    desk = Desk(is_restricted=True)
    with pytest.raises(NeedsConfirming) as first:
        desk.write()
    assert reasons(first) == ["first-time"]
    with pytest.raises(NeedsConfirming, match="really") as second:
        desk.write(confirmed=keys(first))
    assert reasons(second) == ["first-time-sure"]
    assert desk.write(confirmed=keys(first) | keys(second))
    assert desk.write()


def test_a_stranger_on_a_restricted_case_is_asked_about_twice():
    desk = Desk(is_restricted=True)
    press = Recipient("", "press@paper.example")
    with pytest.raises(NeedsConfirming) as first:
        desk.write(press)
    with pytest.raises(NeedsConfirming) as second:
        desk.write(press, confirmed=keys(first))
    assert [reasons(first), reasons(second)] == [["outsider"], ["first-time-sure"]]


def test_who_asked_for_no_email_gets_none_and_the_reason_is_said(desk):
    desk.rhian.do_not_email, desk.rhian.flags_source = True, "by telephone, 3 May"
    desk.rhian.save()
    for recipient in (Recipient("", RHIAN), Recipient("", RHIAN.upper(), desk.rhian)):
        with pytest.raises(RuleBroken, match="Mrs Evans does not want email \\(by telephone, 3 May\\)"):
            desk.write(recipient, case=None)


def test_the_constituents_address_does_not_go_to_an_agency_by_itself(desk):
    with pytest.raises(NeedsConfirming, match="would see the address") as raised:
        desk.write(Recipient("", HOUSING), cc=[Recipient("", RHIAN)])
    assert reasons(raised) == ["mixed"]
    with pytest.raises(NeedsConfirming, match="the same words"):
        desk.write(Recipient("", HOUSING), Recipient("", RHIAN))
    (message,) = desk.write(Recipient("", HOUSING), cc=[Recipient("", RHIAN)], confirmed=keys(raised))
    assert message.line == Message.Line.AGENCY


def test_an_address_from_which_mail_came_back_is_asked_about(desk):
    trouble = AddressTrouble.objects.create(office=desk.office, address=RHIAN, is_hard=True, at=MONDAY)
    with pytest.raises(NeedsConfirming, match="came back on 2 June 2025") as raised:
        desk.write()
    assert reasons(raised) == ["came-back"]
    trouble.cleared_at = MONDAY
    trouble.save()
    assert desk.write()


def test_nobody_writes_to_the_dead_without_being_told(desk):
    desk.rhian.deceased_on = MONDAY.date()
    desk.rhian.save()
    with pytest.raises(NeedsConfirming, match="Mrs Evans died on 2 June 2025"):
        desk.write()


def test_nobody_writes_to_the_offices_own_mailbox(desk):
    with pytest.raises(RuleBroken, match="address of this office"):
        desk.write(Recipient("", desk.mailbox.address.title()))


def test_nobody_writes_under_a_colleagues_name(desk):
    sam = CaseworkerFactory(office=desk.office)
    desk.identity.user = sam
    desk.identity.save()
    with pytest.raises(RuleBroken, match="another sender"):
        desk.write()
    assert desk.write(by=sam)


def test_things_of_another_office_are_refused(desk):
    other = Desk()
    for given in ({"identity": other.identity}, {"case": other.case}, {"to": [Recipient("", RHIAN, other.rhian)]}):
        with pytest.raises(RuleBroken):
            desk.write(**given)


# --- What a colleague did meanwhile -------------------------------------------------------------------------------


def test_when_a_colleague_answered_meanwhile_nothing_is_sent_and_both_are_shown(desk):
    sam = CaseworkerFactory(office=desk.office, name="Sam Jones")
    (theirs,) = desk.write(by=sam, at=MONDAY + timedelta(seconds=20))

    with pytest.raises(AnsweredMeanwhile, match="Sam Jones answered meanwhile. Your email is not sent") as raised:
        desk.write(seen_at=MONDAY, at=MONDAY + timedelta(seconds=40))

    assert raised.value.entry == theirs
    assert Message.objects.count() == 1
    assert desk.write(seen_at=MONDAY, at=MONDAY + timedelta(seconds=50), confirmed={raised.value.key})


def test_a_call_that_a_colleague_made_counts_as_an_answer(desk):
    sam = CaseworkerFactory(office=desk.office)
    call = ActivityFactory(case=desk.case, direction="out", created_by=sam, created_at=MONDAY + timedelta(seconds=5))
    with pytest.raises(AnsweredMeanwhile) as raised:
        desk.write(seen_at=MONDAY)
    assert raised.value.entry == call


def test_what_i_did_myself_or_what_was_seen_stops_nothing(desk):
    sam = CaseworkerFactory(office=desk.office)
    desk.write(by=sam)
    desk.write(at=MONDAY + timedelta(seconds=9), seen_at=MONDAY)
    assert desk.write(at=MONDAY + timedelta(seconds=19), seen_at=MONDAY)


def test_an_answer_to_the_same_mail_in_the_inbox_counts_too(desk):
    sam = CaseworkerFactory(office=desk.office)
    mail = MessageFactory(office=desk.office, from_address=RHIAN)
    later = MONDAY + timedelta(seconds=9)
    desk.write(case=None, in_answer_to=mail, by=sam, at=later)
    with pytest.raises(AnsweredMeanwhile):
        desk.write(case=None, in_answer_to=mail, seen_at=MONDAY, at=later)


# --- What is quoted (C7) ------------------------------------------------------------------------------------------


def test_a_quote_goes_only_to_whom_wrote_or_got_the_mail(desk):
    mail = MessageFactory(
        office=desk.office,
        case=desk.case,
        from_name="Housing",
        from_address=HOUSING,
        text="Tenancy 4711",
        quoted="SECRET",
    )

    (to_them,) = desk.write(Recipient("", HOUSING), in_answer_to=mail, quotes=True)
    (to_her,) = desk.write(Recipient("", RHIAN), in_answer_to=mail, quotes=True)

    assert to_them.quoted == "On 2 June 2025, Housing wrote:\n> Tenancy 4711"
    assert to_her.quoted == ""
    assert to_them.in_reply_to == mail.identifier


def test_a_reply_to_is_no_proof_of_having_seen_a_mail(desk):
    mail = MessageFactory(office=desk.office, from_address=RHIAN, reply_to="thief@paper.example")
    (message,) = desk.write(Recipient("", "thief@paper.example"), case=None, in_answer_to=mail, quotes=True)
    assert message.quoted == ""


def upload(name="mould.txt", content=b"The mould is black."):
    return SimpleUploadedFile(name, content, content_type="text/plain")


def test_files_go_along_one_copy_for_each_message(desk):
    husband = Recipient("", "tom@home.example")
    written = desk.write(Recipient("", RHIAN), husband, files=[upload()], confirmed={"outsider:tom@home.example"})
    kept = [message.attachments.get() for message in written]
    assert [row.name for row in kept] == ["mould.txt", "mould.txt"]
    assert kept[0].storage_key != kept[1].storage_key
    assert kept[0].sha256 == kept[1].sha256


def test_files_of_the_case_go_along_and_files_of_notes_never(desk):
    call = ActivityFactory(case=desk.case)
    case_actions.add_documents(call, [upload()], by=desk.anna, at=MONDAY)
    note = InternalNoteFactory(case=desk.case, by=desk.anna)
    case_actions.add_documents(note, [upload("secret.txt")], by=desk.anna, at=MONDAY)
    open_one, secret = Document.objects.order_by("pk")

    (message,) = desk.write(documents=[open_one])
    assert message.attachments.get().sha256 == open_one.sha256
    with pytest.raises(RuleBroken, match="note for the office"):
        desk.write(documents=[secret])
    with pytest.raises(RuleBroken, match="not a file of this case"):
        desk.write(documents=[open_one], case=CaseFactory(office=desk.office, constituent=desk.rhian))


def test_more_than_20_megabytes_are_refused_with_the_sum(desk):
    large = upload("a.bin", b"a" * 11 * 1024 * 1024)
    with pytest.raises(RuleBroken, match="22.0.MB together"):
        desk.write(files=[large, large])


def test_a_forgotten_file_is_asked_about(desk):
    with pytest.raises(NeedsConfirming, match="none is attached") as raised:
        desk.write(body="Please find the report attached.")
    assert desk.write(body="Please find the report attached.", confirmed=keys(raised))
    assert desk.write(body="Please find the report attached.", files=[upload()])


def test_a_token_that_was_not_filled_is_asked_about(desk):
    with pytest.raises(NeedsConfirming, match=r"\{agency.reference\}"):
        desk.write(body="Your reference is {agency.reference}.")


def test_an_automatic_answer_is_queued_at_once_and_quotes_nothing(desk):
    mail = MessageFactory(office=desk.office, case=desk.case, mailbox=desk.mailbox, text="SECRET")
    message = composing.queue_automatic(
        desk.mailbox,
        to=Recipient("Rhian", RHIAN),
        subject="We have it",
        body="Thank you.",
        in_answer_to=mail,
        at=MONDAY,
    )
    assert (message.state, message.is_automatic, message.by, message.quoted) == ("queued", True, None, "")
    assert message.case == desk.case
    assert Dispatch.objects.due(MONDAY).get().message == message
