"""The first wall for received HTML: reads any markup and writes a plain, well-formed document of listed tags anew.

Nothing of the mail's own markup is copied: each tag, attribute and text that comes out is written here. The depth is
bounded, tables are whole, links do not lie in links, so that every browser builds the same tree from it.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from wardbook.correspondence import links
from wardbook.correspondence.markup import End, Start, Text, pieces

MOST_LINKS = 2_000
DEEPEST = 250

_PLAIN_BLOCKS = frozenset("p div blockquote pre ul ol li dl dt dd h1 h2 h3 h4 h5 h6 hr caption".split())
_TABLE = frozenset("table thead tbody tfoot tr td th".split())
_INLINE = frozenset("a b strong i em u s del ins sub sup small code kbd q cite abbr bdi img br wbr".split())
TAGS = _PLAIN_BLOCKS | _TABLE | _INLINE
ATTRIBUTES = {
    "*": frozenset({"dir", "lang"}),
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "td": frozenset({"colspan", "rowspan", "align", "valign", "width"}),
    "th": frozenset({"colspan", "rowspan", "align", "valign", "width"}),
    "table": frozenset({"width"}),
    "tr": frozenset({"align", "valign"}),
    "p": frozenset({"align"}),
    "div": frozenset({"align"}),
    "ol": frozenset({"start", "type"}),
    "li": frozenset({"value"}),
    "abbr": frozenset({"title"}),
}
_SAME_AS = {"strike": "s", "tt": "code", "samp": "code"}
_SAME_AS |= dict.fromkeys(
    "center address article section header footer main nav aside figure figcaption details summary fieldset".split(),
    "div",
)
# What stands between these tags is not for reading.
_DROPPED = frozenset("svg math object applet select template audio video canvas datalist map".split())
_VOID = frozenset("img br hr wbr".split())
_BLOCKS = _PLAIN_BLOCKS | _TABLE
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_WALLS = frozenset("table td th caption".split())
_FORMATTING = frozenset("a b strong i em u s small code font".split())
# A start tag of the first kind ends an open one of the second, up to the nearest of the third.
_ENDS = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol"}) | _WALLS),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"}) | _WALLS),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"}) | _WALLS),
    "a": (frozenset({"a"}), _WALLS),
} | dict.fromkeys(_HEADINGS, (_HEADINGS, _WALLS))

_STYLE_COMMENT = re.compile(r"/\*.{0,500}?\*/", re.DOTALL)
_HIDING = re.compile(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|mso-hide:all|opacity:0(?:\.0*)?(?=;|!|$)"
    r"|font-size:0(?:\.0*)?(?:px|pt|em|rem|%)?(?=;|!|$)|(?:max-)?(?:height|width):0(?:px)?(?=[;!]).{0,500}overflow:hidden"
    r"|overflow:hidden.{0,500}(?:max-)?(?:height|width):0(?:px)?(?=;|!|$)|text-indent:-\d{3,}"
    r"|(?:left|right|top|margin-left):-\d{4,})"
)
_TINY = re.compile(r"(?:^|;)(?:width|height):[012](?:px)?(?=;|!|$)")
_SIZE = re.compile(r"([0-9]{1,5})(%|px)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}")
_CHOICES = {
    "align": frozenset({"left", "right", "center", "justify"}),
    "valign": frozenset({"top", "middle", "bottom", "baseline"}),
    "dir": frozenset({"ltr", "rtl", "auto"}),
    "type": frozenset({"1", "a", "i"}),
}
_LIMITS = {"width": 2_000, "height": 2_000, "colspan": 50, "rowspan": 200, "start": 99_999, "value": 99_999}


@dataclass
class Rebuilt:
    """The document written anew, and what was left out of it."""

    html: str = ""
    blocked: int = 0
    trackers: int = 0
    hidden_words: int = 0
    renamed: int = 0
    cut: bool = False
    pictures: list[str] = field(default_factory=list)


@dataclass
class _Open:
    """An element that is open: as it is called in the mail, as it was written, and whether it keeps quiet."""

    name: str
    written: str = ""
    quiet: bool = False
    address: str = ""
    words: list[str] = field(default_factory=list)


def rebuild(source: str, settle: Callable[[str], str | None]) -> Rebuilt:
    """Write a document anew. `settle` says where a picture is that the mail calls so, or None to leave it out."""
    return _Rebuilding(settle).of(source)


class _Rebuilding:
    def __init__(self, settle: Callable[[str], str | None]) -> None:
        self.settle = settle
        self.out: list[str] = []
        self.open: list[_Open] = []
        self.quiet = 0
        self.dropped = 0
        self.too_deep: Counter[str] = Counter()
        self.link: _Open | None = None
        self.links = 0
        self.done = Rebuilt()

    def of(self, source: str) -> Rebuilt:
        for piece in pieces(source):
            match piece:
                case Text(words):
                    self.text(words)
                case Start(name, attributes):
                    self.start(_SAME_AS.get(name, name), attributes)
                case End(name):
                    self.end(_SAME_AS.get(name, name))
        self.close_to(0)
        self.done.html = "".join(self.out)
        return self.done

    # --- Text ---

    def text(self, words: str) -> None:
        words = links.visible(words)
        if self.quiet:
            self.done.hidden_words += 0 if self.dropped else len(words.split())
            return
        if not words.strip() and self.open and self.in_table_frame():
            return
        if words.strip():
            self.into_cell()
        if self.link:
            words = links.plain_words(words)
            self.link.words.append(words)
        if self.out and self.out[-1].startswith("<pre"):
            words = words.lstrip("\r\n")
        self.out.append(html.escape(words.replace("\r\n", "\n").replace("\r", "\n"), quote=False))

    # --- Tags ---

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) >= DEEPEST and name not in _VOID:
            self.too_deep[name] += 1
            return
        hidden = _is_hidden(attributes)
        if name == "img":
            if not self.quiet:
                self.picture(attributes, hidden=hidden)
            return
        if name in _VOID:
            if name == "hr":
                self.close_paragraph()
            if not self.quiet and not hidden:
                self.into_cell()
                self.out.append(f"<{name}>")
            return
        name = self.make_room(name)
        opened = _Open(name, quiet=hidden or name in _DROPPED)
        if name in TAGS and not self.quiet and not opened.quiet:
            self.write_start(opened, attributes)
        self.open.append(opened)
        self.quiet += opened.quiet
        self.dropped += name in _DROPPED

    def make_room(self, name: str) -> str:
        """End what cannot stay open around a new element; give what the element may be called there."""
        if name in _TABLE or name == "caption":
            return self.make_room_in_table(name)
        if name in _PLAIN_BLOCKS:
            self.close_paragraph()
        if name in _ENDS:
            self.close_nearest(*_ENDS[name])
        if name in TAGS:
            self.into_cell()
        return name

    def make_room_in_table(self, name: str) -> str:
        if name == "table":
            self.close_paragraph()
            self.into_cell()
            return name
        table = self.nearest(frozenset({"table"}))
        if table is None:
            return "div" if name in ("td", "th", "caption") else "span"
        if name in ("td", "th"):
            row = self.nearest(frozenset({"tr"}), frozenset({"table"}))
            if row is None:
                self.start("tr", {})
                row = self.nearest(frozenset({"tr"}), frozenset({"table"}))
            self.close_to(row + 1 if row is not None else len(self.open))
        elif name == "tr":
            body = self.nearest(frozenset({"thead", "tbody", "tfoot"}), frozenset({"table"}))
            if body is None:
                self.start("tbody", {})
                body = self.nearest(frozenset({"thead", "tbody", "tfoot"}), frozenset({"table"}))
            self.close_to(body + 1 if body is not None else len(self.open))
        else:
            self.close_to(table + 1)
        return name

    def end(self, name: str) -> None:
        if self.too_deep[name]:
            self.too_deep[name] -= 1
            return
        if name == "br":
            self.start("br", {})
            return
        if name in _TABLE:
            walls = frozenset({"table"}) if name != "table" else frozenset()
        elif name in _BLOCKS or name in _FORMATTING or name in _DROPPED:
            walls = _WALLS - {name}
        else:
            # As browsers do: the end of a mere span does not end a paragraph that began in it.
            walls = _BLOCKS
        at = self.nearest(frozenset({name}), walls)
        if at is not None:
            self.close_to(at)

    # --- The open elements ---

    def nearest(self, names: frozenset[str], walls: frozenset[str] = frozenset()) -> int | None:
        for at in range(len(self.open) - 1, -1, -1):
            name = self.open[at].name
            if name in names:
                return at
            if name in walls:
                return None
        return None

    def close_nearest(self, names: frozenset[str], walls: frozenset[str]) -> None:
        at = self.nearest(names, walls)
        if at is not None:
            self.close_to(at)

    def close_paragraph(self) -> None:
        self.close_nearest(frozenset({"p"}), _WALLS)

    def close_to(self, length: int) -> None:
        while len(self.open) > length:
            closed = self.open.pop()
            self.quiet -= closed.quiet
            self.dropped -= closed.name in _DROPPED
            if closed is self.link:
                self.name_the_host(closed)
            if closed.written:
                self.out.append(f"</{closed.written}>")

    def in_table_frame(self) -> bool:
        """Whether the place is between the cells of a table, where browsers let no words stand."""
        return next((o.name for o in reversed(self.open) if o.written), "") in (
            "table",
            "thead",
            "tbody",
            "tfoot",
            "tr",
        )

    def into_cell(self) -> None:
        if not self.quiet and self.in_table_frame():
            self.start("td", {})

    # --- Writing ---

    def write_start(self, opened: _Open, attributes: dict[str, str]) -> None:
        name = opened.name
        kept = {}
        for attribute in ATTRIBUTES["*"] | ATTRIBUTES.get(name, frozenset()):
            value = attributes.get(attribute)
            if value and attribute != "href" and (safe := _attribute(attribute, value)):
                kept[attribute] = safe
        if name == "a":
            address = links.safe_address(attributes.get("href", ""))
            if address is None:
                return
            self.links += 1
            if self.links > MOST_LINKS:
                self.done.cut = True
                return
            kept["href"] = opened.address = address
            self.link = opened
        opened.written = name
        self.out.append(f"<{name}{_written(kept)}>")

    def name_the_host(self, closed: _Open) -> None:
        self.link = None
        note = links.label("".join(closed.words).rstrip(), closed.address)
        if note:
            self.done.renamed += 1
            self.out.append(html.escape(note, quote=False))

    def picture(self, attributes: dict[str, str], *, hidden: bool) -> None:
        address = links.visible(attributes.get("src", "")).strip()
        if hidden or _is_tiny(attributes):
            self.done.trackers += address[:6].lower().startswith(("http:", "https:", "//"))
            return
        if address.startswith("//"):
            address = "https:" + address
        outside = links.safe_address(address) if address[:6].lower().startswith(("http:", "https:")) else None
        if outside:
            self.done.pictures.append(outside)
        place = self.settle(address) or (self.settle(outside) if outside else None)
        words = links.plain_words(attributes.get("alt", ""))[:500].strip()
        if place is None:
            self.done.blocked += bool(outside)
            if words:
                self.text(words)
            return
        self.into_cell()
        if self.link:
            self.link.words.append(words)
        kept = {"src": place, "alt": words}
        for name in ("width", "height"):
            if size := _attribute(name, attributes.get(name, "")):
                kept[name] = size
        self.out.append(f"<img{_written(kept)}>")


def _attribute(name: str, value: str) -> str:
    """A harmless spelling of an attribute's value, or "" to leave it out."""
    value = value.strip()
    if name in _CHOICES:
        return value.lower() if value.lower() in _CHOICES[name] else ""
    if name in _LIMITS:
        hit = _SIZE.fullmatch(value)
        if not hit:
            return ""
        percent = hit[2] == "%" and name in ("width", "height")
        return f"{min(int(hit[1]), 100)}%" if percent else str(min(int(hit[1]), _LIMITS[name]))
    if name == "lang":
        return value if _LANGUAGE.fullmatch(value) else ""
    return links.plain_words(value)[:200].strip()


def _written(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{html.escape(value)}"' for name, value in sorted(attributes.items()))


def _style(attributes: dict[str, str]) -> str:
    style = _STYLE_COMMENT.sub("", attributes.get("style", "")[:4_000])
    return re.sub(r"[\s\\]+", "", style).lower()


def _is_hidden(attributes: dict[str, str]) -> bool:
    return "hidden" in attributes or bool(_HIDING.search(_style(attributes)))


def _is_tiny(attributes: dict[str, str]) -> bool:
    sizes = [attributes.get(name, "").strip().lower().removesuffix("px") for name in ("width", "height")]
    return any(size in ("0", "1", "2") for size in sizes) or bool(_TINY.search(_style(attributes)))
