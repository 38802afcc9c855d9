import pytest

from wardbook.contacts import numbers
from wardbook.contacts.naming import Name, take_apart


@pytest.mark.parametrize(
    ("typed", "country", "normal"),
    [
        ("07700 900 123", "GB", "+447700900123"),
        ("(01632) 960-021", "GB", "+441632960021"),
        ("+353 1 555 0100", "GB", "+35315550100"),
        ("01 555 0100", "IE", "+35315550100"),
        ("(213) 555-0142", "US", "+12135550142"),
        ("101", "GB", "101"),
        ("ext. 4412", "GB", "4412"),
        ("nobody", "GB", ""),
    ],
)
def test_a_number_is_compared_in_one_way(typed, country, normal):
    assert numbers.normal(typed, country) == normal


@pytest.mark.parametrize(
    "typed", ["07700 900 999", "01632 960 000 x21", "+44 (0)1632 960021", "999", "01632 960 021 ext 3"]
)
def test_this_can_be_a_number(typed):
    assert numbers.reads_as_number(typed)


@pytest.mark.parametrize("typed", ["", "12", "call me", "rhian@example.org", "1" * 21, "12 Mill Lane"])
def test_this_cannot(typed):
    assert not numbers.reads_as_number(typed)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Rhian Evans", Name("", "Rhian", "Evans")),
        ("Mrs Rhian Evans", Name("Mrs", "Rhian", "Evans")),
        ("Cllr. Mair Lloyd", Name("Cllr", "Mair", "Lloyd")),
        ("Dr Evans", Name("Dr", "", "Evans")),
        ("Evans", Name("", "", "Evans")),
        ("Anna van der Berg", Name("", "Anna", "van der Berg")),
        ("Dafydd ap Gwilym", Name("", "Dafydd", "ap Gwilym")),
        ("Mary Jane Watson", Name("", "Mary Jane", "Watson")),
        ("محمد بن سلمان", Name("", "محمد بن", "سلمان")),
        ("", Name("", "", "")),
        ("Mr", Name("", "", "Mr")),
    ],
)
def test_a_name_is_taken_apart(said, name):
    assert take_apart(said) == name
