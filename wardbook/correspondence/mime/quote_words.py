"""How the mailers of many languages begin what they quote."""

from __future__ import annotations

import re

# "On … wrote:" in the languages; {0} stands for nothing, they are alternatives of one pattern.
WROTE = (
    r"wrote|writes|has written|says|said|sent|ysgrifennodd|scríobh|schrieb|hat geschrieben|schrieben|"
    r"geschrieben|a écrit|écrit|a ecrit|"
    r"escribió|"
    r"escribio|escribieron|escribía|ha escrito|va escriure|ha escrit|ha scritto|scrisse|scritto|escreveu|"
    r"schreef|heeft geschreven|het volgende "
    r"geschreven|nous a dit|skrev|skreiv|"
    r"kirjoitti|pisze|napisał\(a\)|napisał|napisała|napisal|nadesłał|napsal\(a\)|napsal|napsala|napísal|napísal\(a\)|"
    r"írta|a scris|yazdı|şunu yazdı|έγραψε|пишет|пише|писал\(а\)|писал|написал\(а\)|написал|написав|написа|"
    r"rašė|rakstīja|"
    r"kirjutas|idatzi du|escribiu|skrifaði|je napisao|je napisal|napisao je|napisala je|napisao/la je|"
    r"viết|tulis|menulis|sgrìobh|skreau|shkroi|이\(가\) 쓴 글|"
    r"写道|寫道|のメール|のメッセージ|님이 작성|작성|כתב|كتب"
)
STARTS = (
    r"on|am|le|el|il|op|den|em|dnia|w dniu|ar|dne|dňa|pe|in data|de|no dia|på|d\.|kl\.|at|il giorno|à|a|sobre|"
    r"mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|ma|wo|vr|za|zo|lun|mar|mer|jeu|ven|sam|dim|"
    r"man|tir|ons|tor|fre|lør|søn|mån|tis|lör|sön|pon|wt|śr|czw|pt|sob|niedz|ti|ke|to|pe|la|su|"
    r"ddydd|dé|dydd|dia|às|þann|më|在|vào|op|στις|в|bei|dana|на|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|"
    r"понеділок|вівторок|середа|четвер|п[’']ятниця|субота|неділя|пн|вт|ср|чт|пт|сб|вс|нд"
)
DATE_LIKE = re.compile(
    r"\d{1,4}[./\-年]\s?\d{1,2}|\d{1,2}[:.h]\d{2}|\b(?:19|20)\d\d\b|\d\s?[^\W\d_]{3}|[^\W\d_]{3,9}\.? \d"
)
WROTE_END = re.compile(rf"(?:^|[\s>,)\"'*\]])(?:{WROTE})[^:：]{{0,80}}[:：]?\s*[*>_-]{{0,6}}\s*$", re.IGNORECASE)
# "Office <office@…> schrieb am Mo., 1. Juli 2024, 10:00:": a whole date behind it, and nothing behind that. Who says
# "I" tells of a letter.
_DAY = (
    r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}\.? (?:de )?[^\W\d_]{3,12}\.?,? (?:de )?\d{4}|"
    r"[^\W\d_]{3,12}\.? \d{1,2},? \d{4})"
)
_HOUR = r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?: ?(?:[ap]\. ?m\.|[ap]m\b|uhr\b|[a-z]{1,5}\b)){0,2}"
WROTE_ON = re.compile(
    rf"^(?-i:(?!.{{0,120}}\bI\b)).{{2,120}}[\s>)](?:{WROTE}),? ?(?:(?:on|am|le|el|il|op|den|ar|dnia|an) |\()?"
    rf"(?:[^\W\d_]{{2,14}}[.,]{{0,2}} )?(?:{_DAY}(?:[ ,.][^\n\d:]{{0,14}}{_HOUR})?|"
    rf"às {_HOUR} de {_DAY})\){{0,3}} ?[:：]\s*$",
    re.IGNORECASE,
)
# Words that stand in a sentence and in nobody's name: "On 3 May 2026 the officer said:" is told, not quoted.
TOLD = re.compile(
    r"\b(?:the|my|our|your|his|her|their|he|she|they|we|it|who|that|this|said|says|sent|le|el|notre|das|mein|meine|unser|unsere|y|yr|"
    r"fy|eu)\b"
)
START = re.compile(rf"^[\s*_-]{{0,8}}(?:(?:{STARTS})\b|[\[(]?\d|[^\n]{{1,80}}<[^<>\s]+@)", re.IGNORECASE)
MAIL = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,190}")
GMAIL_DATE = re.compile(
    r"^(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}\.\d{1,2}\.\d{4}, \d{1,2}:\d{2}|"
    r"[^\W\d_]{2,4}, \d{1,2} \S{3,8} \d{4})"
    r"\s?.{0,120}<\s?[^<>\s]{1,200}@[^<>]{1,200}>\s*:?\s*$"
)
ISO_DATE = re.compile(r"^20\d\d-\d\d-\d\d \d\d:\d\d (?:GMT|UTC)[+-]\d\d:\d\d [\w .,'-]{1,80}:?$")
# As Gmail, mail.ru and The Bat say it in languages that put it otherwise.
_ADDRESS = r"<[^<>\s@]{1,100}@[^<>\s@]{1,200}>"
NAMED = re.compile(
    rf"^(?:.{{1,120}}{_ADDRESS} (?:ezt írta \(időpont: .{{4,60}}\)|於 .{{6,40}}寫道)|"
    rf"(?:בתאריך|في) .{{6,200}}{_ADDRESS}|(?:вы|ви) писали \d.{{4,60}}|"
    # Apple in Polish, Gmail in Catalan, Basque and Chinese, and those where the verb is before the name
    rf"wiadomość napisana przez .{{2,150}}\d.{{4,40}}|missatge de .{{1,120}}{_ADDRESS} del dia .{{4,60}}|"
    rf".{{1,120}}{_ADDRESS} erabiltzaileak hau idatzi du \(.{{6,60}}\)|"
    rf".{{1,120}} [于於]\s?\d{{4}}[年/.-].{{4,40}}(?:写道|寫道)|"
    rf"(?:scríobh|ysgrifennodd|sgrìobh) [^:]{{1,160}} (?:an|ar|am|na leanas) \d[^:]{{3,30}}\d{{1,2}}[:.]\d{{2}}|"
    # Horde and its like say no date; some mailers only the address, Tuta the address behind the date
    rf"(?:quoting|zitat von|citando(?: a)?|citeren|cytowanie|citerar|siteeraan) .{{0,80}}{_ADDRESS}|"
    rf"<?[^<>\s@]{{1,64}}@[^<>\s@]{{1,190}}>? (?:{WROTE})|"
    rf"(?:\d|[^\W\d_]{{3,9}}\.? \d).{{4,24}}\d{{1,2}}:\d{{2}}(?: [ap]m)? "
    rf"(?:by|von|par|de|por|da|door|od|av|af|fra|gan) [^<>\s@]{{1,64}}@[^<>\s@:]{{1,190}})\s?[:：]$",
    re.IGNORECASE,
)
DATED = re.compile(
    rf"^[^\W\d_]{{2,14}}\.?,? \d{{1,2}}\.? [^\W\d_]{{3,12}}\.? \d{{4}}\b.{{0,20}}\b"
    rf"\d{{1,2}}[:.]\d{{2}}\b.{{0,120}}{_ADDRESS}:$"
)
TURNS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
RULED = re.compile(rf"^-{{2,}}\s?.{{1,160}}\b(?:{WROTE})\s?:?-{{2,}}$", re.IGNORECASE)
POSTED = re.compile(r"^\s*posted by .{1,80} on \d{1,2}/\d{1,2}/\d{4}\s*$", re.IGNORECASE)
# Words and the beginning of the quotation on one line, as some web mailers send them.
SHARED = re.compile(
    r"^(.{0,300}?\w\S{0,20})\s+(On (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|\d{1,2} |[A-Z][a-z]{2} \d)"
    r"[^\n]{10,250}\bwrote:)\s*$"
)
# The beginning of the quotation and its first words on one line.
BEGUN = re.compile(
    r"^(\s{0,4}On (?:\d|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? )[^\n<>]{8,200}"
    r"(?:<[^\s<>@]{1,64}@[^\s<>@]{1,190}>|at \d{1,2}:\d{2} [AP]M, \"[^\"\n<>]{1,80}\" ?) wrote:)\s{0,9}(\S.*)$"
)
# GroupWise writes who and when between its own signs; Notes draws a box around each header.
GROUPWISE = re.compile(r"^>>>\s(?=.{0,200}[@\d]).{3,200}\s>>>$")
BOXED = re.compile(r"^\|-{6,40}>$")
# Notes writes who, when, and the names of the headers each on a line of its own.
NOTES_WHO = re.compile(r"^\s*[^<>]{0,80}<?[^<>\s@]{1,64}@[^<>\s@]{1,190}>?\s*$")
NOTES_WHEN = re.compile(r"^\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4},? \d{1,2}[:.]\d{2}(?: ?[AP]M)?\s*$", re.IGNORECASE)
NOTES_TO = re.compile(r"^\s*(?:to|an|à|para|a|aan|at)\s*$", re.IGNORECASE)
NOTES_SUBJECT = re.compile(r"^\s*(?:subject|betreff|thema|objet|asunto|oggetto|onderwerp|pwnc)\s*$", re.IGNORECASE)
CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}")
LINK = re.compile(r"^\s*[(<]https?://\S{1,500}[)>]\s*>?\s*$")

