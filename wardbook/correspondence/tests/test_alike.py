"""Campaigns: copies of one letter are found, letters of one's own are not, and own words are seen (IN-17, EM-9)."""

from collections import Counter
from time import process_time

import pytest

from wardbook.correspondence.alike import (
    Index,
    Kind,
    bands,
    differences,
    essence,
    group,
    likeness,
    own_words,
    shared,
    signature,
    wrote_something_of_their_own,
)
from wardbook.correspondence.tests.letters import Letters, postbag

pytestmark = pytest.mark.any_engine

LETTER = """Dear Jane Smith MP,

I am writing to ask you to vote against the Pension Age Bill on Tuesday. The plan would raise the age at which people
can retire and hurts those who work with their hands the most. Many of us have paid in all our lives and planned on a
promise that is now broken.

Please speak in the debate and tell the minister that this is not fair. Will you support the amendment?

I look forward to hearing from you.

Yours sincerely,
Alan Jones
12 Mill Lane
Glanmor
GM1 4AB
"""
BODY = LETTER.split("\n\n", 1)[1].split("\n\nYours")[0]
CARE = "My mother is in a home and they want to put up the fees again."


def sent(body, greeting="Dear Ms Smith,", end="Kind regards,\nMair Rees"):
    return f"{greeting}\n\n{body}\n\n{end}\n"


# --- What is compared ------------------------------------------------------------

MERGED = {
    "another name": sent(BODY),
    "an address above": "4 Heol y Bryn\nGlanmor\nGM2 3CD\n3 June 2025\n\n" + sent(BODY),
    "no greeting and no farewell": BODY,
    "a name only": sent(BODY, end="Mair Rees\n4 Heol y Bryn\nGM2 3CD\n01632 960021\nmair@a.example"),
    "a telephone": sent(BODY, end="Thanks\nMair\n\nSent from my iPhone"),
    "a telephone in Swedish": BODY + "\n\nSkickat från min iPhone\n",
    "who I am": sent("My name is Mair Rees and I live at 4 Heol y Bryn, GM2 3CD.\n\n" + BODY),
    "a constituent": sent("As your constituent in Glanmor, " + BODY),
    "politeness": sent("I hope this email finds you well.\n\n" + BODY + "\n\nThank you for your time."),
    "a quoted past": sent(BODY)
    + "\nOn Mon, 2 Jun 2025 at 10:12, News <n@a.example> wrote:\n> Write to your MP today.\n",
    "one changed adjective": sent(BODY.replace("not fair", "not just")),
    "another order": sent("\n\n".join(reversed(BODY.split("\n\n")))),
    "stars and spaces": sent(BODY.replace("vote", "*vote*").replace(". ", ".  ")),
    "other line breaks": sent(BODY.replace("\n\n", "~").replace("\n", " ").replace("~", "\n\n")),
    "capitals and accents": sent(BODY.replace("retire", "RÉTIRE").replace("pension", "Pension")),
    "a forwarded copy": "---------- Forwarded message ---------\nFrom: News\nSubject: Act\n\n" + sent(BODY),
    "a quoted copy": "".join(f"> {line}\n" for line in sent(BODY).split("\n")),
    "in Welsh around it": sent(BODY, greeting="Annwyl Jane Smith,", end="Yn gywir,\nMair Rees"),
    "in German around it": sent(BODY, greeting="Sehr geehrte Frau Smith,", end="Mit freundlichen Grüßen\nMair Rees"),
    "a link of one's own": sent(BODY + "\n\nhttps://act.example/u/83hd82?sig=9931"),
    "windows line ends": sent(BODY).replace("\n", "\r\n"),
}


@pytest.mark.parametrize("how", MERGED)
def test_what_merges_put_in_makes_no_difference(how):
    assert shared(essence(LETTER), essence(MERGED[how])) > 0.85


@pytest.mark.parametrize("how", MERGED)
def test_what_merges_put_in_is_nobodys_own_words(how):
    assert own_words(LETTER, MERGED[how]) == ""
    assert not wrote_something_of_their_own(LETTER, MERGED[how])


def test_nothing_is_left_of_politeness():
    polite = (
        "Dear Jane,\n\nI hope you are well. Please help me. I look forward to hearing from you.\n\nBest wishes\nMair"
    )
    assert essence(polite).words == ()


def test_short_letters_alike_only_in_politeness_are_not_alike():
    one = "Hello,\n\nI hope this finds you well. Can you ring me about my tax? Many thanks in advance."
    other = "Hello,\n\nI hope this finds you well. Can you ring me about my roof? Many thanks in advance."
    assert shared(essence(one), essence(other)) == 0
    assert signature(essence(one)) == b""
    assert bands(b"") == ()


