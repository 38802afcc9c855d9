"""The lists an office starts with, by its profile. Pure data: an office changes its own lists later (S4.9, S4.14)."""

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from wardbook.vocabulary.topics import AGENCY, COUNCIL, REPRESENTATIVE, Area

Words = str | Promise


class Preset(NamedTuple):
    """One value of a list: its name, what belongs there, and the further columns it has."""

    name: Words
    description: Words = ""
    fields: dict[str, Any] = {}


# Exactly these five, in this order (S1.22).
STATUSES = [
    Preset(_in("status", "New"), _("Nobody has looked at it yet."), {"status_class": "new", "mark": "new"}),
    Preset(
        _in("status", "Acknowledged"),
        _("The person knows that we have it."),
        {"status_class": "open", "mark": "acknowledged"},
    ),
    Preset(_in("status", "Open"), _("We are working on it."), {"status_class": "open", "mark": "open"}),
    Preset(
        _in("status", "On-Hold"),
        _("Nothing to do before a day; it comes back to be looked at then."),
        {"status_class": "paused", "mark": "on_hold"},
    ),
    Preset(
        _in("status", "Closed"), _("It is finished, with an outcome."), {"status_class": "closed", "mark": "closed"}
    ),
]

# The codes are what channels and imports key on; the names may change.
CONTACT_TYPES = [
    Preset(_("Phone"), _("A call to the office or to one of us."), {"code": "phone"}),
    Preset(_("In person"), _("Somebody walked in, or stopped us in the street."), {"code": "in-person"}),
    Preset(_("Surgery"), _("An advice session with an appointment."), {"code": "surgery"}),
    Preset(_("Letter"), _("On paper, by post or by hand."), {"code": "letter"}),
    Preset(_("Email"), _("A message to one of our mailboxes."), {"code": "email"}),
    Preset(_("Social media"), _("A public post or a private message."), {"code": "social"}),
    Preset(_("Web form"), _("The form on our website."), {"code": "web-form"}),
    Preset(_("Field"), _("At the door or at a stall."), {"code": "field"}),
    Preset(_("Portal"), _("Raised by a councillor in the portal."), {"code": "portal"}),
]

# S2.19 and S3.36. The first of each family is what the composer offers for it.
ACTIVITY_TYPES = [
    Preset(_("Phone call"), _("A call with anybody, either way."), {"family": "call"}),
    Preset(_("Phoned constituent"), _("We rang the person whom the case is about."), {"family": "call"}),
    Preset(_("Phoned agency"), _("We rang a department, a council or another body."), {"family": "call"}),
    Preset(_("Email"), _("An email with anybody, either way."), {"family": "email"}),
    Preset(_("Emailed department"), _("We wrote to a department or another body."), {"family": "email"}),
    Preset(_("Letter"), _("A letter that came in."), {"family": "letter"}),
    Preset(_("Letter sent"), _("A letter that went out."), {"family": "letter"}),
    Preset(_("Meeting"), _("A talk with people in a room or on a screen."), {"family": "meeting"}),
    Preset(_("Surgery or walk-in"), _("The person came to us."), {"family": "meeting"}),
    Preset(_("Site visit"), _("We went to see the place."), {"family": "visit"}),
    Preset(_("Follow-up"), _("The next step of a case, with a day."), {"family": "task"}),
    Preset(_("Task"), _("A piece of work for a colleague or a team."), {"family": "task"}),
    Preset(_("Waiting for reply"), _("We asked, and cannot go on without an answer."), {"family": "other"}),
    Preset(_("Intake"), _("The first talk about a new matter."), {"family": "other"}),
    Preset(_("Referral"), _("We sent the person to somebody who can help."), {"family": "other"}),
    Preset(_("Invitation"), _("Somebody asks the representative to come."), {"family": "other"}),
]

NOTE_CODES = [
    Preset(_("Background"), _("What helps to understand the person: work, family, history with us.")),
    Preset(_("How to reach them"), _("Best time to ring, who answers, large print, an interpreter.")),
    Preset(_("Authority to act"), _("Who may speak for them, and since when.")),
    Preset(_("Complaint about us"), _("What they were not content with, and what was said.")),
    Preset(_("Thanks"), _("Kind words worth keeping.")),
    Preset(_("Other"), _("Anything else that is not part of a case.")),
]