ORIGINAL = (
    r"original message|original e?-?mail|original appointment|reply message|reply above this line|neges wreiddiol|"
    r"bunteachtaireacht|teachtaireacht bhunaidh|urspr(?:ü|ue)ngliche (?:nachricht|mail|e-mail)|"
    r"original[- ]?nachricht|orig\. nachricht|weitergeleitete e-mail|message d['’`]origine|"
    r"message original|mail original|courriel original|missatge original|mensaje "
    r"original|"
    r"messaggio originale|mensagem original|oorspronkelijk bericht|oprindelig meddelelse|original meddelelse|"
    r"opprinnelig melding|oprindelig besked|original besked|ursprungligt meddelande|originalmeddelande|"
    r"alkuperäinen viesti|wiadomość oryginalna|"
    r"oryginalna wiadomość|původní (?:zpráva|e-mail)|pôvodná správa|eredeti üzenet|mesaj(?:ul)? original|"
    r"orijinal ileti|исходное сообщение|"
    r"оригинальное сообщение|пересылаемое сообщение|αρχικό μήνυμα|izvorna poruka|izvirno sporočilo|"
    r"oorspronklike boodskap|oarspronklik berjocht|الرسالة الأصليَّ?ة|mensaxe orixinal|оригинално писмо|"
    r"kemennadenn orinel|algne kiri|jatorrizko mezua|alkuperäinen viesti / orig\.msg\.|an teachdaireachd thùsail|"
    r"upprunalegur póstur|originalus laiškas|opphavleg melding|treść oryginalnej wiadomości|mesazhi origjinal|"
    r"özgün i̇?leti|початкове повідомлення|thư gốc|ursprüngliche mitteilung|pesan asli|मूल संदेश|sākotnējais ziņojums|"
    r"原始消息|原始邮件|原始郵件|回复的原邮件|回覆的原郵件|元のメッセージ|원본 메시지|הודעה מקורית"
)
FORWARDED = (
    r"forwarded message|forwarded by|begin forwarded message|fwd|neges a anfonwyd ymlaen|neges wedi[’']i hanfon "
    r"ymlaen|"
    r"teachtaireacht ar aghaidh|weitergeleitete (?:nachricht|mail)|"
    r"anfang der weitergeleiteten (?:nachricht|e-mail)|weitergeleitet von|message transféré|message transmis|"
    r"message réexpédié|"
    r"début du message (?:réexpédié|transféré|transmis)|mensaje reenviado|inicio del mensaje reenviado|"
    r"messaggio inoltrato|inizio messaggio inoltrato|inizio del messaggio inoltrato|mensagem (?:encaminhada|"
    r"reencaminhada)|"
    r"in[íi]cio da mensagem (?:encaminhada|reencaminhada)|doorgestuurd bericht|begin doorgestuurd bericht|"
    r"videresendt (?:meddelelse|besked|melding)|start på videresendt (?:besked|melding)|vidarebefordrat meddelande|"
    r"vidarebefordrat brev|välitetty viesti|edelleenlähetetty viesti|przekazana wiadomość|wiadomość przekazana|"
    r"přeposlaná zpráva|továbbított üzenet|mesaj redirecționat|iletilen mesaj|"
    r"перенаправленное сообщение|转发的邮件|轉寄的郵件"
)
RULE = r"[-_=*—–‐‑―─#~]"
_FREE = r"(?:\s|&nbsp;){0,9}"
DELIMITER = re.compile(
    rf"^[\s*>]*{RULE}{{2,}}{_FREE}(?:{ORIGINAL}){_FREE}:?{_FREE}{RULE}*\s*$|^\s*(?:{ORIGINAL})\s*:\s*$|"
    rf"^\s*{RULE}{{3,}}{_FREE}original{_FREE}{RULE}{{3,}}\s*$",
    re.IGNORECASE,
)
# What was HTML once has the first of the headers on the same line, and more.
GLUED = re.compile(rf"(?<!-)-{{5,40}}+ ?(?:{ORIGINAL}) ?-{{5,40}}+ ?[^\W\d_]{{2,12}} ?:", re.IGNORECASE)
ORIGINAL_RUN = re.compile(rf"^{RULE}{{3,40}} ?(?:{ORIGINAL}) ?{RULE}{{3,40}} ?[^\W\d_]{{2,12}} ?:", re.IGNORECASE)
ORIGINAL_ALONE = re.compile(rf"^(?:{ORIGINAL})$", re.IGNORECASE)
FORWARD = re.compile(
    rf"^[\s*>]*{RULE}{{2,}}\s*(?:{FORWARDED})\b.{{0,120}}$|^[\s*>]*(?:{FORWARDED})\s?:\s*$", re.IGNORECASE
)
# Lines of our kind of software: what is below is never the writer's.
REPLY_ABOVE = re.compile(
    r"^[\s#*=_-]{0,60}(?:please )?(?:type|write|enter)? ?(?:your )?(?:reply|response|antwort|réponse)? ?"
    r"(?:reply|respond|write|antworten|répondre) (?:above|over|oberhalb|au-dessus) (?:of )?(?:this|dieser|de "
    r"cette) (?:line|zeile|ligne)"
    r"|^to reply, (?:please )?(?:type|write|enter) (?:your )?(?:message|reply|response) above this line\W{0,9}$"
    r"|^\W{0,9}(?:please )?(?:do not|don['’]t) (?:write|type|reply|edit|enter anything) below this line\W{0,9}$",
    re.IGNORECASE,
)
# The same in other languages: between signs, one word of each in any order.
_BETWEEN = re.compile(r"^[\[(]?(?:[#*=_‐–—-]{2,}|[#*=_‐–—-].{0,130}[#*=_‐–—-]$)")
_REPLY_WORDS = re.compile(
    r"\b(?:reply|respon\w{1,4}|write|message|antwort\w{0,3}|réponse|répondre|répondez|respuesta|respond[ae]r?|"
    r"risposta|"
    r"rispond\w{1,4}|resposta|antwoord\w{0,3}|svar\w{0,3}|vasta\w{0,6}|odpowied\w{1,3}|ateb\w{0,3}|hateb|neges|"
    r"fr?h?reagra|freagair)\b",
    re.IGNORECASE,
)
_ABOVE_WORDS = re.compile(
    r"\b(?:above|over|über|oberhalb|au-dessus|encima|arriba|sopra|acima|boven|ovanför|ovenfor|over|yläpuolel\w{1,3}|"
    r"powyżej|nad|uwchben|uwchlaw|os cionn)\b",
    re.IGNORECASE,
)
_LINE_WORDS = re.compile(
    r"\b(?:line|zeile|linie|ligne|línea|riga|linha|regel|lijn|rad(?:en)?|linjen?|rivin|lini[ąię]|linijk[ąi]|"
    r"llinell|líne)\b",
    re.IGNORECASE,
)
UNDERSCORES = re.compile(r"^\s*(?:_{20,}|-{30,})\s*$")