def test_a_page_of_ones_own_does_not_hide_the_letter():
    page = " ".join(Letters(3).story(40, "hospital") for _ in range(1))
    assert shared(essence(LETTER), essence(sent(BODY + "\n\n" + page))) > 0.95


def test_two_letters_on_the_same_matter_are_two():
    other = sent(
        "The Pension Age Bill will be debated on Tuesday and I want you to know what it means to a bricklayer. At "
        "sixty my knees are done. Nobody in the House of Commons carries a hod up a ladder in the rain. Vote it down."
    )
    assert shared(essence(LETTER), essence(other)) < 0.2


# --- What a sender wrote of their own ------------------------------------------------------------

OWN = {
    "a paragraph": CARE,
    "four words": "I have been crying.",
    "three words": "I am disabled.",
    "a question": "Could somebody ring me about my housing benefit?",
    "shouted": "MY ROOF HAS COME DOWN AND NOBODY HELPS",
    "in Welsh": "Mae fy mam yn sâl ac nid oes neb yn ateb y ffôn.",
    "after who I am": "I live at 4 Heol y Bryn and I cannot walk any more.",
    "no full stop": "my gas was cut off last week and there is a baby in the house",
}


WHERE = {
    "first": lambda own, first, rest: sent(f"{own}\n\n{first}\n\n{rest}"),
    "last": lambda own, first, rest: sent(f"{first}\n\n{rest}\n\n{own}"),
    "between": lambda own, first, rest: sent(f"{first}\n\n{own}\n\n{rest}"),
    "below the name": lambda own, first, rest: sent(
        f"{first}\n\n{rest}", end=f"Kind regards,\nMair Rees\n\nPS {own.rstrip('.')}."
    ),
}


@pytest.mark.parametrize("what", OWN)
@pytest.mark.parametrize("where", WHERE)
def test_words_of_ones_own_are_seen(what, where):
    letter = WHERE[where](OWN[what], *BODY.split("\n\n", 1))
    assert wrote_something_of_their_own(LETTER, letter)
    assert OWN[what].split()[-2] in own_words(LETTER, letter)


def test_own_words_are_given_as_they_were_written_and_nothing_else():
    letter = sent(BODY.replace("Please speak", f"{CARE} I am worried sick.\n\nPlease speak"))
    assert own_words(LETTER, letter) == f"{CARE} I am worried sick."


def test_differences_show_what_is_the_same_added_and_left_out():
    letter = sent(BODY.replace("hurts", "harms").replace("Please speak", f"{CARE}\n\nPlease speak"))
    spans = differences(LETTER, letter)

    assert [(span.kind, span.text.strip()) for span in spans if span.kind is not Kind.SAME] == [
        (Kind.LEFT_OUT, "hurts"),
        (Kind.ADDED, "harms"),
        (Kind.ADDED, CARE),
    ]
    told = "".join(span.text for span in spans if span.kind is not Kind.LEFT_OUT)
    assert told == BODY.replace("hurts", "harms").replace("Please speak", f"{CARE}\n\nPlease speak")


def test_differences_show_a_paragraph_that_was_left_out():
    first, rest = BODY.split("\n\n", 1)
    left = [span.text for span in differences(LETTER, sent(rest)) if span.kind is Kind.LEFT_OUT]
    assert " ".join(left).split() == first.split()


def test_a_paragraph_that_moved_is_the_same():
    moved = sent("\n\n".join(reversed(BODY.split("\n\n"))))
    assert {span.kind for span in differences(LETTER, moved)} == {Kind.SAME}


@pytest.mark.parametrize(
    ("base", "other"), [("", ""), ("", LETTER), (LETTER, ""), ("a", "b"), ("Dear Jane,", "x " * 9)]
)
def test_texts_of_nothing_have_differences_too(base, other):
    differences(base, other)
    assert own_words(base, base) == ""
    assert shared(essence(base), essence(other)) == 0


# --- Finding them among thousands ------------------------------------------------------------


def test_fingerprints_are_the_same_in_every_process():
    words = essence("Fish sleep under the old bridge while the mayor counts seven herons on the far bank of it")
    assert len(signature(words)) == 256
    assert bands(signature(words))[:2] == (7606278535354538094, 1105225950752940262)
    assert len(bands(signature(words))) == 32
    assert all(0 <= number < 2**63 for number in bands(signature(words)))


