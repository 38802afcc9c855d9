"""What devices, mailers and employers of many languages put below the words of who wrote."""

from __future__ import annotations

import re

SEPARATOR = re.compile(r"^\s{0,3}(?:-- ?|--\s|__ ?|—\s?|– ?|- -\s?)$")
# Lines of devices and apps: alternatives of one pattern, each from the beginning of its line.
_MAILERS = r"outlook|yahoo|gmail|mail|iphone|ipad|samsung|galaxy|proton|thunderbird|windows|aol"
_SENT_FROM = (
    r"sent (?:from|via|with|using|by) \S.{0,60}$",
    r"sent (?:from|via|with|using|by) \S.{0,100}\b(?:typos?|brevity|excuse|phone|smartphone|handset|device|tablet)\b",
    r"[^\W\d_]{1,20} from mobile$",
    r"from my .{1,20}$",
    (
        r"(?:posted|typed|written) (?:from|via|with|using|by) (?:my|the|outlook|yahoo|mail|proton|samsung|gmail|"
        r"an?\b|"
        r"blackberry|android|iphone|ipad|aol|windows|airmail|spark|mobile|tutanota|hey|fastmail|superhuman|mailbird|"
        r"[\w.]{1,20} (?:mail|mobile|for|device))"
    ),
    r"get (?:the )?outlook for|download (?:the )?(?:new )?outlook",
    (
        r"get (?:[\w-]{0,12} ?mail|spark|spike|newton|nine|typeapp) for "
        r"(?:ios|android|iphone|ipad|mobile|mac|windows)\W{0,4}$"
    ),
    r"enviado (?:desde|do|a partir(?: d[eo])?|con|pelo|de) (?:mi|meu|o|correo|" + _MAILERS + r")",
    r"從我的 .{1,20} 傳送",
    r"envoyé (?:de|depuis|à partir(?: de)?|par|avec) (?:mon|ma|mobile|l['’]|courrier|la messagerie|un|téléphone|"
    + _MAILERS
    + r")|envoyé (?:à partir )?d['’](?:outlook|un|yahoo)",
    r"von (?:meinem|meiner) .{1,40} gesendet|gesendet (?:von|mit|über|aus) (?:meinem|meiner|mein|der|dem|web|"
    r"unterwegs|android|gmx|blackberry|a1|mobil|" + _MAILERS + r")|diese nachricht wurde von meinem .{1,60} gesendet|"
    r"hol(?:en)? sie sich outlook",
    r"inviato (?:da|dal|tramite|con) (?:il )?(?:mio|mia|libero|posta|cellulare|smartphone|tiscali|"
    + _MAILERS
    + r")?",
    r"verzonden (?:vanaf|van|met|via|vanuit) (?:mijn|een|" + _MAILERS + r")|verstuurd vanaf",
    r"(?:skickat )?från (?:min|mitt) \S{1,20}(?: \S{1,20})?$|skickat från (?:e-post|" + _MAILERS + r")",
    r"sendt fra (?:min|mit|e-post|e-mail|" + _MAILERS + r")",
    r"lähetetty (?:iphonesta|minun|\w{1,20}(?:lta|sta))",
    r"wysłan[eo] z (?:mojego|telefonu|poczty|aplikacji|programu|smartfona|systemu|urządzenia|" + _MAILERS + r")",
    (
        r"odesláno z|odoslané z|отправлено (?:с|из)|надіслано (?:з|із)|iphone['’]?[um]mdan|iphonemdan|iphoneから送信|"
        r"发自我的|從我的"
    ),
    # Cymraeg, Gaeilge
    r"(?:d?anfonwyd|wedi['’]i anfon) (?:o['’]?[mi]?|oddi (?:ar|wrth)|gan|drwy|trwy|gyda) ?(?:fy|ffôn|"
    + _MAILERS
    + r")",
    r"(?:á )?seol(?:ta|adh) (?:ó|trí|le) ?(?:m['’o]|ríomhphost|" + _MAILERS + r")|ó mo (?:ghuthán|iphone)",
    r"my iphone$|tapatalk|sent on the (?:go|move)\W{0,3}$",
    r"(?:secured (?:by|with)|sent securely with) (?:proton|tuta)|powered by cloudmagic",
)
# The same in more languages: a word for "sent" beside the name of a device or of a mailer, in either order.
_DEVICE = (
    r"(?:iphone|ipad|iphon|galaxy|samsung|huawei|xiaomi|redmi|pixel|android|outlook|windows|proton ?mail|yahoo|gmail|"
    r"k-9|fairemail|bluemail|blackberry|thunderbird|mail\.ru|seznam|tutanota|tuta)"
)
_SENT = (
    r"trimis|poslan[oa]|poslato|odoslan[éáo]|odeslán[oa]|išsiųsta|nosūtīts|saadetud|изпратено|надіслано|отправлено|"
    r"послато|στάλθηκε|εστάλη|lähetetty|skickat|skickades|sendt|enviat|enviado|enviada|wysłan[eo]|"
    r"sent úr|đã gửi|được gửi|dikirim|ส่งจาก|أُ?رسلت?|נשלח|ارسال|بھیجا"
)
_SENT_LAST = r"küldve|gesendet|gönderildi|bidalia|보냄|발송됨|भेजा गया|送信|发送|傳送|ile gönderildi"
SENT_NEAR = re.compile(
    rf"^[\s*_<(\[\-–—]{{0,6}}(?:(?:{_SENT})(?![^\W\d_])[^\n,;!?]{{1,45}}?(?<![^\W\d_]){_DEVICE}[^\n,;!?]{{0,16}}|"
    rf"[^\n,;!?]{{0,30}}?(?<![^\W\d_]){_DEVICE}[^\n,;!?]{{0,40}}?(?:{_SENT_LAST}))\W{{0,4}}$",
    re.IGNORECASE,
)
SENT_FROM = re.compile(r"^[\s*_<(\[\-–—]{0,6}(?:" + "|".join(_SENT_FROM) + ")", re.IGNORECASE)
OWN_DEVICE = re.compile(
    r"^\s*\[?(?:iPhoneから送信|从我的.{1,20}发送|发自我的.{1,20}|내 .{1,20}에서 보냄|"
    r"(?:Sent from )?Yahoo Mail: Search, Organi[sz]e, Conquer)\]?\s*$"
)
# "Get Outlook for iOS" in any language; not "I use Outlook on Android".
STORE = re.compile(
    r"^\W{0,3}(?!(?:i|we|you|my|the|it|is|does|can|do|how|but|and|or|for|on|in|using|is|please)\b)(?:[^\s,.:;]{1,20} "
    r"){0,3}outlook\b[^,.:;?!]{0,25}(?:\bios\b|\bandroid\b)[^,.;?!]{0,14}$",
    re.IGNORECASE,
)
# What people send by post, and what they add behind a comma where a device asks to be excused.
SENT_BY_HAND = re.compile(
    r"\bsent (?:by|via|with|using) (?:\w{1,12} ){0,3}(?:post|recorded|hand|courier|fax|letter|royal|class|delivery|"
    r"love|thanks|regards|wishes)\b",
    re.IGNORECASE,
)
EXCUSED = re.compile(
    r"\b(?:excuse|sorry|pardon|apolog\w{1,5}|forgive|typos?|brevity)\b|,\s*(?:please|an? .{0,60}\b(?:smartphone|"
    r"phone|"
    r"handset|tablet|device)\W{0,3}$)",
    re.IGNORECASE,
)