# Names of the header lines that mailers write above what they quote, by what they mean.
HEADERS = {
    "from": "from|von|de|da|van|från|fra|lähettäjä|od|від|nuo|saatja|šalje|de la|gönderen|nork|oddo|oddi wrth|ó|"
    "feladó|expeditor|kimden|от|από|差出人|发件人|"
    "寄件者|보낸 사람|מאת|من|nadawca|expéditeur|remitente|mittente|afzender|absender|odesílatel|odosielateľ|"
    "pošiljatelj",
    "date": "date|sent|datum|gesendet|gesendet am|envoyé|envoyé le|le|fecha|enviado|enviado el|enviado em|"
    "enviada em|data|"
    "inviato|verzonden|datum verzonden|skickat|dato|sendt|lähetetty|päivämäärä|päiväys|wysłano|wysłane|data "
    "wysłania|odesláno|odoslané|dátum|elküldve|trimis|tarih|gönderme tarihi|gönderildi|дата|надіслано|"
    "изпратено|išsiųsta|saadetud|enviat|enviat el|enviada el|bidaltze-data|küldve|στάλθηκε|"
    "تم الإرسال|التاريخ|отправлено|"
    "ημερομηνία|dyddiad|anfonwyd|anfon|dáta|seolta|送信日時|"
    "日付|发送时间|发送日期|日期|寄件日期|보낸 날짜|datum odeslání|poslano|תאריך",
    "to": "to|an|à|a|para|aan|till|til|vastaanottaja|do|komu|címzett|către|catre|kime|кому|προς|at|i|chuig|宛先|"
    "收件人|收件者|받는 사람|אל|إلى|destinataire|destinatario|destinatarios|empfänger|adresat|za|до|per a|nori|"
    "prima|adressaat|kam|odbiorca",
    "subject": "subject|betreff|betr|betr.|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|aihe|temat|předmět|"
    "predmet|predmet|tárgy|tárgya|subiect|konu|тема|θέμα|pwnc|testun|ábhar|件名|主题|主旨|제목|נושא|zadeva|"
    "относно|teema|gaia|الموضوع|re",
    "cc": "cc|kopie|copie|copie à|copia|kopia|kopi|kopio|dw|udw|kopie (cc)|másolatot kap|копия|c.c.|csc|抄送|副本|"
    "참조|kopija|bcc|reply-to|antwort an|répondre à|organization|organisation|importance|wichtigkeit|priority|"
    "attachments|anlagen|pièces jointes|rhoi copi",
}
MEANING = {name: kind for kind, names in HEADERS.items() for name in names.split("|")}
# All of them on one line, as some mobile mailers write them.
ONE_LINE = re.compile(
    r"^\s*(?:date|from|sent): .{3,120}? (?:from|to|sent|date): .{1,200}? (?:to|subject|sent): ", re.IGNORECASE
)
HEADER = re.compile(r"^[\s>*_|]{0,12}([^\W\d_][^:：\n]{0,24}?)[\s*_]{0,4}[:：][\s*_]*(.*)$")


