"""What a reader of a message must be told: codes kept on the message, and their words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FORGED_STAFF = "forged-staff"
NOT_ON_CASE = "not-on-case"
UNVERIFIED = "unverified"
REPLY_TO = "reply-to"
SAME_IDENTIFIER = "same-identifier"
SHARED_ADDRESS = "shared-address"
SEVERAL_SENDERS = "several-senders"
NO_SENDER = "no-sender"
QUOTES_NUMBER = "quotes-number"
LATE_REPLY = "late-reply"
CODE = "code"
IN_PART = "in-part"

WORDS: dict[str, Promise] = {
    FORGED_STAFF: _("Says it is from this office, but came from outside. Perhaps forged."),
    NOT_ON_CASE: _("The sender is not on this case."),
    UNVERIFIED: _("The sender could not be verified: the mail did not come from where it says."),
    REPLY_TO: _("Asks for answers at another address than it came from."),
    SAME_IDENTIFIER: _("Carries the identifier of another message. Perhaps sent to be mistaken for it."),
    SHARED_ADDRESS: _("Several people share this address."),
    SEVERAL_SENDERS: _("Names several senders."),
    NO_SENDER: _("Names no sender."),
    QUOTES_NUMBER: _("Quotes a case, but the sender is not on it."),
    LATE_REPLY: _("Answers a case that was closed long ago."),
    CODE: _("Looks like a sign-in code or a request to confirm an address. Do not pass it on."),
    IN_PART: _("Could be read only in part. The mail is kept as it came."),
}


def words(codes: list[str]) -> list[Promise | str]:
    """What to show for the codes of a message, in their order."""
    return [WORDS.get(code, code) for code in codes]