PARTY_ROLES = [
    Preset(_("Constituent"), _("The person who lives in the area and has the problem.")),
    Preset(_("Client"), _("The person who receives the service.")),
    Preset(_("Complainant"), _("The person who complains on their own or another's behalf.")),
    Preset(_("Spouse or partner")),
    Preset(_("Parent or guardian")),
    Preset(_("Child")),
    Preset(_("Carer")),
    Preset(_("Neighbour")),
    Preset(_("Landlord")),
    Preset(_("Employer")),
    Preset(_("Solicitor"), _("A lawyer or adviser who acts for somebody.")),
    Preset(_("Acts for them"), _("Has the person's authority to speak and sign.")),
    Preset(_("Witness")),
    Preset(_("Councillor")),
    Preset(_("Coordinator"), _("A colleague who holds the threads together.")),
    Preset(_("Agency"), _("A body that we approach about the case."), {"for_agency": True}),
    Preset(_("Government department"), "", {"for_agency": True}),
    Preset(_("Council service"), "", {"for_agency": True}),
    Preset(_("Health body"), "", {"for_agency": True}),
    Preset(_("Company"), _("A utility, a landlord company, an employer."), {"for_agency": True}),
]

CASE_CODES = [
    Preset(_("Letter to a minister"), _("The representative writes to a minister."), {"code": "MIN"}),
    Preset(_("Parliamentary question"), _("Leads to a question in the chamber."), {"code": "PQ"}),
    Preset(_("Freedom of information"), _("A request under the law on access."), {"code": "FOI"}),
    Preset(_("Ombudsman"), _("Is with, or goes to, an ombudsman."), {"code": "OMB"}),
    Preset(_("Press interest"), _("A journalist asks, or may ask."), {"code": "PRESS"}),
    Preset(_("Petition"), _("Part of a petition."), {"code": "PET"}),
]

# Case type to its sub-types.
CASE_TYPES: dict[str, list[tuple[Preset, list[Words]]]] = {
    "representative": [
        (Preset(_("Help with a public body"), _("We approach a department, a council or an agency.")), []),
        (Preset(_("Advice"), _("We answer or point the way; nobody is approached.")), []),
        (Preset(_("Complaint"), _("Somebody was treated badly by a body or a company.")), []),
        (Preset(_("Letter of support"), _("The person asks for a letter or a reference.")), []),
        (Preset(_("View on an issue"), _("An opinion that is owed an answer.")), []),
        (Preset(_("Visit or tour"), _("Tickets, tours, school visits.")), []),
    ],
    "constituency": [
        (
            Preset(_("National government"), _("A department or agency of the country.")),
            [_("Benefits and pensions"), _("Immigration and visas"), _("Passports"), _("Tax"), _("Veterans")],
        ),
        (
            Preset(_("Regional or state government"), _("A department or agency of the region.")),
            [_("Health"), _("Transport"), _("Licences"), _("Unemployment")],
        ),
        (
            Preset(_("Local government"), _("A council, a district, a school board.")),
            [_("Housing"), _("Roads and lights"), _("Rubbish"), _("Schools"), _("Planning")],
        ),
        (Preset(_("Private body"), _("A company, a landlord, a bank.")), [_("Energy and water"), _("Banking")]),
        (Preset(_("Advice"), _("We answer or point the way.")), []),
        (Preset(_("Invitation or visit"), _("An event, a tour, a greeting.")), []),
    ],
    "council": [(Preset(_("Councillor casework"), _("A matter raised by or for a councillor.")), [])],
    "agency": [
        (Preset(_("Housing support")), [_("Eviction"), _("Temporary housing"), _("Keeping a tenancy")]),
        (Preset(_("Adult care referral")), [_("Day care"), _("Care at home"), _("Residential care")]),
        (Preset(_("Family support")), [_("Parenting"), _("Child in need"), _("Domestic abuse")]),
        (Preset(_("Food and essentials")), [_("Food parcel"), _("Clothes and furniture"), _("Energy voucher")]),
        (Preset(_("Money advice")), [_("Debt"), _("Benefit claim"), _("Appeal")]),
        (Preset(_("Health and wellbeing")), [_("Mental health"), _("Addiction"), _("Disability")]),
    ],
    "outreach": [
        (Preset(_("Issue raised"), _("Somebody named a problem at the door.")), []),
        (Preset(_("Question"), _("Somebody wants an answer from the candidate.")), []),
        (Preset(_("Offer of help"), _("Somebody wants to join in.")), []),
    ],
}

# Issue words only: urgency is the priority, sensitivity is the restriction, "transferable" is who we wait for (R4.2).
TAGS: dict[str, list[str]] = {
    "representative": ["damp", "visa-delay", "school-place", "appeal", "deposit", "waiting-list"],
    "constituency": ["visa-delay", "passport", "appeal", "veteran", "refund", "waiting-list"],
    "council": ["pothole", "street-light", "fly-tipping", "damp", "parking", "noise"],
    "agency": ["eviction", "debt", "carer", "interpreter", "food", "respite"],
    "outreach": ["roads", "rents", "policing", "buses", "clean-air", "schools"],
}

TOPICS: dict[str, list[Area]] = {
    "representative": REPRESENTATIVE,
    "constituency": REPRESENTATIVE,
    "council": COUNCIL,
    "agency": AGENCY,
    "outreach": REPRESENTATIVE,
}
