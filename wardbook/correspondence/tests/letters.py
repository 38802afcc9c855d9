"""Letters to an office, made up: copies of campaigns as people send them, and others on the same matters."""

from __future__ import annotations

import random
from typing import NamedTuple

FIRST = (
    "Mair Rhian Alan Dewi Omar Aisha Siân Ewan Niamh Grace Tomos Priya Jakub Ines Hywel Fatima Colin Bethan".split()
)
LAST = (
    "Rees Evans Jones Pugh Haddad Khan O'Brien Morgan Byrne Taylor Davies Patel Nowak Silva Price Ali Clark".split()
)
STREETS = ["Mill Lane", "Heol y Bryn", "Station Road", "Riverside Walk", "Chapel Street", "Stryd Fawr", "The Green"]
TOWNS = ["Glanmor", "Riverside", "Pontnewydd", "Upper Heath", "Castle Ward", "Llanfair"]
GREETINGS = ["Dear Jane Smith MP,", "Dear Ms Smith", "Dear Jane,", "Dear Member of Parliament,", "Annwyl Jane Smith,"]
GREETINGS += ["Hello Jane", "Dear Sir or Madam,", "To whom it may concern,", "Hi,", "Good morning Ms Smith,", ""]
FAREWELLS = [
    "Yours sincerely,",
    "Kind regards",
    "Yours faithfully",
    "Best wishes,",
    "Many thanks,",
    "Cofion cynnes,",
    "",
]
PROGRAMS = ["Sent from my iPhone", "Sent from Outlook for Android", "Get Outlook for iOS", "Sent from my Galaxy", ""]

MATTERS = {
    "housing": {
        "thing": "the Renters Bill|social housing|the leasehold rules|the planning reform|the homelessness act",
        "harm": "families are left in damp rooms|rents rise faster than wages|tenants are put out without a reason"
        "|young people cannot leave home|service charges double in a year|blocks stay unsafe for years",
        "group": "tenants|leaseholders|young families|people in temporary rooms|renters with pets|park home owners",
        "remedy": "build more council homes|end evictions without a reason|cap the rise of rents"
        "|inspect every rented home"
        "|fund repairs before demolition|give councils the power to buy land",
        "own": "The ceiling of my bathroom came down|My landlord wants us out by June"
        "|The council lost our application"
        "|Our lift has been broken for five weeks|There is black mould over the cot",
    },
    "tax": {
        "thing": "the Finance Bill|business rates|the tax on pensions|council tax bands|the fuel duty",
        "harm": "small shops close one after another|savers pay twice on the same money|carers lose what they earned"
        "|farms are sold to pay the bill|workers on low pay carry the load|pensioners fill in forms for pennies",
        "group": "shopkeepers|pensioners|carers|self-employed people|family farms|people on low pay",
        "remedy": "raise the allowance with prices|close the loopholes of large firms"
        "|review the bands after thirty years"
        "|publish what each relief costs|simplify the forms for small firms|tax wealth as work is taxed",
        "own": "I was charged for a year I did not live there|My code was changed without a letter"
        "|The refund never came"
        "|They took the money from my wages twice|My appeal has lain there since autumn",
    },
    "hospital": {
        "thing": "the Health and Care Bill|the plan for the county hospital|the ambulance service|dental care"
        "|the maternity ward",
        "harm": "patients wait on trolleys overnight|nurses leave for other work"
        "|mothers travel forty miles to give birth"
        "|people pull out their own teeth|ambulances queue outside the door|operations are called off on the day",
        "group": "patients|nurses|new mothers|people with long illnesses|paramedics|rural villages",
        "remedy": "keep the emergency ward open at night|train more dentists in the county"
        "|pay nurses what they are worth"
        "|publish waiting times every week|fund beds in the community|bring back the free bus to the hospital",
        "own": "My husband waited nine hours for an ambulance|My operation was called off three times"
        "|The clinic says I am not on any list|My mother was sent home at night in a gown"
        "|Nobody reads the scan of my knee",
    },
    "climate": {
        "thing": "the Energy Bill|the new oil field|the bus services act|the river pollution rules"
        "|the insulation scheme",
        "harm": "sewage runs into our rivers|homes leak the heat they pay for|villages lose their only bus"
        "|floods come every second winter|children breathe bad air at school|bills rise while profits soar",
        "group": "swimmers|anglers|villages|bill payers|schools|people by the river",
        "remedy": "insulate the coldest homes first|stop new licences for oil|fine the water firms for each spill"
        "|put solar panels on every school|run a bus an hour to each village|plant along the upper river",
        "own": "Our kitchen flooded again last week|The bus to my work was withdrawn|My meter shows twice what I used"
        "|The grant was approved and never paid|The fitters left a hole in our wall",
    },
}

