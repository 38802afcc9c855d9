"""Where a signature begins: what the writer's device or employer put below the words."""

from __future__ import annotations

import re

SEPARATOR = re.compile(r"^\s{0,3}(?:-- ?|--\s|__ ?|—\s?|– ?|- -\s?)$")
SENT_FROM = re.compile(
    r"^[\s*_<(\[\-–—]{0,6}(?:sent (?:from|via|with|using|by) \S.{0,60}$|[^\W\d_]{1,20} from mobile$|from my "
    r".{1,20}$|"
    r"(?:posted|typed|written) (?:from|via|with|using|by) (?:my|the|outlook|yahoo|"
    r"mail|proton|samsung|"
    r"gmail|an?\b|blackberry|android|iphone|ipad|aol|windows|airmail|spark|mobile|tutanota|hey|fastmail|"
    r"superhuman|mailbird|"
    r"[\w.]{1,20} (?:mail|mobile|for|device))"
    r"|get (?:the )?outlook for|download (?:the )?(?:new )?outlook|enviado (?:desde|do|a partir|con|pelo|de) "
    r"(?:mi|meu|o|outlook|"
    r"yahoo|correo|iphone|gmail|mail|samsung|proton)|從我的 .{1,20} 傳送|envoyé (?:de|depuis|à partir|par|avec) "
    r"(?:mon|ma|mobile|"
    r"outlook|yahoo|l['’]|"
    r"courrier|iphone|gmail|proton|la messagerie|un|téléphone)|(?:von (?:meinem|meiner) .{1,40} gesendet|"
    r"gesendet (?:von|mit|über|"
    r"aus) (?:meinem|meiner|mein|outlook|yahoo|mail|der|dem|web|proton|iphone|samsung|unterwegs|android|gmx|"
    r"blackberry|a1|"
    r"mobil)|diese nachricht wurde von meinem .{1,60} gesendet|hol(?:en)? sie sich outlook)|inviato (?:da|dal|"
    r"tramite|con) (?:il )?"
    r"(?:mio|mia|outlook|yahoo|iphone|libero|posta|gmail|cellulare|smartphone|tiscali|proton)?|"
    r"verzonden (?:vanaf|van|met|via|vanuit) (?:mijn|outlook|yahoo|mail|een|iphone|samsung|proton)|verstuurd vanaf|"
    r"skickat från (?:min|mitt|outlook|e-post|yahoo)|sendt fra (?:min|mit|outlook|mail|yahoo|e-post|e-mail)|"
    r"lähetetty (?:iphonesta|minun|\w{1,20}(?:lta|sta))|wysłan[eo] z (?:mojego|telefonu|iphone|outlook|yahoo|"
    r"poczty|aplikacji|"
    r"programu|smartfona|systemu|urządzenia)|odesláno z|odoslané z|anfonwyd o(?:'|’)?[mi]? ?(?:fy|iphone|ffôn|"
    r"ipad|outlook)?|"
    r"seolta ó m['’]?|ó mo (?:ghuthán|iphone)|отправлено (?:с|из)|iphone(?:'|’)?umdan|iphoneから送信|发自我的|從我的|"
    r"my iphone|tapatalk)",
    re.IGNORECASE,
)
OWN_DEVICE = re.compile(r"^\s*\[?(?:iPhoneから送信|从我的.{1,20}发送|发自我的.{1,20}|내 .{1,20}에서 보냄)\]?\s*$")
DISCLAIMER = re.compile(
    r"^[\s*_\[(<\-=!]{0,8}(?:disclaimer\b|notice:\s|(?:legal |important |privacy |e-?mail )?(?:confidentiality|"
    r"privileged|"
    r"confidential|legal|"
    r"important|privacy)(?: and [a-z]{3,20})? (?:notice|note|information|warning|statement|disclaimer)\b"
    r"|(?:this|the) (?:information|contents?|(?:e-?mail|email|electronic|message|communication|transmission)s?)"
    r"[^.\n]{0,120}\b(?:confidential|privileged|intended (?:only|solely)|solely|protect)"
    r"|(?:this|the information (?:contained )?in this) (?:e-?mail|email|message|"
    r"communication)[^.\n]{0,60}\b(?:attachments?|files?|"
    r"intended|may contain|contains)"
    r"|(?:ce|cette|le présent) (?:message|courriel|courrier|mail|e-mail|"
    r"communication)[^.\n]{0,100}(?:confidenti|destinataire|exclusi)"
    r"|(?:este|el presente|esta) (?:mensaje|correo|e-mail|comunicación|mensagem)[^.\n]{0,100}(?:confidencial|"
    r"destinat|dirig|exclusiv)"
    r"|(?:diese|die(?:se)? (?:in dieser )?) ?(?:e-?mail|nachricht|information)[^.\n]{0,100}(?:vertraulich|"
    r"ausschließlich|bestimmt)"
    r"|(?:questo|il presente) (?:messaggio|e-mail)[^.\n]{0,100}(?:riservat|confidenzial|destinat)"
    r"|(?:dit|deze) (?:bericht|e-?mail)[^.\n]{0,100}(?:vertrouwelijk|uitsluitend|bestemd)"
    r"|(?:mae(?:'|’)?r (?:e-?bost|neges)|gall y neges)[^.\n]{0,100}(?:cyfrinachol|gyfrinachol|bwriadu)"
    r"|(?:tá (?:an|eolas) [^.\n]{0,80}(?:rúnda|faoi rún))"
    r"|(?:please )?(?:consider|think of) the environment before|(?:wichtiger hinweis|hinweis|achtung|"
    r"vertraulichkeit)\s*:"
    r"|(?:bitte )?denken sie an die umwelt|virus-free\.|virenfrei\.|this email has been (?:checked|scanned)|"
    r"diese e-mail wurde (?:von|auf)|avast logo|scanned by)",
    re.IGNORECASE,
)
# "-John", "– Mary Jones" as the very last line.
DASH_NAME = re.compile(r"^\s{0,3}[-–—]{1,2}\s?[^\W\d_a-z][^\W\d_]{1,20}(?: [^\W\d_][\w.]{0,20}){0,2}\s*$")
LONGEST = 25
LONGEST_FROM = 8


def begins_at(lines: list[str]) -> int:
    """The index from which on `lines` are signature: len(lines) where there is none."""
    last = len(lines)
    while last and not lines[last - 1].strip():
        last -= 1
    # Never all of it: a mail that is only a signature is its text.
    first = next((index for index, line in enumerate(lines) if line.strip()), last)
    start = last
    for index in range(last - 1, first - 1, -1):
        line = lines[index]
        if index == first and not SEPARATOR.match(line):
            break
        if last - index > 60:
            break
        if SEPARATOR.match(line) and _short(lines, index + 1, last, LONGEST):
            start = index
        elif start == last and not line.startswith(">") and DASH_NAME.match(line) and index == last - 1:
            if not _is_list(lines, index):
                start = index
        elif len(line) < 400 and (SENT_FROM.match(line) or OWN_DEVICE.match(line)):
            if len(line) < 160 and _short(lines, index + 1, min(start, last), LONGEST_FROM):
                start = index
        elif DISCLAIMER.match(line[:400]):
            start = index
    return start


def _short(lines: list[str], start: int, end: int, most: int) -> bool:
    return sum(1 for line in lines[start:end] if line.strip()) <= most


def _is_list(lines: list[str], index: int) -> bool:
    return index > 0 and bool(re.match(r"^\s*[-*–•]\s?\S", lines[index - 1]))
