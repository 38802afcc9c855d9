"""Which parts of a mail are its words and which are files."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from wardbook.correspondence.mime import tnef
from wardbook.correspondence.mime.addresses import UNSEEN
from wardbook.correspondence.mime.charsets import decode, is_wide
from wardbook.correspondence.mime.fields import read_fields
from wardbook.correspondence.mime.flowed import unflow
from wardbook.correspondence.mime.html_text import Rendering, render
from wardbook.correspondence.mime.model import Part
from wardbook.correspondence.mime.structure import Node, Tree
from wardbook.correspondence.mime.transfer import unpack_uu
from wardbook.correspondence.mime.words import decode_words

MOST_TEXT = 2_000_000
META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE
)
MARKUP = re.compile(r"\s*<(?:!doctype html|html|head|body|p|div|table|br|span|font)\b[^<>]{0,500}>", re.IGNORECASE)
ENRICHED = re.compile(r"</?[A-Za-z][A-Za-z0-9-]{0,40}>")
# Parts that machines write to machines; what they say is read elsewhere.
MACHINE = frozenset(
    "message/delivery-status message/global-delivery-status message/disposition-notification message/feedback-report "
    "text/rfc822-headers message/rfc822-headers text/x-amp-html application/applefile".split()
)
# What no text has, in any charset that does not shift.
BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


@dataclass(slots=True)
class Words:
    """One stretch of the mail: as text, as HTML, or both."""

    text: str | None = None
    html: str | None = None
    rendering: Rendering | None = None

    def shown(self) -> str:
        if self.text is not None and (self.text.strip() or self.html is None):
            return self.text
        return self.rendered().text

    def rendered(self) -> Rendering:
        if self.rendering is None:
            self.rendering = render(self.html or "")
        return self.rendering


@dataclass(slots=True)
class Content:
    words: list[Words] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    calendar: list[bytes] = field(default_factory=list)


class Reader:
    """Goes through the tree once, in the order of the mail."""

    def __init__(self, tree: Tree, root: Node) -> None:
        self.tree = tree
        self.root = root
        # A mail whose only text has a file name is that text.
        self.named_text_counts = not any(_is_words(leaf) and not name_of(leaf) for leaf in leaves(root))

    def read(self, node: Node) -> Content:
        if not node.children:
            return self.leaf(node)
        if node.type == "multipart/alternative":
            return self.alternative(node)
        content = Content()
        for child in node.children:
            inner = self.read(child)
            content.words += inner.words
            content.parts += inner.parts
            content.calendar += inner.calendar
        if node.type == "multipart/related":
            content.words = _related(content.words)
        content.words = _once(content.words)
        return content

    def alternative(self, node: Node) -> Content:
        """The same said in several ways: one text and one HTML of them, and all files."""
        content = Content()
        texts: list[str] = []
        pages: list[str] = []
        for child in node.children:
            inner = self.read(child)
            content.parts += inner.parts
            content.calendar += inner.calendar
            said = [words.text for words in inner.words if words.text is not None]
            page = [words.html for words in inner.words if words.html is not None]
            if page:
                pages.append("\n".join(page))
            if said:
                texts.append("\n\n".join(said))
        text = next((text for text in texts if text.strip()), texts[0] if texts else None)
        html = next((page for page in reversed(pages) if page.strip()), None)
        if text is not None or html is not None:
            content.words.append(Words(text, html))
        return content

    def leaf(self, node: Node) -> Content:
        content = Content()
        if node.type in MACHINE and node is not self.root:
            return content
        if node.type == "text/calendar":
            content.calendar.append(node.payload())
        if _is_words(node) and (not name_of(node) or self.named_text_counts):
            self.named_text_counts = self.named_text_counts and not name_of(node)
            self.text(node, content)
            return content
        payload = node.payload()
        if not payload and not name_of(node):
            return content
        name = name_of(node) or self.given_name(node, payload)
        if node.type in tnef.TYPES or name.lower() == "winmail.dat":
            unpacked = tnef.unpack(payload)
            if unpacked is not None:
                content.parts += [
                    Part(clean_file_name(part.name), part.type, part.payload) for part in unpacked.parts
                ]
                if unpacked.text.strip() or unpacked.html.strip():
                    content.words.append(Words(_lines(unpacked.text) or None, unpacked.html or None))
                return content
            self.tree.note("winmail.dat not opened")
        identifier = node.fields.text("content-id").strip().strip("<>").strip()
        content.parts.append(Part(name, node.type, payload, identifier, node.disposition == "inline"))
        return content

    def text(self, node: Node, content: Content) -> None:
        payload = node.payload()
        charset = node.parameters.get("charset")
        is_binary = len(BINARY.findall(payload[:2_000])) * 10 > len(payload[:2_000])
        if node.encoding == "base64" and is_binary and not is_wide(charset or ""):
            # A short text in words that happen to be letters of base64.
            payload = node.data[node.start : node.end]
        if node.type == "text/html":
            if not charset or charset.lower() in ("us-ascii", "ascii"):
                found = META_CHARSET.search(payload[:4_000])
                charset = found[1].decode("ascii") if found else charset
            content.words.append(Words(html=decode(payload, charset)))
            return
        if b"begin" in payload and (packed := unpack_uu(payload)):
            kept, position = [], 0
            for name, data, start, end in packed:
                kept.append(payload[position:start])
                position = end
                kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
                content.parts.append(Part(clean_file_name(name), kind, data))
            payload = b"".join([*kept, payload[position:]])
        text = _lines(decode(payload, charset).removeprefix("\ufeff"))
        if len(text) > MOST_TEXT:
            self.tree.note("text cut")
            text = text[:MOST_TEXT]
        if node.parameters.get("format", "").lower() == "flowed":
            text = unflow(text, delete_space=node.parameters.get("delsp", "").lower() == "yes")
        if node.type in ("text/enriched", "text/richtext"):
            text = ENRICHED.sub("", text).replace("<<", "<")
        elif MARKUP.match(text) and text.rstrip().endswith(">"):
            # HTML that says it is text.
            text = render(text).text
        content.words.append(Words(text=text))

    def given_name(self, node: Node, payload: bytes) -> str:
        if node.type == "message/rfc822":
            fields, _, _ = read_fields(payload, 0, len(payload))
            subject = " ".join(decode_words(fields.text("subject")).split())
            return clean_file_name(f"{subject[:120]}.eml") if subject else "message.eml"
        known = {
            "text/calendar": ".ics", "text/plain": ".txt", "application/pgp-signature": ".asc", "image/jpeg": ".jpg",
            "application/pkcs7-signature": ".p7s", "application/x-pkcs7-signature": ".p7s", "image/pjpeg": ".jpg",
        }  # fmt: skip
        suffix = known.get(node.type) or mimetypes.guess_extension(node.type) or ".dat"
        stem = {".ics": "invite", ".asc": "signature", ".p7s": "smime"}.get(suffix, "attachment")
        return f"{stem}{suffix}"


def leaves(node: Node) -> Iterator[Node]:
    return (part for part in node.walk() if not part.children)


def _is_words(node: Node) -> bool:
    """Whether this part may be words of the mail, by its type and how it wants to be shown."""
    if node.disposition == "attachment":
        return False
    return node.type in ("text/plain", "text/html", "text/enriched", "text/richtext", "text/x-plain", "text/markdown")


def _related(words: list[Words]) -> list[Words]:
    """Of what belongs together, the HTML is the page; a lone text beside it is the same page as text."""
    pages = [word for word in words if word.html is not None]
    texts = [word for word in words if word.html is None]
    if len(pages) == 1 and len(texts) == 1 and pages[0].text is None:
        return [Words(texts[0].text, pages[0].html)]
    return words


def _once(words: list[Words]) -> list[Words]:
    """Without the HTML that only says again what the text before it said."""
    if len(words) == 2 and words[0].html is None and words[1].text is None:
        said = "".join((words[0].text or "").split())
        if len(said) < 20_000 and said and said == "".join(words[1].rendered().text.split()):
            return [Words(words[0].text, words[1].html, words[1].rendering)]
    return words


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def name_of(node: Node) -> str:
    """The name that the part was given; '' where it has none."""
    name = node.disposition_parameters.get("filename") or node.parameters.get("name") or ""
    if not name and (node.disposition == "attachment" or not node.type.startswith(("text/", "multipart/"))):
        name = node.disposition_parameters.get("name") or node.parameters.get("filename") or ""
    if not name and not node.type.startswith(("text/", "multipart/")):
        # Some give the name as the place where the picture once lay.
        name = re.split(r"[?#]", node.fields.text("content-location"))[0].rstrip("/").rpartition("/")[2]
        name = name if "." in name else ""
    if "=?" in name:
        name = decode_words(name)
    return clean_file_name(name) if name.strip() else ""


def clean_file_name(name: str) -> str:
    """A name to show: no folders, no signs that cannot be seen or that turn the reading direction."""
    # One space of an East Asian hand is a letter of the name; many would push its ending out of sight.
    name = re.sub(r"\s{2,}|[^\S\u3000]", " ", CONTROL.sub(" ", UNSEEN.sub("", name))).strip()
    if re.match(r"(?:[A-Za-z]:)?[\\/]|~/|\.{1,2}[\\/]", name) or "\\" in name:
        name = re.split(r"[\\/]", name.rstrip("\\/"))[-1]
    name = name.replace("/", "_").strip().strip("\"'")
    name = name.lstrip(".") if name.strip(". ") else ""
    if len(name) > 255:
        stem, dot, suffix = name.rpartition(".")
        name = f"{stem[: 250 - len(suffix)]}.{suffix}" if dot and len(suffix) < 20 else name[:255]
    return name or "attachment"
