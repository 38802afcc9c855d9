"""Was this mail written by a person, to us? Whatever was not must never be answered by a machine (RFC 3834, "
"RFC 3464)."""

from __future__ import annotations

import re

from wardbook.correspondence.mime.automatic_words import AWAY, FAILED, FAILED_BODY
from wardbook.correspondence.mime.fields import Fields
from wardbook.correspondence.mime.model import Address
from wardbook.correspondence.mime.structure import Node

DAEMONS = re.compile(
    r"^(?:mailer[-_.]?daemon|mail[-_.]?daemon|post[-_.]?master|mdaemon|mmdf|uucp|mailsystem|mail-?delivery.*|"
    r"bounces?|bounce[-_+=.].*|.*-bounces|microsoftexchange[0-9a-f]*|daemon|delivery-?notification.*|"
    r"double-bounce)(?:$|[+@\\])",
    re.IGNORECASE,
)
DAEMON_NAMES = re.compile(
    r"mail(?:er)? ?delivery (?:sub)?system|mail ?delivery ?service|mailer.?daemon|system administrator|mail system|"
    r"^postmaster\b|mail administrator|internet mail delivery",
    re.IGNORECASE,
)
NO_REPLY = re.compile(
    r"(?:^|[-_.+])(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|not?reply|noresponse|no[-_.]response|"
    r"nicht[-_.]?antworten|keine[-_.]?antwort|"
    r"ne[-_.]?pas[-_.]?repondre|pasdereponse|no[-_.]?responder|no[-_.]?contestar|non[-_.]?rispondere|"
    r"dim[-_.]?ateb|nomail|unattended|automated)(?:$|[-_.+@\d])",
    re.IGNORECASE,
)
NO_REPLY_HOST = re.compile(r"(?:^|\.)(?:no-?reply|do-?not-?reply|no-?mail)\.", re.IGNORECASE)
AUTOMATIC_FIELDS = frozenset(
    "x-mail-autoreply x-vacation x-away x-holiday-reply x-ms-exchange-generated-message-source x-otrs-loop "
    "x-cron-env x-amazon-auto-reply x-notes-autoreply x-loop-autoreply x-kmail-autoreply "
    "x-fc-machinegenerated".split()
)
# Every mailer has its own name for the field: X-Autoreply, X-Auto-Reply-From, Auto-Generated. Two of them say it
# otherwise: what a sender wants of others, and the field of the standard, which is read by itself.
AUTOMATIC_NAME = re.compile(
    r"(?!x-auto-response-suppress$|auto-submitted$)"
    r"(?:x-)?auto[-_]?(?:response|submitted|replied|reply|generated|respond(?:er)?)(?:-.*)?"
)
MACHINES = re.compile(
    r"vacation|auto[-_. ]?(?:respon|repl)|holidayreply|machine ?generated|out ?of ?office", re.IGNORECASE
)
LISTS = frozenset(
    "list-id list-post list-help list-subscribe list-owner list-archive x-mailing-list mailing-list "
    "x-mailman-version "
    "x-beenthere x-listname x-list x-list-id x-google-loop x-yahoo-newman-property x-sympa-to".split()
)
BULK = frozenset(
    "list-unsubscribe list-unsubscribe-post x-campaign x-campaignid x-mailchimp-id x-mc-user x-csa-complaints".split()
)
PRECEDENCE = {"bulk": "bulk", "junk": "bulk", "list": "list", "auto_reply": "auto-reply"}
# "All" is set by machines. Exchange Online sets the others on the mail of people too that a server of their own hands
# to it: they ask for no answer, and say nothing of who wrote.
SUPPRESS = re.compile(r"\ball\b", re.IGNORECASE)
UNWANTED = re.compile(r"\b(?:all|oof|autoreply)\b", re.IGNORECASE)


def classify(
    fields: Fields, root: Node, sender: Address | None, subject: str, text: str, reports: frozenset[str]
) -> str:
    """'' for a person's mail; else bounce, receipt, auto-reply, list or bulk. `reports`: types of parts in it."""
    if _is_bounce(fields, root, sender, subject, text, reports):
        return "bounce"
    report = root.parameters.get("report-type", "").lower()
    if report == "disposition-notification" or "message/disposition-notification" in reports:
        return "receipt"
    if "message/delivery-status" in reports and root.type == "multipart/report":
        return "receipt"
    if report == "feedback-report" or "message/feedback-report" in reports:
        return "bulk"
    if _answers_itself(fields, sender, subject):
        return "auto-reply"
    if is_list(fields):
        return "list"
    if precedence := next(filter(None, map(PRECEDENCE.get, _precedences(fields))), ""):
        return precedence
    names = {name for name, _ in fields.rows}
    if names & BULK or (sender and _says_no_reply(sender.address)):
        return "bulk"
    return ""


