"""What machines write in the subject and in the text of mails, in many languages."""

from __future__ import annotations

import re

# A person goes on where a machine ends: "On holiday lets in our street", "On leave to remain".
_ENDS = r"(?=\s*(?:$|[:!.,(–-]|until\b|till\b|from\b|between\b|back\b|returning\b))"
_AWAY = (
    r"auto(?:matic|mated)?[ -]?(?:reply|response|respond|answer)",
    # "Auto:" is what RFC 3834, 3.1.5 asks for; a person who writes so of a car gets no acknowledgement.
    r"auto ?:|auto(?:matic(?:ally)?)?[ -]?generated\s?:|auto(?:matic|mated) (?:message|notification)\s?:",
    r"auto(?:matic|mated)? (?:acknowledge?ment|email response|generated (?:reply|response))|yahoo! auto response",
    r"autoreply|autoresponder|this is an auto(?:matic|mated) (?:reply|response)",
    r"out[- ]?of[- ]?(?:the[- ])?office|ooo\s?(?::|[-–] )|away from (?:the |my )?(?:office|desk)",
    (
        r"(?:i am|i['’]m|i will be|i['’]ll be|(?:[^\W\d_][\w.'’-]{0,30} ){1,4}is) (?:currently )?"
        r"out of (?:the|my) office\b"
    ),
    r"(?:i am|i['’]m|i will be|i['’]ll be) (?:currently )?away from (?:the|my) (?:office|desk)",
    r"(?:(?:i am|i['’]m) (?:currently )?)?on (?:(?:annual|maternity|paternity|sick) )?(?:leave|holidays?|vacation)"
    + _ENDS,
    r"(?:annual|maternity|paternity) leave\s?:|out on maternity leave",
    r"vacation (?:auto[- ]?)?(?:reply|notice|response)|holiday (?:reply|notice)|absence (?:du bureau|notification)",
    # Cymraeg, Gaeilge
    r"(?:ateb|ymateb|neges) awtomatig|allan o['’]r swyddfa|(?:yr wyf|rwyf|dw i) (?:allan o['’]r swyddfa|ar wyliau)"
    + _ENDS,
    r"freagra uathoibríoch|as (?:an )?oifig",
    # Deutsch
    r"automatische[rs]? (?:antwort|abwesenheit\w*|rückantwort|beantwortung|antwoord|reactie|e-?mail)|autoantwort",
    r"abwesenheit(?:s\w+)?\b|abwesend\b|(?:im )?urlaub\s?:|urlaubs(?:abwesenheit|benachrichtigung|notiz)",
    r"nicht im büro\s?:",
    r"ich bin (?:(?:nicht im|außer) (?:büro|haus)|im urlaub)|eingangsbestätigung\s?:",
    # Français, español, català, português, italiano
    r"r[ée]ponse automatique|absent\(?e?\)? du bureau|(?:absence|en congés?)\s?:",
    r"(?:message|réponse|notification|avis) d['’]absence",
    r"(?:respuesta|contestación) autom[áa]tica|(?:estoy )?fuera de (?:la )?oficina|ausente de la oficina",
    r"ausencia\s?:",
    r"estoy de vacaciones|per[ií]odo de vacaciones|fora de l['’]oficina",
    r"resposta autom[àáa]tica|auto-?resposta|(?:estou )?fora do escritório|estou de férias|ausência",
    r"risposta automatica|(?:sono )?fuori (?:sede|ufficio)|assenza dall['’]ufficio|sono in ferie",
    r"risposta non al computer",
    # Nederlands, svenska, norsk, dansk, suomi, íslenska
    r"automatisch (?:antwoord|bericht)|(?:ik ben )?afwezig(?:heid\w*)?\b|niet aanwezig|(?:buiten|niet op) kantoor",
    r"(?:(?:met|op) )?vakantie\s?:|ik ben (?:met|op) vakantie",
    r"autosvar|automatiskt? (?:svar|meddelande)|frånvar(?:o\w*|ande)|ute av kontoret|ikke på kontoret",
    r"ikke til ?stede",
    r"fravær(?:s\w*|\b)|fraværende|på (?:ferie|semester)\b|ferie\s?:|sjálfvirkt svar",
    r"automaatti(?:nen )?(?:vastaus|poissaolo\w*)|poissa\b|poissaolo\w*",
    # Polski and the east of Europe
    r"autoodpowiedź|automatyczna odpowiedź|odpowiedź automatyczna|poza biurem|nieobecn\w*|urlop\s?:",
    r"automatická odpove?[ěď]ď?|mimo kancelář|nepřítomnost\b|samodejni odgovor|automatski odgovor|odsutan\b",
    r"automatikus válasz|házon kívül|răspuns automat|automaatvastus|automatinis atsakymas|automātisk[aā] atbilde",
    r"автоответ|автоматический ответ|ответ автоматически|автоматична відповідь|автоматичен отговор",
    r"αυτόματη απάντηση|απουσία από το γραφείο|otomatik yanıt|ofis dışında|erantzun automatikoa",
    # The Near and the Far East
    r"(?:תגובה|מענה|תשובה) אוטומטי[תה]?|(?:ال)?رد (?:ال)?تلقائي|tự động trả lời|trả lời tự động",
    r"(?:jawaban|balasan) otomatis",
    r"自动回复|自動回覆|自動返信|自動応答|자동 (?:회신|응답)|부재\s?중",
)
AWAY = re.compile(
    r"^[\s*]*(?:[\[(]auto(?:matic(?:ally)?|mated)?[ -]?(?:reply|response|generated|message|notification)[\])]|"
    r"(?:\[[^\]]{1,40}\]\s*)?[\[(]?(?:" + "|".join(_AWAY) + "))",
    re.IGNORECASE,
)
_FAILED = (
    r"processing error|automatically rejected mail|mail delivery warning|\*{0,3}message you sent (?:was )?blocked",
    r"message has not (?:yet )?been delivered|email delivery failure|undeliver(?:able|ed)\b|undelivered mail",
    r"mail (?:delivery|system) (?:failed|failure|error)|mail could not be delivered|mail transaction failed",
    r"delivery (?:status notification|failure|has failed|failed|problem|report|notification\b)",
    r"mail failure|mail delivery (?:failed|failure|problem|status|unsuccessful)|failed mail|failed delivery",
    r"failure (?:notice|delivery)|delayed mail|warning: (?:could not send|message .{1,60} delayed|message delayed)",
    r"(?:e-?mail |message )?delivery (?:has been |is )?delayed",
    r"returned (?:mail|to sender)|return(?:ed|ing) (?:to sender|message)|returned email",
    r"message (?:delivery has been delayed|could not be delivered|not delivered|undeliverable|rejected)",
    r"message status - undeliverable|permanent delivery failure|non-?deliver(?:y|able)|nondeliverable",
    r"unable to deliver|rejected(?: mail)?\s?:|postmaster notify|user unknown|unknown address",
    r"your message to .{1,80} (?:couldn|could not)",
    # Cymraeg
    r"meth(?:u|wyd) (?:(?:â|a) ?)?(?:danfon|anfon|dosbarthu)",
    # Deutsch, français, español, català, português, italiano
    r"unzustellbar|nicht zustellbar|zustell(?:ung|fehler)|(?:e-?)?mail konnte nicht|nicht zugestellt",
    r"non remis|échec de (?:la )?(?:remise|livraison|distribution)|notification d['’]état de remise",
    r"message non (?:distribué|délivré)",
    r"no se (?:puede|pudo) entregar|no entregado|devolución de correo|mensaje no entregado|no s['’]ha pogut lliurar",
    r"(?:mensagem )?não entregue|não (?:é|foi) possível entregar",
    r"(?:messaggio )?non recapitabile|mancato recapito|impossibile recapitare",
    # Nederlands, svenska, norsk, dansk, suomi
    r"onbestelbaar|niet (?:bezorgd|afgeleverd|te bezorgen)|kan inte levereras|olevererbart|ikke leveres",
    r"kan ikke levere",
    r"toimitus epäonnistui|ei voi(?:da)? toimittaa|toimittamaton",
    # Polski and the east of Europe
    r"niedostarcz\w+|nie (?:można dostarczyć|dostarczono)|nedoručitelné|nedoručiteľné|kézbesíthetetlen",
    r"imposibil de livrat|teslim edilemedi|δεν ήταν δυνατή η παράδοση|недоставленное|не доставлено",
    r"не удается доставить",
    # The Near and the Far East
    r"לא ניתן למסירה|配信不能|メールエラー通知|退信|系统退信|邮件传输失败|无法投递|未送达|배달되지 않음",
)
FAILED = re.compile(r"^\s*(?:\*+\s?spam\s?\*+\s*)?(?:" + "|".join(_FAILED) + ")", re.IGNORECASE)
_FAILED_BODY = (
    r"did not reach the following recipient|could not deliver message|unable to deliver (?:the |this )?m",
    r"pas pu [eê]tre d|was automatically rejected|has not yet been delivered",
    r"this is the qmail-send program|this message was created automatically by (?:the )?mail delivery software",
    r"this is (?:the mail system at host|an automatically generated delivery status)",
    r"i wasn'?t able to deliver your message",
    (
        r"your message (?:could ?n[o']t be delivered|wasn'?t delivered|did not reach|has not been delivered|"
        r"cannot be delivered)"
    ),
    r"the following (?:address(?:es)?|recipients?|message) (?:had|have|has|could|failed|cannot|to|was|were)",
    r"delivery to the following recipients? (?:failed|has been|was)|could not be delivered to",
    r"permanent (?:fatal )?errors?|undeliverable (?:to|message)|failed addresses follow|recipient address rejected",
    r"mailbox (?:unavailable|is full|full)|user (?:unknown|doesn't exist)|no such user",
    r"konnte nicht zugestellt werden|n'a pas pu être (?:remis|délivré)",
)
FAILED_BODY = re.compile("|".join(_FAILED_BODY), re.IGNORECASE)
