"""Each factory makes the smallest valid row, twice."""

import pytest

from wardbook.cases.factories import CaseFactory
from wardbook.correspondence import factories

pytestmark = pytest.mark.django_db

MADE = [
    factories.MailboxFactory,
    factories.SenderIdentityFactory,
    factories.TemplateFactory,
    factories.MessageFactory,
    factories.SentMessageFactory,
    factories.CampaignFactory,
    factories.LetterFactory,
]


@pytest.mark.parametrize("made", MADE, ids=lambda one: one.__name__)
def test_a_factory_makes_two_rows_that_the_database_accepts(made):
    assert made().pk != made().pk


def test_a_message_on_a_case_is_filed():
    case = CaseFactory()
    assert factories.MessageFactory(office=case.office, case=case).state == "filed"