_LETTER = r"(?:e-?mail|message|communication|transmission|correspondence)s?"
_PRINT = r".{0,60}\b(?:print|argraff|bpriont|phriont)"
_DISCLAIMERS = (
    r"(?:[\w ]{1,40} )?disclaimer\s*(?::|$)|disclaimer\b",
    (
        r"(?:legal |privacy |e-?mail )?(?:confidentiality|privileged|confidential|legal|"
        r"privacy)(?: and [a-z]{3,20})? "
        r"(?:notice|note|information|warning|statement|disclaimer)\W{0,4}(?:$|[:.–-]|(?:this|the)\b)"
    ),
    r"(?:private (?:and|&) )?confidential\s?[:–-] ?(?:this|the) (?:e-?mail|message|information|contents?)",
    r"(?:please )?(?:consider|think (?:of|about)) the environment before" + _PRINT,
    (
        r"(?:please )?(?:consider|think|help|save)\b.{0,60}\b(?:before (?:you )?print(?:ing)?|"
        r"printing) this (?:e-?mail|message)"
    ),
    r"before (?:you )?print(?:ing)?\b.{0,60}\benvironment",
    r"if you(?: are|['’]re) not .{0,20}\b(?:intended|named|addressee)",
    r"if you (?:have )?received? (?:this|the|it) ?" + _LETTER + r"?.{0,40}\b(?:in error|by mistake|mistakenly)",
    (
        r"any (?:views|opinions)(?: (?:and|or) (?:views|opinions))? (?:expressed|presented|stated|"
        r"contained) (?:in this|"
        r"herein|within|by the (?:author|sender)|are)\b"
    ),
    (
        r"(?:the )?(?:views|opinions)(?: (?:and|or) (?:views|opinions))? expressed (?:in this (?:e-?mail|message|"
        r"communication)|herein|by the (?:author|sender)|are (?:those|solely|personal|not necessarily))\b"
    ),
    r"(?:this|the) (?:e-?mail|message)s? (?:has|have) been (?:checked|scanned|swept)|this footnote confirms",
    r"we welcome (?:correspondence|communications?|calls|phone calls|contact)\b.{0,60}\b(?:welsh|irish|gaelic)",
    r"you(?: are|['’]re) welcome to (?:contact|correspond with|write to) us\b.{0,40}\b(?:welsh|irish|gaelic)",
    (
        r"(?:find out|see|read|for (?:more )?information (?:about|on)).{0,40}\bhow we (?:use|process|handle) your "
        r"(?:personal )?(?:data|information)"
    ),
    r"virus-free\.|virenfrei\.|avast logo|scanned by",
    # What lists of residents add below
    r"to unsubscribe from this (?:group|list|mailing list),? (?:and stop|send|visit|click)\b",
    r"you(?: are|['’]re)? receiv(?:ed|ing) this (?:e-?mail|message) because you\b",
    # WriteToThem.com: what it puts below the words of who wrote by its form.
    r"this message was sent by writetothem|signed with an electronic signature in accordance with",
    r"[0-9a-f]{20}/[0-9a-f]{20}$",
    # Other languages
    (
        r"(?:ce|cette|le présent) (?:message|courriel|courrier|mail|e-mail|communication)[^.\n]{0,100}(?:confidenti|"
        r"destinataire|exclusi)"
    ),
    (
        r"(?:este|el presente|esta) (?:mensaje|correo|e-mail|comunicación|mensagem)[^.\n]{0,100}(?:confidencial|"
        r"destinat|"
        r"dirig|exclusiv)"
    ),
    (
        r"(?:diese|die(?:se)? (?:in dieser )?) ?(?:e-?mail|nachricht|information)[^.\n]{0,100}(?:vertraulich|"
        r"ausschließlich|bestimmt)"
    ),
    r"(?:questo|il presente) (?:messaggio|e-mail)[^.\n]{0,100}(?:riservat|confidenzial|destinat)",
    r"(?:dit|deze) (?:bericht|e-?mail)[^.\n]{0,100}(?:vertrouwelijk|uitsluitend|bestemd)",
    (
        r"(?:wichtiger hinweis|hinweis|achtung|vertraulichkeit)\s*:|(?:bitte )?denken sie an die umwelt|diese "
        r"e-mail wurde "
        r"(?:von|auf)"
    ),
    # Cymraeg
    (
        r"(?:mae(?:['’]r| yr)? (?:\w{1,12} ){0,3}(?:e-?bost|neges)|gall (?:yr |y )?(?:e-?bost|neges))[^.\n]{0,140}"
        r"[cg]h?yfrinachol"
    ),
    (
        r"(?:mae(?:['’]r| yr)? (?:e-?bost|neges) (?:hwn|hon)|bwriedir (?:yr |y )?(?:e-?bost|neges))[^.\n]{0,140}"
        r"(?:bwriadu|fwriadu|derbynnydd)"
    ),
    r"ymwadiad\b|hysbysiad (?:cyfrinachedd|preifatrwydd)\b|os nad chi yw['’]r (?:derbynnydd|sawl)",
    r"(?:(?:rydym|rydyn|ry['’]n) (?:ni(?:['’]n)? )?(?:yn )?croesawu|croes(?:aw|ew)(?:n|ir))\b.{0,60}\b[gc]h?ymraeg",
    r"(?:mae )?croeso i chi (?:gysylltu â ni|ohebu â ni|ysgrifennu atom)\b.{0,60}\b[gc]h?ymraeg",
    r"(?:ystyriwch|meddyliwch am) yr amgylchedd" + _PRINT,
    r"os (?:derbyniwyd|derbynioch|cawsoch)(?: chi)? (?:yr |y )?(?:e-?bost|neges)\b.{0,40}\b(?:gamgymeriad|ddamwain)",
    # Gaeilge
    r"tá (?:an|eolas|an t-eolas) [^.\n]{0,120}(?:rúnda|faoi rún)|(?:séanadh|fógra rúndachta|ráiteas rúndachta)\b",
    r"má fuair tú an (?:ríomhphost|teachtaireacht)\b.{0,40}\b(?:bhotún|thimpiste|dearmad|earráid)",
    r"smaoinigh ar an (?:timpeallacht|gcomhshaol)" + _PRINT,
    r"(?:cuirimid|cuirtear) fáilte roimh\b.{0,60}\bn?gh?aeilge",
)
_LEAD = r"^[\W_]{0,8}"
DISCLAIMER = re.compile(_LEAD + "(?:" + "|".join(_DISCLAIMERS) + ")", re.IGNORECASE)
# What a person could write too: it must go on as only lawyers do.
_MAYBE = (
    r"notice:\s|important (?:notice|note|information|warning|statement|disclaimer)\b",
    r"(?:this|the|any) (?:information|contents?|" + _LETTER + r"|electronic|attachments?)\b",
    r"(?:the )?information (?:contained )?in this " + _LETTER,
    r"(?:this|the) (?:information (?:contained )?in this )?" + _LETTER,
)
MAYBE = re.compile(_LEAD + "(?:" + "|".join(_MAYBE) + ")", re.IGNORECASE)
LAWYERS = re.compile(
    r"\b(?:confidential|privileged|intended (?:only|solely|recipients?|for)|addressee|solely|may be legally|"
    r"(?:legally )?protected (?:from disclosure|by (?:law|copyright|legal))|unauthori[sz]ed|viruses|computer "
    r"virus)\b",
    re.IGNORECASE,
)
# Who writes so is a person.
PERSONAL = re.compile(r"(?<![\w.])(?:I|I['’](?:m|ve|d|ll)|[Mm]y|[Mm]ine)(?![\w.&/)])")
# A line drawn above what follows.
RULE = re.compile(r"^\s*(?:[*_=~#–—-] ?){5,200}\s*$")

