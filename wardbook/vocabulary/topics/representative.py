"""What people bring to a representative: broad areas, as in S4.9, with their categories."""

from django.utils.translation import gettext_lazy as _

from wardbook.vocabulary.topics.shape import Area, Topic

REPRESENTATIVE: list[Area] = [
    Area(
        _("Housing"),
        _("A home, its state, its price or the lack of one."),
        [
            Topic(_("Repairs and damp")),
            Topic(_("Homelessness")),
            Topic(_("Council tenancy")),
            Topic(_("Private renting")),
            Topic(_("Housing register")),
            Topic(_("Housing associations")),
            Topic(_("Leasehold and service charges")),
            Topic(_("Adaptations")),
        ],
    ),
    Area(
        _("Health"),
        _("Treatment and those who give it."),
        [
            Topic(_("Hospital treatment and waiting")),
            Topic(_("GPs and dentists")),
            Topic(_("Mental health")),
            Topic(_("Medicines")),
            Topic(_("Ambulances")),
            Topic(_("Complaint about care")),
        ],
    ),
    Area(
        _("Social care"),
        _("Help with daily life, at home or in a home."),
        [
            Topic(_("Care at home")),
            Topic(_("Care homes")),
            Topic(_("Carers")),
            Topic(_("Blue badges and equipment")),
            Topic(_("Charges for care")),
        ],
    ),
    Area(
        _("Benefits"),
        _("Payments for people of working age, and disability benefits."),
        [
            Topic(_("Universal Credit")),
            Topic(_("Disability benefits")),
            Topic(_("Housing costs")),
            Topic(_("Carer's benefits")),
            Topic(_("Overpayment")),
            Topic(_("Appeals and tribunals")),
        ],
    ),
    Area(
        _("Pensions"),
        _("State and other pensions."),
        [
            Topic(_("State pension")),
            Topic(_("Pension credit")),
            Topic(_("Pension age")),
            Topic(_("Workplace and private pensions")),
        ],
    ),
    Area(
        _("Immigration"),
        _("Coming here, staying here, belonging here."),
        [
            Topic(_("Visas")),
            Topic(_("Asylum")),
            Topic(_("Leave to remain")),
            Topic(_("Citizenship")),
            Topic(_("Family reunion")),
            Topic(_("Detention and removal")),
        ],
    ),
    Area(
        _("Passports and documents"),
        _("Papers from a public office."),
        [
            Topic(_("Passports")),
            Topic(_("Driving licences")),
            Topic(_("Birth, death and marriage papers")),
        ],
    ),
    Area(
        _("Tax"),
        _("What is owed to the state or back from it."),
        [
            Topic(_("Income tax")),
            Topic(_("Tax credits and child benefit")),
            Topic(_("Business taxes")),
            Topic(_("Refunds")),
        ],
    ),
    Area(
        _("Council tax and charges"),
        _("What is paid to the council."),
        [
            Topic(_("Banding")),
            Topic(_("Discounts and support")),
            Topic(_("Arrears and bailiffs")),
            Topic(_("Business rates")),
        ],
    ),
    Area(
        _("Education"),
        _("Schools, colleges, universities."),
        [
            Topic(_("School places")),
            Topic(_("School transport")),
            Topic(_("Special educational needs")),
            Topic(_("Exclusions")),
            Topic(_("Student finance")),
            Topic(_("Colleges and skills")),
        ],
    ),
    Area(
        _("Children and families"),
        _("Children's services and duties of parents."),
        [
            Topic(_("Child maintenance")),
            Topic(_("Children's services")),
            Topic(_("Childcare")),
            Topic(_("Adoption and fostering")),
            Topic(_("Family courts")),
        ],
    ),
    Area(
        _("Roads and parking"),
        _("Streets, pavements and what stands on them."),
        [
            Topic(_("Potholes and surfaces")),
            Topic(_("Parking")),
            Topic(_("Speed and safety")),
            Topic(_("Street lights")),
            Topic(_("Works and closures")),
        ],
    ),
    Area(
        _("Public transport"),
        _("Trains, buses, ferries, flights."),
        [
            Topic(_("Buses")),
            Topic(_("Trains")),
            Topic(_("Air travel")),
            Topic(_("Access and passes")),
        ],
    ),
    Area(
        _("Planning and building"),
        _("What may be built where."),
        [
            Topic(_("Planning applications")),
            Topic(_("Enforcement")),
            Topic(_("Building safety")),
            Topic(_("Local plan")),
        ],
    ),
    Area(
        _("Environment"),
        _("Air, water, waste and nature."),
        [
            Topic(_("Rubbish and recycling")),
            Topic(_("Fly-tipping and litter")),
            Topic(_("Flooding")),
            Topic(_("Pollution and sewage")),
            Topic(_("Climate")),
            Topic(_("Parks and trees")),
        ],
    ),
    Area(
        _("Crime and policing"),
        _("Safety and those who keep it."),
        [
            Topic(_("Antisocial behaviour")),
            Topic(_("Burglary and theft")),
            Topic(_("Domestic abuse")),
            Topic(_("Fraud")),
            Topic(_("Complaint about the police")),
        ],
    ),
    Area(
        _("Justice"),
        _("Courts, prisons, the law."),
        [
            Topic(_("Courts")),
            Topic(_("Prisons and probation")),
            Topic(_("Legal aid")),
            Topic(_("Compensation")),
        ],
    ),
    Area(
        _("Work and business"),
        _("Jobs, employers, trade."),
        [
            Topic(_("Rights at work")),
            Topic(_("Looking for work")),
            Topic(_("Small businesses")),
            Topic(_("Licensing")),
        ],
    ),
    Area(
        _("Energy and water"),
        _("What comes into the house by pipe or wire."),
        [
            Topic(_("Energy bills")),
            Topic(_("Prepayment meters")),
            Topic(_("Water")),
            Topic(_("Connections and outages")),
        ],
    ),
    Area(
        _("Phones, post and banking"),
        _("Services everybody needs."),
        [
            Topic(_("Broadband and mobile")),
            Topic(_("Post")),
            Topic(_("Banks and cash")),
            Topic(_("Scams")),
        ],
    ),
    Area(
        _("Armed forces and veterans"),
        _("Those who serve or served."),
        [
            Topic(_("Veterans")),
            Topic(_("Serving personnel")),
            Topic(_("Pensions and compensation")),
        ],
    ),
    Area(
        _("Foreign affairs"),
        _("Other countries, and our people in them."),
        [
            Topic(_("Help abroad")),
            Topic(_("Conflicts")),
            Topic(_("Human rights")),
            Topic(_("Aid")),
        ],
    ),
    Area(
        _("Animals and countryside"),
        _("Farms, pets, wildlife."),
        [
            Topic(_("Animal welfare")),
            Topic(_("Farming")),
            Topic(_("Hunting and wildlife")),
            Topic(_("Footpaths")),
        ],
    ),
    Area(
        _("Democracy and public life"),
        _("How the country is run."),
        [
            Topic(_("Elections")),
            Topic(_("Constitution")),
            Topic(_("Standards in public life")),
            Topic(_("Devolution")),
        ],
    ),
]
