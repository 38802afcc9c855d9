"""The few words that Wardbook itself puts into what leaves, in the languages of our offices. Pure data."""

from typing import NamedTuple


class Fixed(NamedTuple):
    """One language's words. `wrote` holds {day} and {who}."""

    wrote: str
    our_reference: str
    your_reference: str
    your_enquiry: str


FIXED = {
    "en": Fixed("On {day}, {who} wrote:", "Our reference:", "Your reference:", "Your enquiry"),
    "cy": Fixed("Ar {day}, ysgrifennodd {who}:", "Ein cyfeirnod:", "Eich cyfeirnod:", "Eich ymholiad"),
    "ga": Fixed("Ar {day}, scríobh {who}:", "Ár dtagairt:", "Do thagairt:", "D’fhiosrúchán"),
    "fr": Fixed(
        "Le {day}, {who} a écrit\u00a0:", "Notre référence\u00a0:", "Votre référence\u00a0:", "Votre demande"
    ),
    "de": Fixed("Am {day} schrieb {who}:", "Unser Zeichen:", "Ihr Zeichen:", "Ihre Anfrage"),
    "es": Fixed("El {day}, {who} escribió:", "Nuestra referencia:", "Su referencia:", "Su consulta"),
}


def fixed_in(language: str) -> Fixed:
    """The words of a language, else the English ones."""
    return FIXED.get(language.lower().replace("_", "-").partition("-")[0], FIXED["en"])
