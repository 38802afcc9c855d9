"""Where mailers mark the quoted past in HTML: elements around it, and elements from which on it is the past.

And where they mark a signature.
"""

from __future__ import annotations

import re

from wardbook.correspondence.mime.html_scan import Tag

# The past is inside these.
AROUND_CLASSES = frozenset(
    "gmail_quote gmail_quote_container gmail_attr moz-cite-prefix yahoo_quoted yahoo-quoted-begin protonmail_quote "
    "zmail_extra wmquote quoted_text tutanota_quote moz-forward-container moz-email-headers-table y_msg_container "
    "ms-outlook-mobile-reference-message gmail_extra_quote mb_sig_quote bloop_original_html domino-section "
    "fsreplyabove cm_replymail_content_wrap".split()
)
AROUND_IDS = re.compile(
    r"^(?:yahoo_quoted|ymail_android_quoted|replysplit|mailcontainerquote|reply-intro|isreplycontent|"
    r"messagereplysection$|fsreplyabove$|quote$)"
)
# The past is these and everything behind them.
AFTER_IDS = frozenset(
    "divrplyfwdmsg appendonsend outlookmessageheader stopspelling mail-editor-reference-message-container "
    "ms-outlook-mobile-reference-message x_divrplyfwdmsg x_appendonsend divtagdefaultwrapper_quote "
    "hmmessage_quote".split()
)
AFTER_CLASSES = frozenset("outlookmessageheader zmail_extra_hr".split())
# Outlook draws a line above the block with From, Sent, To.
BORDER = re.compile(
    r"border:\s?none;\s?border-top:\s?solid\s#(?:e1e1e1|b5c4df)\s1\.0pt"
    r"|border-top:\s?#(?:e1e1e1|b5c4df)\s1\.0pt\ssolid|border-top-color:\s?rgb\(\s?(?:181,\s?196,\s?223|"
    r"225,\s?225,\s?225)",
    re.IGNORECASE,
)
DEEPEST = 2_000
SIGNED_CLASSES = frozenset(
    "gmail_signature gmail_signature_prefix moz-signature protonmail_signature_block protonmail_signature_block-user "
    "protonmail_signature_block-proton front-signature cm_signature tutanota_signature bloop_sign io-ox-signature "
    "missive_signature sh-signature ms-outlook-mobile-signature signature".split()
)
SIGNED_IDS = re.compile(
    r"^(?:signature|(?:apple|ms-outlook-)?mail-?signature|ms-outlook-mobile-signature|cm_signature|_rc_sig|"
    r"composer_signature|ymail_(?:android|ios)_signature|sig\d{4,12}|zm-_id_-sgn\d?)$"
)
YAHOO_CLASS = re.compile(r"^ydp[0-9a-f]{4,12}signature$")
SIGNED_NAMES = frozenset({"messagesignaturesection"})
# The mailer fills these from a template.
FILLED_CLASSES = frozenset("gmail_signature protonmail_signature_block-user".split())
HOLDING = frozenset("div blockquote span td table tr p section font pre".split())


class Marks:
    """Follows the open elements and knows whether the text in hand is quoted."""

    def __init__(self) -> None:
        self.stack: list[tuple[str, bool, bool, int]] = []
        self.opened: dict[str, int] = {}
        self.around = 0
        self.level = 0
        self.signatures = [0, 0, 0]
        self.after = False
        self.mark = ""

    @property
    def quoted(self) -> bool:
        return self.after or self.around > 0

    @property
    def signed(self) -> int:
        """2 in a signature, 1 where it may be one, else 0."""
        return 2 if self.signatures[2] else int(self.signatures[1] > 0)

    def take_mark(self) -> str:
        mark, self.mark = self.mark, ""
        return mark

    def note(self, tag: Tag) -> None:
        """A mark that is no element around anything (a line, an anchor)."""
        if "id" in tag.source.lower() and tag.attribute("id").lower() in AFTER_IDS:
            self.after, self.mark = True, "after"

    def open(self, tag: Tag) -> None:
        if len(self.stack) >= DEEPEST:
            return
        quote = around = False
        if tag.name == "blockquote":
            style = tag.attribute("style").lower()
            # Outlook and editors indent with blockquote; a quotation is marked as one.
            cited = (
                tag.attribute("type").lower() == "cite" or tag.attribute("cite") != "" or "gmail_quote" in tag.source
            )
            cited = (
                cited
                or "border-left" in style
                or "protonmail_quote" in tag.source
                or "iosymail" in tag.source.lower()
            )
            quote = around = cited
            if not cited and "40px" not in style:
                quote = True
        if not around and tag.source.strip():
            around = self.told(tag)
        if tag.name in HOLDING:
            signed = in_signature(tag)
            self.stack.append((tag.name, around, quote, signed))
            self.opened[tag.name] = self.opened.get(tag.name, 0) + 1
            self.around += around
            self.level += quote
            self.signatures[signed] += 1

    def told(self, tag: Tag) -> bool:
        source = tag.source.lower()
        if "class" in source:
            classes = set(tag.attribute("class").lower().split())
            classes |= {name.removeprefix("x_") for name in classes}
            if classes & AROUND_CLASSES:
                return not self.forwarded(classes)
            if classes & AFTER_CLASSES:
                self.after, self.mark = True, "after"
        if "id" in source or "name" in source:
            for identifier in (tag.attribute("id").lower(), tag.attribute("name").lower()):
                if identifier.removeprefix("x_") in AFTER_IDS:
                    self.after, self.mark = True, "after"
                elif identifier and AROUND_IDS.match(identifier.removeprefix("x_")):
                    return True
        if "border-top" in source and BORDER.search(tag.attribute("style")[:500]):
            self.after, self.mark = True, "after"
        return False

    @staticmethod
    def forwarded(classes: set[str]) -> bool:
        return bool(classes & {"moz-forward-container"})

    def close(self, tag: Tag) -> None:
        if not self.opened.get(tag.name):
            return
        while self.stack:
            name, around, quote, signed = self.stack.pop()
            self.opened[name] -= 1
            self.around -= around
            self.level -= quote
            self.signatures[signed] -= 1
            if name == tag.name:
                return


def in_signature(tag: Tag) -> int:
    """2 where the mailer says that a signature is inside, 1 where people write too, 0 where it says nothing."""
    source = tag.source.lower()
    if "sig" not in source and "-sgn" not in source:
        return 0
    classes = {name.removeprefix("x_") for name in tag.attribute("class").lower().split()}
    if classes & FILLED_CLASSES:
        return 2
    return int(
        bool(classes & SIGNED_CLASSES)
        or any(map(YAHOO_CLASS.match, classes))
        or SIGNED_IDS.match(tag.attribute("id").lower().removeprefix("x_")) is not None
        or tag.attribute("name").lower() in SIGNED_NAMES
        or tag.attribute("data-marker").startswith("__SIG")
    )
