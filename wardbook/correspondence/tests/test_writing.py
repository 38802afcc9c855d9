import pytest

from wardbook.correspondence import writing
from wardbook.lib.rules import RuleBroken

pytestmark = pytest.mark.any_engine


@pytest.mark.parametrize(
    "text",
    [
        "The report is attached.",
        "I enclose… see the enclosed letter",
        "Gweler y llythyr atodedig ynghlwm.",
        "Tá an litir ceangailte leis seo.",
        "Vous trouverez la lettre ci-jointe.",
        "Voir la pièce jointe.",
        "Im Anhang finden Sie den Brief.",
        "Anbei der Brief.",
        "Adjunto la carta.",
        "Ver el archivo adjunto.",
    ],
)
def test_words_that_speak_of_a_file_are_known(text):
    assert writing.speaks_of_a_file(text)


@pytest.mark.parametrize(
    "text",
    [
        "She is attached to her home.",
        "There are no attachments.",
        "> The report is attached.\nThank you.",
        "A semi-attached house",
        "Unattached",
        "The anlagenbau firm",
    ],
)
def test_words_that_only_sound_like_it_are_not(text):
    assert not writing.speaks_of_a_file(text)


@pytest.mark.parametrize(
    "address", ["rhian@home.example", "o'brien+case@x.example", "siân@tŷ.example", "A.B@X.EXAMPLE"]
)
def test_addresses_are_taken(address):
    assert writing.same_address(writing.clean_address(f" {address} "), address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "rhian",
        "rhian@",
        "@x.example",
        "a b@x.example",
        "a@x",
        "a@x.example,b@x.example",
        "Rhian <a@x.example>",
        "a@x.example\r\nBcc: b@x.example",
        "a@x.example\n",
        "a@-x.example",
        "a..b@x.example",
        ".a@x.example",
        "a@x..example",
        '"a b"@x.example',
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        "a\u202e@x.example",
        "a\x00@x.example",
        "a" * 65 + "@x.example",
    ],
)
def test_what_is_not_one_address_is_refused(address):
    with pytest.raises(RuleBroken):
        writing.clean_address(address)


def test_the_reference_is_put_into_a_subject_once():
    marked = writing.with_reference("Damp", "Case", "2041")
    assert marked == "Damp [Case 2041]"
    assert writing.with_reference(f"RE: {marked}", "Case", "2041") == "RE: Damp [Case 2041]"
    assert writing.with_reference("RE: Damp [Achos 2041]", "Case", "2041") == "RE: Damp [Achos 2041]"
    assert writing.with_reference("[Case 20411]", "Case", "2041") == "[Case 20411] [Case 2041]"


def test_a_line_is_one_line():
    assert writing.one_line("a\r\nb\u2028c\x00d\u202ee\tf  g", 100) == "a b cde f g"