def nobody_reads(address: str) -> bool:
    """Whether the address says of itself that nobody reads what is sent to it."""
    return _says_no_reply(address) or DAEMONS.match(address.strip()) is not None


def _says_no_reply(address: str) -> bool:
    local, _at, host = address.strip().partition("@")
    return NO_REPLY.search(local) is not None or NO_REPLY_HOST.search(host) is not None


def wants_no_answer(fields: Fields) -> bool:
    """Whether the sender's system asks that no machine answers, even where a person wrote."""
    return UNWANTED.search(fields.text("x-auto-response-suppress")) is not None


OWNERS = re.compile(r"^<?(?:owner-[^@]+|[^@]+-owner|[^@]+-bounces(?:\+[^@]*)?)@", re.IGNORECASE)


def is_list(fields: Fields) -> bool:
    if OWNERS.match(fields.text("return-path")) or OWNERS.match(fields.text("sender")):
        return True
    if any(name in LISTS for name, _ in fields.rows):
        return True
    return "list" in _precedences(fields)


def _precedences(fields: Fields) -> list[str]:
    said = (fields.text(name).lower() for name in ("precedence", "x-precedence"))
    return [text.replace(" ", "_").replace("-", "_") for text in said]


def _answers_itself(fields: Fields, sender: Address | None, subject: str) -> bool:
    submitted = fields.text("auto-submitted").split(";")[0].strip().lower()
    if submitted and submitted != "no":
        return True
    if fields.text("x-auto-response-suppress") and SUPPRESS.search(fields.text("x-auto-response-suppress")):
        return True
    own = [value for name, value in fields.rows if name in AUTOMATIC_FIELDS or AUTOMATIC_NAME.fullmatch(name)]
    if any(value[:50].partition(b";")[0].strip().lower() not in (b"no", b"false", b"0") for value in own):
        return True
    if sender is not None and sender.address.lower() in fields.text("x-ms-exchange-inbox-rules-loop").lower():
        # The sender's own rule wrote it; what the rule of another mailbox hands on is a person's.
        return True
    if "auto_reply" in _precedences(fields):
        return True
    if any(
        MACHINES.search(fields.text(name))
        for name in (
            "x-mailer",
            "x-pobox-autoreply",
            "x-notes-item",
            "delivered-by-the-graces-of",
            "x-freescout-mail-type",
        )
    ):
        return True
    if fields.text("x-loop").strip().lower() in ("yes", "true"):
        return True
    if AWAY.match(subject):
        return True
    if is_null_path(fields):
        return True
    return sender is not None and bool(DAEMONS.match(sender.address))


def is_null_path(fields: Fields) -> bool:
    """Sent with no address to send back to: by a machine, whatever else it says."""
    path = fields.raw("return-path")
    return path is not None and path.strip() in (
        b"<>",
        b"< >",
        b"<MAILER-DAEMON>",
        b"MAILER-DAEMON",
        b"<mailer-daemon>",
    )


def _is_bounce(
    fields: Fields, root: Node, sender: Address | None, subject: str, text: str, reports: frozenset[str]
) -> bool:
    if "x-failed-recipients" in fields:
        return True
    status = (
        root.parameters.get("report-type", "").lower() == "delivery-status" or "message/delivery-status" in reports
    )
    if status:
        # A report that all went well is a receipt.
        return "delivered" not in reports
    if root.parameters.get("report-type", "").lower() == "disposition-notification":
        # Dovecot tells of a full mailbox in the form of a receipt.
        return FAILED.match(subject) is not None and "rejected" in fields.text("auto-submitted")
    daemon = sender is not None and (
        DAEMONS.match(sender.address) is not None or (DAEMON_NAMES.search(sender.name) is not None)
    )
    machine = daemon or is_null_path(fields) or sender is None
    anywhere = FAILED.search(
        re.sub(r"^(?:\[[^\]]{1,40}\]|re:|\*+[^*]{1,20}\*+)\s*", "", subject, flags=re.IGNORECASE)
    )
    failed = FAILED.match(subject) is not None or (anywhere is not None and machine)
    told = FAILED_BODY.search(" ".join(text[:6_000].split())) is not None
    if AWAY.match(subject) and not told:
        return False
    if machine and (failed or told):
        return True
    if daemon and sender is not None and sender.address.lower().startswith("mailer-daemon@"):
        # Nothing else is ever sent by this one.
        return True
    # Some gateways report in their own name.
    returned = bool(reports & {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"})
    return failed and (told or (returned and "in-reply-to" not in fields))