def header_kind(line: str) -> str:
    """Which header this line looks like: from, date, to, subject, cc; '' for none."""
    if ":" not in line and "：" not in line:
        return ""
    found = HEADER.match(line[:300])
    return MEANING.get(found[1].strip(" *_\xa0").lower(), "") if found else ""


def is_reply_above(line: str) -> bool:
    """Whether our kind of software asks here to write above."""
    if REPLY_ABOVE.match(line):
        return True
    return len(line) < 140 and bool(
        _BETWEEN.match(line) and _ABOVE_WORDS.search(line) and _LINE_WORDS.search(line) and _REPLY_WORDS.search(line)
    )


# What forms of websites ask for: no mailer writes it among the headers of a mail.
FORM = re.compile(
    r"^\s{0,3}(?:name|full name|phone|telephone|tel|mobile|post ?code|(?:e-?mail )?address|(?:your )?(?:message|"
    r"enquiry|"
    r"comments?|query)|message body|details|enw|ffôn|cyfeiriad|cod post|neges|sylwadau|ymholiad|ainm|fón|guthán|"
    r"seoladh|"
    r"eirchód|teachtaireacht)\s?[:：]",
    re.IGNORECASE,
)
# A table of headers begins so: "From: | Office <…@…>".
ROW_FROM = re.compile(r"^[^\W\d_][^|:：\n]{0,24}[:：] \| .{0,200}@")
ROW = re.compile(r"^([^\W\d_][^|:：\n]{0,24}?) ?[:：]? \| ")


def row_kind(line: str) -> str:
    """The same for a row of a table: "Subject | Bins"."""
    found = ROW.match(line[:300])
    return MEANING.get(found[1].strip().lower(), "") if found else header_kind(line)
