"""What a council does: service areas, categories, and the service types that routing keys on."""

from django.utils.translation import gettext_lazy as _

from wardbook.vocabulary.topics.shape import Area, Topic

COUNCIL: list[Area] = [
    Area(
        _("Highways"),
        _("Carriageways, pavements and what belongs to them."),
        [
            Topic(_("Potholes and surfaces"), [_("Pothole"), _("Broken pavement"), _("Sunken cover")]),
            Topic(_("Street lighting"), [_("Light out"), _("Light on all day"), _("Damaged column")]),
            Topic(_("Drains and flooding"), [_("Blocked gully"), _("Standing water")]),
            Topic(_("Signs and markings"), [_("Sign missing or damaged"), _("Worn markings")]),
            Topic(_("Street works"), [_("Works in progress"), _("Bad reinstatement")]),
        ],
    ),
    Area(
        _("Traffic and parking"),
        _("How traffic moves and stands."),
        [
            Topic(_("Parking"), [_("Illegal parking"), _("Permit"), _("Penalty charge")]),
            Topic(_("Speed and safety"), [_("Speeding"), _("Crossing")]),
            Topic(_("Traffic signals"), [_("Signal fault"), _("Timing")]),
        ],
    ),
    Area(
        _("Housing"),
        _("The council's own homes and duties to the homeless."),
        [
            Topic(_("Repairs and damp"), [_("Damp and mould"), _("Heating or hot water"), _("Other repair")]),
            Topic(_("Tenancy"), [_("Rent and arrears"), _("Transfer")]),
            Topic(_("Homelessness"), [_("At risk"), _("Temporary home")]),
            Topic(_("Housing register"), [_("Application"), _("Banding")]),
            Topic(_("Neighbours"), [_("Noise"), _("Nuisance")]),
        ],
    ),
    Area(
        _("Private housing"),
        _("Landlords, licences, empty homes."),
        [
            Topic(_("Private renting"), [_("Disrepair"), _("Unlawful eviction")]),
            Topic(_("Licensing of houses"), [_("Shared house")]),
            Topic(_("Empty homes"), [_("Report")]),
        ],
    ),
    Area(
        _("Waste"),
        _("Collections and recycling."),
        [
            Topic(_("Bins"), [_("Missed collection"), _("New or broken bin"), _("Assisted collection")]),
            Topic(_("Recycling"), [_("Missed recycling"), _("What goes where")]),
            Topic(_("Bulky waste"), [_("Collection"), _("Charge")]),
            Topic(_("Recycling centres"), [_("Access"), _("Complaint")]),
        ],
    ),
    Area(
        _("Street cleaning"),
        _("Litter and what people leave behind."),
        [
            Topic(_("Fly-tipping"), [_("On public land"), _("On private land")]),
            Topic(_("Litter and sweeping"), [_("Overflowing bin"), _("Sweeping")]),
            Topic(_("Graffiti"), [_("Offensive"), _("Other")]),
            Topic(_("Dead animals"), [_("Removal")]),
        ],
    ),
    Area(
        _("Planning"),
        _("What may be built where."),
        [
            Topic(_("Applications"), [_("Comment"), _("Delay")]),
            Topic(_("Enforcement"), [_("Work without permission"), _("Breach of condition")]),
            Topic(_("Trees and conservation"), [_("Protected tree"), _("Listed building")]),
        ],
    ),
    Area(
        _("Building control"),
        _("Safety of buildings and works."),
        [
            Topic(_("Inspections"), [_("Request"), _("Result")]),
            Topic(_("Dangerous structures"), [_("Report")]),
        ],
    ),
    Area(
        _("Parks"),
        _("Green places and play."),
        [
            Topic(_("Grass and trees"), [_("Overgrown hedge"), _("Tree"), _("Grass")]),
            Topic(_("Play areas"), [_("Damage"), _("Request")]),
            Topic(_("Allotments"), [_("Waiting list"), _("Dispute")]),
            Topic(_("Cemeteries"), [_("Grave care"), _("Burial")]),
        ],
    ),
    Area(
        _("Environmental health"),
        _("Health of people where they live and eat."),
        [
            Topic(_("Noise"), [_("House"), _("Business"), _("Building site")]),
            Topic(_("Pests"), [_("Rats"), _("Insects")]),
            Topic(_("Food safety"), [_("Hygiene"), _("Illness")]),
            Topic(_("Air and smoke"), [_("Bonfire"), _("Business")]),
        ],
    ),
    Area(
        _("Community safety"),
        _("Feeling safe."),
        [
            Topic(_("Antisocial behaviour"), [_("Group"), _("Persistent")]),
            Topic(_("CCTV"), [_("Request")]),
            Topic(_("Dogs"), [_("Stray"), _("Fouling"), _("Dangerous")]),
        ],
    ),
    Area(
        _("Adult social care"),
        _("Help for adults with daily life."),
        [
            Topic(_("Assessment"), [_("Waiting"), _("Result")]),
            Topic(_("Care at home"), [_("Quality"), _("Charge")]),
            Topic(_("Blue badges"), [_("Application"), _("Appeal")]),
        ],
    ),
    Area(
        _("Children and schools"),
        _("Children's services and schools."),
        [
            Topic(_("School places"), [_("Admission"), _("Appeal")]),
            Topic(_("School transport"), [_("Entitlement"), _("Route")]),
            Topic(_("Special educational needs"), [_("Assessment"), _("Provision")]),
            Topic(_("Children's services"), [_("Concern")]),
        ],
    ),
    Area(
        _("Council tax and benefits"),
        _("Bills, discounts, support."),
        [
            Topic(_("Council tax"), [_("Band"), _("Discount"), _("Arrears")]),
            Topic(_("Housing benefit"), [_("Claim"), _("Overpayment")]),
            Topic(_("Hardship"), [_("Application")]),
        ],
    ),
    Area(
        _("Licensing and trading"),
        _("Rules for shops, taxis, events."),
        [
            Topic(_("Licensing"), [_("Premises"), _("Taxi"), _("Event")]),
            Topic(_("Trading standards"), [_("Scam"), _("Unsafe goods")]),
        ],
    ),
    Area(
        _("Leisure and libraries"),
        _("Pools, halls, books."),
        [
            Topic(_("Libraries"), [_("Opening hours"), _("Stock")]),
            Topic(_("Leisure centres"), [_("Facilities"), _("Booking")]),
        ],
    ),
    Area(
        _("Elections and democracy"),
        _("Voting and meetings."),
        [
            Topic(_("Electoral register"), [_("Registration")]),
            Topic(_("Council meetings"), [_("Question"), _("Petition")]),
        ],
    ),
]
