"""What people bring to a member's office, as material for the story."""

from typing import NamedTuple


class Matter(NamedTuple):
    """One sort of case: in whose words, where it belongs, whom we approach, what is noted."""

    words: tuple[str, ...]
    area: str
    category: str
    tags: tuple[str, ...] = ()
    agency: str = ""
    notes: str = ""
    weight: int = 3
    kind: str = "casework"


HOUSING, COUNCIL, BENEFITS, HOME = "Housing Services", "Highways", "Benefits Office", "Home Office"

MATTERS: tuple[Matter, ...] = (
    Matter(
        ("Leak under the bath not mended", "Boiler broken for three weeks"),
        "Housing",
        "Repairs and damp",
        ("repairs",),
        HOUSING,
        "Reported twice, no answer. Two small children.",
        6,
    ),
    Matter(
        ("Lift out of order since August", "Front door does not lock"),
        "Housing",
        "Council tenancy",
        ("repairs",),
        HOUSING,
        "Lives on the fourth floor and uses a stick.",
        4,
    ),
    Matter(
        ("Five people in two rooms", "Moved down the list without a reason"),
        "Housing",
        "Housing register",
        ("waiting-list",),
        HOUSING,
        "Band B since last year.",
        5,
    ),
    Matter(
        ("Notice to leave by the end of the month", "Sleeping in the car"),
        "Housing",
        "Homelessness",
        ("homelessness",),
        HOUSING,
        "Letter from the landlord seen.",
        4,
    ),
    Matter(
        ("Payment stopped without a letter", "Waits for the first payment"),
        "Benefits",
        "Universal Credit",
        ("universal-credit",),
        BENEFITS,
        "Cannot use the online journal.",
        7,
    ),
    Matter(
        ("Refused after the assessment", "Appeal date moved twice"),
        "Benefits",
        "Disability benefits",
        ("appeal",),
        BENEFITS,
        "Mandatory reconsideration was asked for.",
        5,
    ),
    Matter(
        ("Asked to pay back four years",),
        "Benefits",
        "Overpayment",
        ("appeal",),
        BENEFITS,
        "Has every letter in a folder.",
        2,
    ),
    Matter(
        ("Blue badge refused", "Stairlift promised and not fitted"),
        "Social care",
        "Blue badges and equipment",
        (),
        "Health Board",
        "Cannot walk to the shop.",
        3,
    ),
    Matter(
        ("Visa delay", "Visitor visa for the wedding", "Job offer ends before the visa comes"),
        "Immigration",
        "Visas",
        ("visa-delay",),
        HOME,
        "Biometrics done in March.",
        4,
    ),
    Matter(
        ("Settled status not recognised", "No decision for two years"),
        "Immigration",
        "Leave to remain",
        (),
        HOME,
        "A solicitor is acting too.",
        4,
    ),
    Matter(("Passport held since spring",), "Passports and documents", "Passports", (), HOME, "Flight is booked.", 2),
    Matter(
        ("Eighteen months for a hip operation", "Letter about the scan never came"),
        "Health",
        "Hospital treatment and waiting",
        ("waiting-times",),
        "Health Board",
        "Would travel for an earlier date.",
        6,
    ),
    Matter(
        ("Dentist closed its list", "No appointment for a month"),
        "Health",
        "GPs and dentists",
        ("waiting-times",),
        "Health Board",
        "The nearest other one is forty miles away.",
        4,
    ),
    Matter(
        ("Pothole outside the school", "Pavement lifted by roots"),
        "Roads and parking",
        "Potholes and surfaces",
        ("potholes",),
        COUNCIL,
        "A child fell from a bicycle there.",
        5,
    ),
    Matter(
        ("Cars parked across the ramp", "Permit zone stops at our door"),
        "Roads and parking",
        "Parking",
        ("parking",),
        COUNCIL,
        "Worst on match days.",
        4,
    ),
    Matter(
        ("Bus cut on Sundays", "Last bus leaves before the shift ends"),
        "Public transport",
        "Buses",
        ("buses",),
        COUNCIL,
        "Neighbours agree.",
        3,
    ),
    Matter(
        ("Support plan not followed",),
        "Education",
        "Special educational needs",
        (),
        "Education Authority",
        "Meeting with the school on Thursday.",
        3,
    ),
    Matter(
        ("No transport to the new school",),
        "Education",
        "School transport",
        (),
        "Education Authority",
        "Sister goes to the same school.",
        2,
    ),
    Matter(
        ("Rubbish behind the shops", "Mattresses in the lane"),
        "Environment",
        "Fly-tipping and litter",
        ("fly-tipping",),
        "Environmental Health",
        "Has photographs.",
        3,
    ),
    Matter(
        ("Sewage on the beach after rain",),
        "Environment",
        "Pollution and sewage",
        ("sewage",),
        "Water company",
        "Swims there every week.",
        2,
    ),
    Matter(
        ("Discount removed after a visitor stayed", "Band higher than next door"),
        "Council tax and charges",
        "Banding",
        ("council-tax",),
        "Council Tax Office",
        "The same flats next door are in band B.",
        3,
    ),
    Matter(
        ("Noise from the yard at night",),
        "Crime and policing",
        "Antisocial behaviour",
        (),
        "Environmental Health",
        "Diary of dates kept.",
        3,
    ),
    Matter(
        ("Forecast is wrong by two years",),
        "Pensions",
        "State pension",
        (),
        "Pensions Service",
        "Lived abroad for two years.",
        2,
    ),
    Matter(
        ("Against the new bypass", "For the new bypass"),
        "Planning and building",
        "Local plan",
        ("bypass",),
        "",
        "Asked for the member's position.",
        4,
        "policy",
    ),
    Matter(
        ("Please support the Animals Bill", "Do more about the rivers"),
        "Environment",
        "Climate",
        (),
        "",
        "",
        3,
        "policy",
    ),
)