def test_fingerprints_tell_about_how_alike_two_letters_are():
    one, other = essence(LETTER), essence(sent(BODY + "\n\n" + Letters(3).story(6, "tax")))
    true = len(one.shingles & other.shingles) / len(one.shingles | other.shingles)
    assert likeness(signature(one), signature(one)) == 1
    assert abs(likeness(signature(one), signature(other)) - true) < 0.2


def test_a_new_mail_finds_its_like():
    index = Index()
    letters = Letters(5)
    for number, paragraphs in enumerate(letters.campaigns(20)):
        index.add(number, essence(letters.copy(paragraphs, number, "tax").text))
    again = Letters(5)
    for number, paragraphs in enumerate(again.campaigns(20)):
        assert index.find(essence(sent("\n\n".join(paragraphs))))[0].id == number
    assert index.find(essence(sent(CARE + " " + Letters(1).story(5, "housing")))) == []


@pytest.fixture(scope="module")
def bag():
    return postbag(campaigns=20, copies=30, others=600)


@pytest.fixture(scope="module")
def groups(bag):
    return group((number, letter.text) for number, letter in enumerate(bag))


def test_every_campaign_is_one_group_and_nothing_else_is_in_it(bag, groups):
    kinds = [Counter(bag[number].campaign for number in members) for members in groups]
    campaigns = [kind for kind in kinds if set(kind) != {None}]

    assert all(len(kind) == 1 for kind in campaigns)
    assert sorted(kind.most_common(1)[0][0] for kind in campaigns) == list(range(20))
    assert sum(map(Counter.total, campaigns)) >= 0.99 * 600


def test_letters_of_ones_own_stay_alone(bag, groups):
    grouped = [number for members in groups for number in members if bag[number].campaign is None]
    assert len(grouped) <= 0.005 * 600


def test_a_text_is_in_one_group_only(groups):
    members = [number for group in groups for number in group]
    assert len(members) == len(set(members))


def test_those_who_wrote_of_their_own_are_told_from_those_who_did_not(bag):
    campaigns = Letters(7).campaigns(20)
    copies = [letter for letter in bag if letter.campaign is not None]
    seen = Counter(
        (letter.own, wrote_something_of_their_own(sent("\n\n".join(campaigns[letter.campaign])), letter.text))
        for letter in copies
    )
    assert seen[True, False] == 0, "somebody's own words would be answered with a form letter"
    assert seen[False, True] <= 0.01 * len(copies)


def test_the_order_in_which_mails_come_does_not_matter(bag):
    mails = [(number, letter.text) for number, letter in enumerate(bag)]
    there = {frozenset(members) for members in group(mails) if len(members) > 5}
    back = {frozenset(members) for members in group(reversed(mails)) if len(members) > 5}
    assert there == back


def test_one_letter_that_is_two_campaigns_does_not_join_them():
    letters = Letters(5)
    one, other = letters.campaign("tax"), letters.campaign("climate")
    copies = [(f"{name}{n}", sent("\n\n".join(text))) for n in range(5) for name, text in (("a", one), ("b", other))]
    both = ("both", sent("\n\n".join([*one, *other])))
    found = group([*copies, both])
    assert sorted(len(members) for members in found) == [5, 6]


# --- What costs (F3) ------------------------------------------------------------

SLOW = {
    "words": "word " * 20_000,
    "one word": "a" * 100_000,
    "spaces": " " * 100_000 + "x",
    "line ends": "\n" * 100_000,
    "dashes": "-" * 100_000 + "x",
    "underscores": "_" * 100_000 + "x",
    "quotes": "> " * 50_000,
    "quoted lines": ">\n" * 50_000,
    "on, on": "on " * 33_000 + "wrote",
    "on, on in lines": ("on " * 40 + "\n") * 800,
    "thanks": "thank you for your " * 5_000,
    "regards": "kind regards\n" * 8_000,
    "sent from": "sent from my " * 8_000,
    "at signs": "a@" * 50_000,
    "full stops": ". " * 50_000,
    "commas": "A, " * 33_000,
    "names": "Mair Rees and " * 7_000,
    "i live at": "I live at " * 10_000,
    "apostrophes": "a'" * 50_000,
    "accents": "e\u0301" * 50_000,
}


@pytest.mark.parametrize("what", SLOW)
def test_no_text_is_slow_to_compare(what):
    """F3: of the processor's time, and far below it; a new mail is placed in under 100 ms."""
    text = SLOW[what]
    began = process_time()
    bands(signature(essence(text)))
    wrote_something_of_their_own(LETTER, text)
    differences(LETTER, text)
    assert process_time() - began < 2
