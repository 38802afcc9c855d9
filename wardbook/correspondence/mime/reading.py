"""One mail from its bytes. Whatever they are, there is an answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from wardbook.correspondence.mime import automatic, bounces, language
from wardbook.correspondence.mime.addresses import read_addresses
from wardbook.correspondence.mime.bodies import Content, Reader, Words
from wardbook.correspondence.mime.charsets import decode, keeps_ascii
from wardbook.correspondence.mime.dates import read_date
from wardbook.correspondence.mime.fields import Fields
from wardbook.correspondence.mime.identifiers import first_identifier, read_identifiers
from wardbook.correspondence.mime.model import Address, ParsedMail, Part
from wardbook.correspondence.mime.quotes import Split
from wardbook.correspondence.mime.replies import split_reply
from wardbook.correspondence.mime.structure import Node, Tree
from wardbook.correspondence.mime.words import decode_words

T = TypeVar("T")
# Of a mail that cannot be read at all this much is shown.
MOST_RAW = 200_000
DELIVERED = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "x-rcpt-to",
    "x-forwarded-to",
)


def parse(raw: bytes) -> ParsedMail:
    """Never raises: what cannot be read is named in `problems`, and the text is then the raw text."""
    try:
        return _parse(_normal(raw))
    except Exception as reason:
        text = decode(raw[:MOST_RAW]).replace("\r\n", "\n")
        return ParsedMail(
            text=text, reply_text=text, reply_alone=text, problems=(f"unreadable: {type(reason).__name__}",)
        )


def _normal(raw: bytes) -> bytes:
    """Line ends that only machines of the past wrote, and doubled ones, are line ends too."""
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
    if b"\r\r\n" in raw[:4_000]:
        raw = raw.replace(b"\r\r\n", b"\r\n")
    if b"\n" not in raw[:20_000] and b"\r" in raw[:20_000]:
        raw = raw.replace(b"\r", b"\n")
    return raw


def _parse(raw: bytes) -> ParsedMail:
    tree = Tree(raw)
    root = tree.root()
    fields = root.fields
    declared = (node.parameters.get("charset", "") for node in root.walk())
    fields.charset = next((charset for charset in declared if charset and keeps_ascii(charset)), None)

    def guarded(what: str, read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except Exception:
            # One field that nobody can read costs that field.
            tree.note(what)
            return otherwise

    head = _head(fields, guarded, tree)
    content = guarded("parts", lambda: Reader(tree, root).read(root), Content())
    text, html = _words(content.words)
    if not text.strip() and not content.parts and root.children and root.data[root.start : root.end].strip():
        tree.note("no readable part")
    cut = guarded("reply", lambda: split_reply(text, content.words), Split(text, "", "", text))
    files = _inline(content.parts, html)
    reports = _reports(root)
    kind = guarded("class", lambda: automatic.classify(fields, root, head.sender, head.subject, text, reports), "")
    bounce = None
    if kind == "bounce":
        own = tuple(address.address for address in head.to) + head.delivered_to
        failed = ", ".join(fields.texts("x-failed-recipients"))
        bounce = guarded("bounce", lambda: bounces.read_bounce(root, failed, text, own), None)
    for words in content.words:
        if words.rendering is not None:
            for problem in words.rendering.problems:
                tree.note(problem)
    return replace(
        head,
        text=text,
        html=html,
        reply_text=cut.reply,
        reply_alone=cut.alone,
        quoted_text=cut.quoted,
        signature=cut.signature,
        language=language.tell(cut.reply or text),
        attachments=tuple(part for part in files if not part.inline),
        inline=tuple(part for part in files if part.inline),
        files=tuple(files),
        calendar=tuple(content.calendar),
        auto_kind=kind,
        bounce=bounce,
        is_list=automatic.is_list(fields),
        wants_no_answer=kind != "" or automatic.wants_no_answer(fields),
        problems=tuple(tree.problems),
    )


def _head(fields: Fields, guarded: Callable[..., object], tree: Tree) -> ParsedMail:
    def addresses(name: str) -> tuple[Address, ...]:
        found = guarded(name, lambda: tuple(one for text in fields.texts(name) for one in read_addresses(text)), ())
        assert isinstance(found, tuple)
        return tuple(dict.fromkeys(found))

    def words(name: str) -> str:
        return str(guarded(name, lambda: re.sub(r"[\r\n\t]+", " ", decode_words(fields.text(name))).strip(), ""))

    def identifiers(name: str) -> tuple[str, ...]:
        found = guarded(name, lambda: read_identifiers(" ".join(fields.texts(name))), ())
        assert isinstance(found, tuple)
        return found

    path = fields.text("return-path") if "return-path" in fields else None
    return ParsedMail(
        subject=words("subject"),
        sender=_sender(addresses("from"), addresses("sender"), tree),
        raw_from=words("from"),
        reply_to=addresses("reply-to"),
        to=addresses("to"),
        cc=addresses("cc"),
        date=read_date(fields.text("date")) or read_date(fields.text("resent-date")),
        message_id=first_identifier(fields.text("message-id")) or "",
        in_reply_to=next(iter(identifiers("in-reply-to")), None),
        references=identifiers("references"),
        authentication_results=tuple(fields.texts("authentication-results")),
        return_path=None if path is None else path.strip().strip("<>").strip(),
        delivered_to=tuple(dict.fromkeys(one.address for name in DELIVERED for one in addresses(name))),
        thread_index="".join(fields.text("thread-index").split()),
    )


def _sender(written: tuple[Address, ...], sent: tuple[Address, ...], tree: Tree) -> Address | None:
    """One sender or none: the first mailbox of From. Where several stand there, that is said."""
    people = [one for one in written if "@" in one.address]
    # A name on the sender's own machine: MAILER-DAEMON, root.
    bare = [one for one in written if re.fullmatch(r"[A-Za-z0-9_-]+", one.address)]
    if len({one.address.casefold() for one in people}) > 1:
        tree.note("several senders")
    for choice in (people, [one for one in sent if "@" in one.address], bare):
        if choice:
            return choice[0]
    tree.note("no sender")
    return None


def _words(words: list[Words]) -> tuple[str, str]:
    shown = [piece.shown().strip("\n") for piece in words]
    text = "\n\n".join(piece for piece in shown if piece.strip()).rstrip()
    return text, "\n".join(piece.html for piece in words if piece.html)


def _inline(parts: list[Part], html: str) -> list[Part]:
    """A part is inline where the HTML shows it; a photo that nothing shows is a file to be found."""
    if not any(part.content_id for part in parts):
        return [replace(part, inline=False) for part in parts]
    shown = {found.lower() for found in re.findall(r"cid:([^\"'\s>)]{1,300})", html, re.IGNORECASE)}
    return [replace(part, inline=bool(part.content_id) and part.content_id.lower() in shown) for part in parts]


def _reports(root: Node) -> frozenset[str]:
    """Types of the parts that reports are made of; and `delivered` where a report says that all went well."""
    found = {node.type for node in root.walk()}
    if "message/delivery-status" in found:
        status = b"\n".join(node.payload()[:50_000] for node in root.walk() if node.type == "message/delivery-status")
        actions = {action.lower() for action in re.findall(rb"(?im)^action:[ \t]*([a-z]{1,20})", status)}
        if actions and actions <= {b"delivered", b"relayed", b"expanded"}:
            found.add("delivered")
    return frozenset(found)