PLEAS = [
    "I am asking you to speak up about {thing} because {harm}.",
    "When {thing} comes before the House, will you stand with {group} and vote to {remedy}?",
    "It cannot be right that {harm} while ministers tell us there is no money to {remedy}.",
    "Across the country {group} are saying the same: {remedy}, and do it before the winter.",
    "A report this spring found that {harm}, and that the cost to {group} grows by the month.",
    "The government promised to {remedy} three years ago, yet {harm} all the same.",
    "No other country in Europe treats {group} so badly when it comes to {thing}.",
    "I would like to know whether you have written to the minister about {thing}, and what the answer was.",
    "Experts who looked into {thing} agree that the first step is to {remedy}.",
    "For {group} this is not politics but daily life, for {harm} again and again.",
    "Please sign the early day motion which calls on the government to {remedy}.",
    "If nothing is done about {thing}, then {harm}, and it is {group} who will pay.",
    "The consultation on {thing} closes soon, and the voices of {group} must be heard in it.",
    "Will you meet {group} from our area and hear what {thing} means to them?",
    "Other parties have already said they would {remedy}; where do you stand?",
    "We all remember what happened when the last reform of {thing} was rushed through at night.",
    "Each year of delay means that {harm}, which no amount of warm words will mend.",
    "A debate on {thing} is the moment to show that {group} count for something.",
]
WHO = """My sister|The man from the council|Our doctor|My eldest boy|The lady at the desk|A driver
|My late husband's firm
|The agent|Somebody called Kevin|My grandmother|The school|An officer in a blue van|The bank
|Our upstairs neighbour|The insurer
|My carer|The other tenant|A nurse named Joy|The surveyor|My former wife|Their computer|The young clerk
|My business partner
|The caretaker""".replace("\n", "").split("|")
DID = """lost the form that we had filled in by hand|told me to come back with another paper
|sent a bill for nine hundred pounds
|hung up when I asked for a name|says I owe them for a house I never saw|changed the locks while I was out shopping
|put my letter on the wrong pile|has been off sick and nobody took over|wants proof of where I slept
|came to measure the wall and never wrote|gave my place to another family|crossed out the date and wrote a new one
|stopped the payments without any warning|promised a visit and did not turn up|took two teeth out by mistake
|asked for my passport and kept it|said the rules are the rules and shrugged
|left the gate open so that the dog ran off
|could not find me in the system at all|read the wrong name out in the waiting room
|made my mother cry in front of everyone
|wrote that my complaint is closed|moved my hearing to another town|spelt my street wrong on every page""".replace(
    "\n", ""
).split("|")
WHEN = """the week before Easter|on the day of the funeral|twice since Christmas|as soon as the snow had gone
|when I was in bed with flu
|at ten past five, just after closing|on a Sunday of all days|before my shift began|although I had rung ahead
|while the children watched|the very next morning|for the third time running|without so much as a sorry
|after I had paid in full
|during my lunch hour|late on Friday night|once the trial period was over|in the middle of my exams
|two days after the birth
|although the judge said otherwise|with the meter still running|as if I were a thief
|just when I thought it was settled
|because of a missing signature""".replace("\n", "").split("|")
SHORT = [
    "Please help me with my {matter}. Thank you for your time.",
    "I hope this finds you well. Can you ring me about {matter}? Many thanks in advance.",
    "Who do I speak to about {matter}?\n\nI look forward to hearing from you.",
    "Still waiting to hear about {matter}. Please let me know as soon as possible.",
    "Thank you so much for your help with {matter}. I would be grateful for any advice.",
]


class Letter(NamedTuple):
    """A mail's text, the campaign it is a copy of if any, and whether its sender wrote something of their own."""

    text: str
    campaign: int | None
    own: bool = False


