"""What an acknowledgement says where the office has written none: in the languages of our offices. Pure data.

Fixed words: nothing of what came in is ever put into them (B4), nor anything that only a known person would get (C9).
"""

from typing import NamedTuple


class Words(NamedTuple):
    """One language's acknowledgement. `reference` holds {reference}; `later` stands where there is none yet."""

    subject: str
    received: str
    reference: str
    later: str
    closing: str
    privacy: str


WORDS = {
    "en": Words(
        "We have received your message",
        "Thank you for writing to us. Your message has arrived, and a member of the office will read it.",
        "Your reference is {reference}. Please quote it when you write to us or ring.",
        "We will give you a reference when we have read it.",
        "This message was sent automatically.",
        "We keep what you write only to answer you and to help you. Ask us if you want to know what we hold.",
    ),
    "cy": Words(
        "Rydym wedi derbyn eich neges",
        "Diolch am ysgrifennu atom. Mae eich neges wedi cyrraedd, a bydd aelod o’r swyddfa yn ei darllen.",
        "Eich cyfeirnod yw {reference}. Dyfynnwch ef wrth ysgrifennu neu ffonio.",
        "Byddwn yn rhoi cyfeirnod ichi ar ôl inni ei darllen.",
        "Anfonwyd y neges hon yn awtomatig.",
        "Dim ond i’ch ateb ac i’ch helpu y cadwn yr hyn a ysgrifennwch. "
        "Gofynnwch inni os hoffech wybod beth sydd gennym.",
    ),
    "ga": Words(
        "Tá do theachtaireacht faighte againn",
        "Go raibh maith agat as scríobh chugainn. Tá do theachtaireacht againn agus léifidh duine den oifig í.",
        "Is é {reference} d’uimhir thagartha. Luaigh í nuair a scríobhann tú chugainn nó nuair a ghlaonn tú orainn.",
        "Tabharfaimid uimhir thagartha duit nuair a bheidh sí léite againn.",
        "Seoladh an teachtaireacht seo go huathoibríoch.",
        "Ní choinnímid a scríobhann tú ach chun freagra agus cabhair a thabhairt duit. "
        "Fiafraigh dínn más mian leat a fháil amach cad atá againn.",
    ),
    "fr": Words(
        "Nous avons bien reçu votre message",
        "Merci de nous avoir écrit. Votre message est arrivé et une personne du bureau le lira.",
        "Votre numéro de dossier est {reference}. Merci de l’indiquer quand vous nous écrivez ou nous appelez.",
        "Nous vous donnerons un numéro de dossier quand nous l’aurons lu.",
        "Ce message a été envoyé automatiquement.",
        "Nous ne conservons ce que vous écrivez que pour vous répondre et vous aider. "
        "Demandez-nous si vous voulez savoir ce que nous détenons.",
    ),
    "de": Words(
        "Ihre Nachricht ist angekommen",
        "Vielen Dank für Ihre Nachricht. Sie ist bei uns angekommen und wird im Büro gelesen.",
        "Ihr Zeichen bei uns ist {reference}. Bitte nennen Sie es, wenn Sie uns schreiben oder anrufen.",
        "Sie erhalten ein Zeichen von uns, sobald wir sie gelesen haben.",
        "Diese Nachricht wurde automatisch versandt.",
        "Was Sie schreiben, bewahren wir nur auf, um Ihnen zu antworten und zu helfen. "
        "Fragen Sie uns, wenn Sie wissen möchten, was wir aufbewahren.",
    ),
    "es": Words(
        "Hemos recibido su mensaje",
        "Gracias por escribirnos. Su mensaje ha llegado y una persona de la oficina lo leerá.",
        "Su referencia es {reference}. Indíquela cuando nos escriba o nos llame.",
        "Le daremos una referencia cuando lo hayamos leído.",
        "Este mensaje se ha enviado automáticamente.",
        "Guardamos lo que nos escribe solo para responderle y ayudarle. Pregúntenos si desea saber qué conservamos.",
    ),
}


def words_in(*languages: str) -> tuple[str, Words]:
    """The words of the first of these languages that has any, else the English ones, with their language."""
    for language in languages:
        short = language.lower().replace("_", "-").partition("-")[0]
        if short in WORDS:
            return short, WORDS[short]
    return "en", WORDS["en"]