# What one of two mailers writes behind the words of a link, or in the place of a picture.
LINKED = re.compile(
    r"\s?[<(\[]\s?(?:https?://|mailto:|tel:)[^\s<>()\[\]]{1,500}\s?[>)\]]|\s?\bhttps?://[^\s<>()\[\]]{1,500}\s?$",
    re.IGNORECASE,
)
PICTURES = re.compile(r"<[^\s<>]{1,300}>|\[[^\[\]\n]{0,200}\]")
# "-John", "– Mary Jones" as the very last line.
DASH_NAME = re.compile(r"^\s{0,3}[-–—]{1,2}\s?[^\W\d_a-z][^\W\d_]{1,20}(?: [^\W\d_][\w.]{0,20}){0,2}\s*$")

# Below the separator, where people go on writing all the same.
POSTSCRIPT = re.compile(r"^\s{0,3}p\.? ?s\.?[ :,–-]", re.IGNORECASE)

# Sentences, as nobody's name, office or address has them.
GREETING = re.compile(r"^\W{0,3}(?:dear|hi|hello|annwyl|helo|shwmae|a chara)\b", re.IGNORECASE)
CLOSING = re.compile(
    r"\b(?:regards|wishes|sincerely|faithfully|cofion|dymuniadau|beannacht\w{0,4}|mise)\b", re.IGNORECASE
)
SMALL_WORDS = frozenset(
    "a an and at by for from in la le of on or the to und für de da del der di du et el en y yr i ar o ac na".split()
)
ABBREVIATED = re.compile(r"\b(?:ltd|inc|co|plc|etc|esq|phd|tel|ext|no|st|rd|ave|uk|\w)\.$", re.IGNORECASE)
