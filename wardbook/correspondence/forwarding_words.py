"""What is written when a message is forwarded, until somebody writes it otherwise: in the languages of our offices.

Pure data. `covering` goes to whom it concerns, `told` to who wrote it.
"""

from typing import NamedTuple

WHERE = "{to}"
"""Stands in `told` for whom it was forwarded to."""


class Words(NamedTuple):
    """One language's words. `told` holds {to}."""

    mark: str
    covering: str
    told: str


WORDS = {
    "en": Words(
        "Fwd:",
        "The message below came to us. We think that it is a matter for you, so we are passing it on.\n\n"
        "Please answer the person who wrote it directly.",
        "Thank you for writing to us. What you wrote is a matter for somebody else, so we have passed it on to {to}. "
        "Please write there from now on.",
    ),
    "cy": Words(
        "Fwd:",
        "Daeth y neges isod atom ni. Credwn mai mater i chi ydyw, felly rydym yn ei hanfon ymlaen atoch.\n\n"
        "Atebwch y sawl a’i hysgrifennodd yn uniongyrchol, os gwelwch yn dda.",
        "Diolch am ysgrifennu atom. Mater i rywun arall yw’r hyn a ysgrifennoch, felly rydym wedi ei anfon ymlaen at "
        "{to}. Ysgrifennwch yno o hyn ymlaen, os gwelwch yn dda.",
    ),
    "ga": Words(
        "Fwd:",
        "Tháinig an teachtaireacht thíos chugainne. Measaimid gur ceist daoibhse í agus táimid á cur ar aghaidh.\n\n"
        "Tabhair freagra díreach don té a scríobh í, le do thoil.",
        "Go raibh maith agat as scríobh chugainn. Is ceist do dhuine eile an rud a scríobh tú, agus chuireamar ar "
        "aghaidh é chuig {to}. Scríobh chucu siúd as seo amach, le do thoil.",
    ),
    "fr": Words(
        "Tr\u00a0:",
        "Le message ci-dessous nous est parvenu. Il nous semble relever de votre compétence\u00a0: nous vous le "
        "transmettons.\n\nMerci de répondre directement à la personne qui l’a écrit.",
        "Merci de nous avoir écrit. Votre message ne relève pas de notre compétence\u00a0: nous l’avons transmis à "
        "{to}. Merci d’écrire désormais à cette adresse.",
    ),
    "de": Words(
        "WG:",
        "Die untenstehende Nachricht ist bei uns eingegangen. Wir meinen, dass sie in Ihre Zuständigkeit fällt, und "
        "leiten sie an Sie weiter.\n\nBitte antworten Sie der Person, die sie geschrieben hat, unmittelbar.",
        "Vielen Dank für Ihre Nachricht. Dafür ist eine andere Stelle zuständig, deshalb haben wir sie an {to} "
        "weitergeleitet. Bitte schreiben Sie künftig dorthin.",
    ),
    "es": Words(
        "RV:",
        "Hemos recibido el mensaje que figura más abajo. Creemos que es de su competencia y por eso se lo "
        "remitimos.\n\nLe rogamos que responda directamente a la persona que lo escribió.",
        "Gracias por escribirnos. Su mensaje es competencia de otra entidad, por lo que lo hemos remitido a {to}. "
        "En adelante, escriba por favor a esa dirección.",
    ),
}


def words_in(language: str) -> Words:
    """The words of a language, else the English ones."""
    return WORDS.get(language.lower().replace("_", "-").partition("-")[0], WORDS["en"])
