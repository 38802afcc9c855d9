"""What stands in letters of every kind, in the languages that people write to us in: how they begin and end.

Each list is tried on a line or a sentence of bounded length, and each piece of a pattern is bounded too.
"""

from __future__ import annotations

import re

LONGEST_LINE = 500


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{phrase})" for phrase in phrases), re.IGNORECASE)


# Where what somebody else wrote before begins.
PAST = _any_of(
    r"(?:-{2,}|_{5,})? ?(?:original message|forwarded message|begin forwarded message|reply message)\b.{0,60}",
    r"(?:-{2,}|_{5,})? ?(?:neges wreiddiol|message d['’]origine|mensaje original)\b.{0,60}",
    r"(?:-{2,}|_{5,})? ?urspr(?:ü|ue)ngliche nachricht\b.{0,60}",
    r"_{10,}",
    r"(?:on|ar|le|am|el)\b.{4,150}\b(?:wrote|ysgrifennodd|scríobh|a écrit|schrieb|escribió)\b.{0,60}:",
)

GREETING = _any_of(
    r"(?:dear|hello|hi|hey|good (?:morning|afternoon|evening|day)|greetings|to whom it may concern|f\.?a\.?o\.?)\b",
    r"(?:annwyl|helo|shwmae|bore da|p(?:ry)?nawn da|a chara|dia (?:dhuit|duit))\b",
    r"(?:bonjour|madame|monsieur|chère?|sehr geehrter?|guten tag|lieber?|hallo)\b",
    r"(?:estimad[oa]s?|querid[oa]s?|buen[oa]s (?:días|tardes)|hola|muy señor)\b",
)

_FAREWELLS = (
    r"yours(?: (?:sincerely|faithfully|truly|ever|etc|in \w{2,20}))?|sincerely|faithfully|respectfully|cheers",
    r"(?:with |my )?(?:(?:very )?(?:kind(?:est)?|best|warm(?:est)?) )?(?:regards|wishes)|all the best",
    r"(?:many |with )?thanks(?: (?:again|in advance|and regards|and best wishes|so much|very much))?",
    r"thank you(?: (?:again|in advance|very much|so much))?|hope to hear from you soon",
    r"in (?:hope|solidarity|friendship|anticipation)",
    r"yn gywir|yr eiddoch yn \w{2,20}|cofion(?: \w{2,20})?|diolch(?: yn fawr)?|le meas|is mise(?: le meas)?",
    r"(?:bien )?cordialement|salutations|(?:mit freundlichen|freundliche|viele|beste) gr(?:ü|ue)(?:ß|ss)en?",
    r"atentamente|saludos(?: cordiales)?|un saludo",
)
FAREWELL = re.compile(f"(?:{'|'.join(_FAREWELLS)})(?=[ ,.!:–-]|$)", re.IGNORECASE)

# Lines that scanners and campaign pages add; those of devices and apps are known to `mime.signatures`.
ADDED_BY_PROGRAMS = _any_of(
    r"virus-free.{0,60}",
    r"this (?:e-?mail|message) (?:was sent|has been sent|has been scanned|and any (?:files|attachments)).{0,400}",
    r"(?:click here to )?unsubscribe.{0,200}|.{0,40}view (?:this|it) in (?:your )?browser.{0,40}",
)

# Said to anybody about anything, in folded words. Mails that have nothing else in common are not alike.
POLITE = _any_of(
    r"(?:i|we)(?: do)?(?: really)? hope (?:that )?(?:this|you|all).{0,60}\b(?:well|health|week|year)",
    r"(?:i|we) (?:would |ll |will |am |are |very much |really )?look(?:ing)? forward to"
    r" (?:hear|your|receiv|read|a repl).{0,60}",
    r"(?:please )?(?:(?:can|could|would|will) you )?(?:please )?"
    r"(?:let me know|get back to me|(?:reply|respond) to me|help me)"
    r"(?: (?:as soon as possible|as soon as you can|soon|asap|what you think|with this|please)){0,2}",
    r"(?:many |very many )?(?:thanks|thank you)(?: (?:so|very|ever so) much)?(?: (?:in advance|again))?"
    r"(?: for (?:(?:all )?your|taking|reading|listening|considering|looking|any).{0,60})?",
    r"(?:i|we) (?:would|should|d) (?:really |very much |greatly )?(?:appreciate|be (?:very |most |so )?grateful for)"
    r" (?:your|any) (?:help|reply|response|support|advice|assistance|time).{0,40}",
    r"if you (?:need|require|want|would like) (?:any )?(?:more|further|other|additional) (?:info|detail).{0,60}",
    r"any (?:help|advice|support|assistance)(?: (?:you|that you).{0,30})?"
    r"(?: would be)?(?: (?:much|greatly|very))? (?:appreciated|welcome|great).{0,20}",
    r"(?:i am|im|we are) (?:writing|emailing|contacting)(?: to)?(?: you)?(?: today)?",
    r"(?:i am |im )?(?:sorry|apologies) (?:for|to) (?:bother|troubl|the delay).{0,40}",
    r"edrychaf ymlaen.{0,60}|diolch am.{0,60}|(?:dans|en) l?.?attente de.{0,60}|je vous remercie.{0,60}",
    r"(?:vielen|herzlichen) dank.{0,60}|(?:ich|wir) freuen? (?:mich|uns) auf.{0,60}",
    r"(?:muchas )?gracias(?: por.{0,60})?|quedo a la espera.{0,60}",
)

# What campaign pages ask for and put into the letter. Only if names and numbers follow does it count as filled in.
_WHERE = r"(?: (?:in|from|of|at|living in|living at))?"
ABOUT_ME = _any_of(
    r"my (?:full )?(?:name|address|home address|post ?code|phone|telephone|mobile|email)(?: (?:number|address))? is",
    r"i(?: currently)?(?: am| m)? liv(?:e|ing) (?:at|in|on)",
    rf"(?:i am )?(?:as )?(?:a|your|one of your) (?:constituent|constituents|resident|voter)(?: of yours)?{_WHERE}",
    rf"i am writing (?:to you )?as (?:a|your) constituent{_WHERE}",
    r"tel|telephone|phone|mobile|address|post ?code|email|date|name|from",
)

SMALL_WORDS = frozenset("the of in and at on near y yr de la le du a o by under upon is my".split())