DAMP = Matter(
    (
        "Damp in the bedroom",
        "Black mould in the children's room",
        "Water comes through the wall",
        "Mould behind the cot",
    ),
    "Housing",
    "Repairs and damp",
    ("damp",),
    HOUSING,
    "The landlord says that it is condensation.",
)
SCHOOL_PLACE = Matter(
    ("No school place for September", "Brother and sister in two schools", "Appeal for a school place"),
    "Education",
    "School places",
    ("school-place",),
    "Education Authority",
    "All three choices were refused.",
)
VISA = Matter(
    ("Visa delay", "Spouse visa not decided", "Visa decision overdue"),
    "Immigration",
    "Visas",
    ("visa-delay",),
    HOME,
    "Rings the helpline every week.",
)

AGENCIES: dict[str, tuple[str, str, int]] = {
    "Housing Services": ("01632 960 500", "housing@example.net", 10),
    "Highways": ("01632 960 501", "highways@example.net", 8),
    "Home Office": ("01632 960 502", "correspondence@example.net", 20),
    "Benefits Office": ("01632 960 503", "benefits@example.net", 12),
    "Health Board": ("01632 960 504", "concerns@example.net", 20),
    "Education Authority": ("01632 960 505", "schools@example.net", 10),
    "Environmental Health": ("01632 960 506", "environment@example.net", 10),
    "Council Tax Office": ("01632 960 507", "counciltax@example.net", 15),
    "Pensions Service": ("01632 960 508", "pensions@example.net", 15),
    "Water company": ("01632 960 509", "water@example.net", 10),
}

CALLS = (
    ("Rang to ask how it stands", "Told that we wait for an answer."),
    ("Rang back", "No answer, left a message."),
    ("Gave the reference of an earlier letter", "Noted."),
    ("Asked for a surgery appointment", "Offered Friday."),
)
CHASES = ("Chase {agency}", "Ask {agency} for a date", "Ring {agency}")
TELL = ("Tell the constituent what we heard", "Ring with the news")
INTERNAL_NOTES = (
    "Careful on the phone, hard of hearing.",
    "Same story as the case two doors down.",
    "Do we have a contact there?",
    "Very upset. Keep it short and kind.",
    "They say that they never had the form.",
)
ANSWERS = (
    "They will look into it within ten working days.",
    "They ask for the date of the first report.",
    "It is with another department now.",
    "An inspection is booked.",
)
OUTCOMES: dict[str, tuple[int, tuple[str, ...]]] = {
    "resolved": (10, ("Paid in full.", "Mended on the second visit.", "Place given.", "Confirmed in writing.")),
    "partly": (3, ("Half of the claim was accepted.", "Repaired, but no redress.")),
    "unresolved": (2, ("The decision stands.",)),
    "advice": (4, ("Told how to appeal and by when.", "Told whom to ask.")),
    "passed": (2, ("Lives outside the area; passed to their own member.",)),
    "withdrawn": (1, ("Does not want us to go on.",)),
}
ENQUIRIES = (
    ("Opening hours of the tax office", "Told."),
    ("How to vote by post", "Sent to the electoral office."),
    ("Who mends the bus shelter", "Gave the number of Highways."),
    ("A tour for a school class", "Sent the form."),
)
