"""What a social services agency helps with."""

from django.utils.translation import gettext_lazy as _

from wardbook.vocabulary.topics.shape import Area, Topic

AGENCY: list[Area] = [
    Area(
        _("Housing"),
        _("A home, and keeping it."),
        [
            Topic(_("Eviction")),
            Topic(_("Temporary housing")),
            Topic(_("Repairs and damp")),
            Topic(_("Moving on")),
        ],
    ),
    Area(
        _("Money and debt"),
        _("Making ends meet."),
        [
            Topic(_("Debt")),
            Topic(_("Budgeting")),
            Topic(_("Emergency grant")),
        ],
    ),
    Area(
        _("Benefits"),
        _("Claims and appeals."),
        [
            Topic(_("New claim")),
            Topic(_("Appeal")),
            Topic(_("Sanction")),
        ],
    ),
    Area(
        _("Food and essentials"),
        _("What is needed today."),
        [
            Topic(_("Food parcel")),
            Topic(_("Clothes and furniture")),
            Topic(_("Energy voucher")),
        ],
    ),
    Area(
        _("Older people"),
        _("Living well when old."),
        [
            Topic(_("Care at home")),
            Topic(_("Day care")),
            Topic(_("Loneliness")),
        ],
    ),
    Area(
        _("Disability"),
        _("Support and equipment."),
        [
            Topic(_("Equipment")),
            Topic(_("Support worker")),
            Topic(_("Transport")),
        ],
    ),
    Area(
        _("Mental health"),
        _("Crisis and recovery."),
        [
            Topic(_("Crisis")),
            Topic(_("Counselling")),
            Topic(_("Group support")),
        ],
    ),
    Area(
        _("Physical health"),
        _("Reaching treatment."),
        [
            Topic(_("GPs and dentists")),
            Topic(_("Hospital discharge")),
            Topic(_("Health visitor")),
        ],
    ),
    Area(
        _("Children"),
        _("Safety and growth."),
        [
            Topic(_("Child in need")),
            Topic(_("Fostering")),
            Topic(_("Play and early years")),
        ],
    ),
    Area(
        _("Families"),
        _("Parents and relatives."),
        [
            Topic(_("Parenting")),
            Topic(_("Separation")),
            Topic(_("Kinship care")),
        ],
    ),
    Area(
        _("Domestic abuse"),
        _("Getting safe, staying safe."),
        [
            Topic(_("Refuge")),
            Topic(_("Legal protection")),
            Topic(_("Support after")),
        ],
    ),
    Area(
        _("Addiction"),
        _("Alcohol, drugs, gambling."),
        [
            Topic(_("Alcohol")),
            Topic(_("Drugs")),
            Topic(_("Gambling")),
        ],
    ),
    Area(
        _("Education and skills"),
        _("School, college, learning."),
        [
            Topic(_("School")),
            Topic(_("College and training")),
            Topic(_("Language classes")),
        ],
    ),
    Area(
        _("Work"),
        _("Finding and keeping a job."),
        [
            Topic(_("Looking for work")),
            Topic(_("Rights at work")),
            Topic(_("Volunteering")),
        ],
    ),
    Area(
        _("Migration"),
        _("New here."),
        [
            Topic(_("Asylum")),
            Topic(_("Status and papers")),
            Topic(_("Interpreting")),
        ],
    ),
    Area(
        _("Justice"),
        _("Courts, prison, after prison."),
        [
            Topic(_("Court")),
            Topic(_("Resettlement")),
            Topic(_("Victim support")),
        ],
    ),
]