class Letters:
    """Makes letters; the same ones for the same seed."""

    def __init__(self, seed: int = 7) -> None:
        self.random = random.Random(seed)

    def filled(self, pattern: str, matter: str) -> str:
        words = {name: self.random.choice(choices.split("|")) for name, choices in MATTERS[matter].items()}
        return pattern.format(matter=matter, **words)

    def campaigns(self, count: int) -> list[list[str]]:
        """The paragraphs of `count` campaigns, several of them on each matter."""
        matters = list(MATTERS)
        return [self.campaign(matters[n % len(matters)]) for n in range(count)]

    def campaign(self, matter: str) -> list[str]:
        sentences = [self.filled(plea, matter) for plea in self.random.sample(PLEAS, self.random.randint(7, 11))]
        cuts = sorted(self.random.sample(range(2, len(sentences) - 1), 2))
        return [" ".join(sentences[a:b]) for a, b in zip([0, *cuts], [*cuts, len(sentences)], strict=True)]

    def copy(self, paragraphs: list[str], number: int, matter: str) -> Letter:
        """A copy as somebody sends it: merged, sometimes reordered, quoted, wrapped, with words of their own."""
        chance = self.random.random
        paragraphs = list(paragraphs)
        if chance() < 0.15:
            self.random.shuffle(paragraphs)
        if chance() < 0.15:
            at = self.random.randrange(len(paragraphs))
            words = paragraphs[at].split()
            words[self.random.randrange(len(words))] = self.random.choice(["really", "truly", "surely"])
            paragraphs[at] = " ".join(words)
        if chance() < 0.2:
            paragraphs[0] = f"As a constituent in {self.random.choice(TOWNS)}, " + paragraphs[0]
        if chance() < 0.1:
            sentences = paragraphs[-1].split(". ")
            paragraphs[-1] = ". ".join(sentences[:-1]) + "." if len(sentences) > 1 else paragraphs[-1]
        own = chance() < 0.1
        if own:
            paragraphs.insert(self.random.randint(0, len(paragraphs)), self.story(self.random.randint(1, 4), matter))
        return Letter(self.sent(paragraphs), number, own)

    def own_letter(self, matter: str) -> Letter:
        """A letter that nobody else sends, on a matter that campaigns are about too."""
        pleas = [self.filled(line, matter) for line in self.random.sample(PLEAS, self.random.randint(0, 2))]
        paragraphs = [
            self.story(self.random.randint(2, 4), matter),
            *pleas,
            self.story(self.random.randint(1, 4), matter),
        ]
        return Letter(self.sent(paragraphs), None, own=True)

    def story(self, sentences: int, matter: str) -> str:
        """What happened to one person."""
        choose = self.random.choice
        began = choose(MATTERS[matter]["own"].split("|"))
        rest = [f"{choose(WHO)} {choose(DID)} {choose(WHEN)}." for _ in range(sentences - 1)]
        return " ".join([f"{began} {choose(WHEN)}.", *rest])

    def short_letter(self, matter: str) -> Letter:
        return Letter(self.sent([self.filled(self.random.choice(SHORT), matter)]), None, own=True)

    def sent(self, paragraphs: list[str]) -> str:
        """The paragraphs in an envelope: greeting, farewell, name, address, what programs add, how lines break."""
        choose, chance = self.random.choice, self.random.random
        name, place = f"{choose(FIRST)} {choose(LAST)}", f"{self.random.randint(1, 90)} {choose(STREETS)}"
        code = f"GM{self.random.randint(1, 9)} {self.random.randint(1, 9)}{choose('ABD')}{choose('EFG')}"
        address = [place, choose(TOWNS), code] if chance() < 0.7 else []
        above = [*address, f"{self.random.randint(1, 28)} June 2025"] if chance() < 0.1 else []
        if chance() < 0.3:
            paragraphs = [*paragraphs, "I look forward to hearing from you."]
        if chance() < 0.2:
            paragraphs = [f"My name is {name} and I live at {place}, {code}.", *paragraphs]
        if chance() < 0.2:
            paragraphs = [part.replace(". ", ".  ").replace("the ", "*the* ", 1) for part in paragraphs]
        body = "\n\n".join(paragraphs)
        if chance() < 0.3:
            body = "\n".join(wrapped(line) for line in body.split("\n"))
        end = [choose(FAREWELLS), "", name, *address, choose(PROGRAMS)]
        text = "\n".join([*above, choose(GREETINGS), "", body, "", *end])
        if chance() < 0.1:
            text += f"\n\nOn Mon, 2 Jun 2025 at 10:12, {choose(FIRST)} <news@campaign.example> wrote:"
            text += "\n> Will you write too?\n> Now."
        return text


def wrapped(line: str, width: int = 72) -> str:
    out, at = [], 0
    for word in line.split(" "):
        if at + len(word) > width:
            out.append("\n")
            at = 0
        elif out:
            out.append(" ")
        out.append(word)
        at += len(word) + 1
    return "".join(out)


def postbag(campaigns: int = 20, copies: int = 300, others: int = 4_000, seed: int = 7) -> list[Letter]:
    """A bad week: copies of campaigns among letters of their own, in no order."""
    letters = Letters(seed)
    matters = list(MATTERS)
    bag = [
        letters.copy(paragraphs, number, matters[number % len(matters)])
        for number, paragraphs in enumerate(letters.campaigns(campaigns))
        for _ in range(copies)
    ]
    bag += [letters.own_letter(letters.random.choice(matters)) for _ in range(others * 3 // 4)]
    bag += [letters.short_letter(letters.random.choice(matters)) for _ in range(others - others * 3 // 4)]
    letters.random.shuffle(bag)
    return bag
