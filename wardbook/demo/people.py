"""Names, streets and numbers that belong to nobody. Telephone numbers are from the ranges kept for drama,
addresses are example.org and example.net, the postcodes GM1 to GM6 belong to no real place."""

import random
from typing import NamedTuple

WARDS = ("Riverside", "Castle", "Harbour", "Mill", "St Teilo", "Upper Glanmor")

STREETS: dict[str, tuple[str, ...]] = {
    "Riverside": ("Mill Lane", "Riverside Walk", "Weir Street", "Otter Court", "Willow Terrace", "Ferry Road"),
    "Castle": ("Castle Street", "Gate Row", "Bastion Hill", "Church Street", "Bell Yard"),
    "Harbour": ("Harbour Row", "Quay Street", "Anchor Close", "Chandler's Way", "Lighthouse Road"),
    "Mill": ("Weaver's Court", "Spindle Road", "Fuller Street", "Wheel Lane", "Loom Terrace"),
    "St Teilo": ("St Teilo Road", "Chapel Lane", "Vicarage Gardens", "Bryn Terrace", "Heol y Capel"),
    "Upper Glanmor": ("Upper Road", "Heather Rise", "Quarry View", "Reservoir Lane", "Maes y Bryn"),
}

_GIVEN = """
Aled Alice Amina Anwen Bethan Bronwen Catrin Ceri Chloe Daniel David Delyth Dilys Dylan Eirlys Elin Emma Emrys
Fatima Ffion Frank Gareth George Gethin Grace Gwen Gwyn Hannah Hari Helen Huw Iestyn Ioan Iwan Jack Jamal James
Jean Joan John Joseph Julie Karen Katarzyna Kelly Kofi Leah Lewis Liam Llinos Lowri Lucy Maria Marged Mark Mary
Megan Meinir Michael Mohammed Nadia Nerys Nia Noor Oliver Olga Olwen Owain Patrick Paul Peter Piotr Priya Rachel
Ravi Rhodri Robert Rosa Ruth Ryan Sara Sian Sioned Sofia Stephen Steffan Susan Tariq Teresa Thomas Tomos Vera
Victoria Wyn Yusuf Zofia
""".split()

_FAMILY = """
Adams Ahmed Ali Allen Baker Begum Bell Bennett Bevan Bowen Brown Campbell Carter Chen Clark Collins Cooper Cox
Davies Edwards Ellis Evans Fisher Flynn Francis George Gibbs Green Griffiths Hall Harris Hassan Hopkins Howells
Hughes Humphreys Hussain Iqbal James Jenkins John Jones Kaur Kelly Khan King Kowalski Lane Lee Lloyd Llewellyn
Malik Martin Mason Matthews Meredith Miller Mohamed Moore Morgan Morris Murphy Nguyen Nowak Owen Parry Patel
Perkins Phillips Powell Price Probert Prosser Pugh Rahman Rees Reynolds Richards Roberts Robinson Rogers
Rowlands Russell Samuel Scott Shah Singh Smith Stephens Taylor Thomas Turner Vaughan Walker Walters Watkins
Watts White Williams Wilson Wood Wright Yeo Young
""".split()

_TITLES = ("Mr", "Mrs", "Ms", "Miss", "Dr", "")


class Person(NamedTuple):
    """One invented person."""

    title: str
    given: str
    family: str
    house: int
    street: str
    ward: str
    postcode: str
    phone: str
    email: str
    language: str


def postcode(ward: str, rng: random.Random) -> str:
    """A postcode of a ward: GM1 for the first, GM6 for the last."""
    return f"GM{WARDS.index(ward) + 1} {rng.randint(1, 9)}{rng.choice('ABDEFGH')}{rng.choice('ABDEFGHJLN')}"


def crowd(count: int, rng: random.Random) -> list[Person]:
    """As many different people as asked for, the same for the same generator. Some share an address."""
    people: list[Person] = []
    names: set[tuple[str, str]] = set()
    while len(people) < count:
        given, family = rng.choice(_GIVEN), rng.choice(_FAMILY)
        # Names that the story uses for somebody must stay theirs.
        if (given, family) in names and count < len(_GIVEN) * len(_FAMILY) // 2:
            continue
        names.add((given, family))
        number = len(people)
        lives_with = people[-1] if people and rng.random() < 0.18 else None
        ward = lives_with.ward if lives_with else rng.choice(WARDS)
        mobile = rng.random() < 0.6
        people.append(
            Person(
                title=rng.choice(_TITLES),
                given=given,
                family=lives_with.family if lives_with and rng.random() < 0.7 else family,
                house=lives_with.house if lives_with else rng.randint(1, 160),
                street=lives_with.street if lives_with else rng.choice(STREETS[ward]),
                ward=ward,
                postcode=lives_with.postcode if lives_with else postcode(ward, rng),
                phone=f"07700 900 {number % 1000:03d}" if mobile else f"01632 960 {(number + 200) % 1000:03d}",
                email=f"{given}.{family}{number}@example.org".lower() if rng.random() < 0.75 else "",
                language="cy" if rng.random() < 0.14 else "en-gb",
            )
        )
    return people
