"""Reading our own pages as a person without JavaScript does: links, forms, fields."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Field:
    """One control of a form."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    is_on: bool = True


@dataclass
class Form:
    """One form: where it goes, how, and what it asks."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)

    def filled(self) -> dict[str, list[str]]:
        """What a browser would send if nothing was touched."""
        sent: dict[str, list[str]] = {}
        for one in self.fields:
            if one.kind in ("checkbox", "radio") and not one.is_on:
                continue
            if one.kind != "file":
                sent.setdefault(one.name, []).append(one.value)
        return sent


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self._form: Form | None = None
        self._text: Field | None = None
        self._select: Field | None = None

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
            if "id" in given:
                self.by_id[given["id"]] = self._form
        else:
            self._control(tag, given)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def _control(self, tag, given):
        form = self.by_id.get(given["form"]) if "form" in given else self._form
        if tag == "option" and self._select is not None:
            self._select.options.append(given.get("value", ""))
            if "selected" in given or len(self._select.options) == 1:
                self._select.value = given.get("value", "")
        if form is None or "name" not in given or "disabled" in given:
            return
        if tag == "input":
            kind = given.get("type", "text")
            if kind == "submit":
                form.buttons.append((given["name"], given.get("value", ""), given.get("formaction", "")))
                return
            on = kind not in ("checkbox", "radio") or "checked" in given
            value = given.get("value", "on" if kind in ("checkbox", "radio") else "")
            form.fields.append(Field(given["name"], kind, value, is_on=on))
        elif tag == "textarea":
            self._text = Field(given["name"], "textarea")
            form.fields.append(self._text)
        elif tag == "select":
            self._select = Field(given["name"], "select")
            form.fields.append(self._select)
        elif tag == "button":
            form.buttons.append((given["name"], given.get("value", ""), given.get("formaction", "")))

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._text = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data):
        if self._text is not None:
            self._text.value += data


def read(html: str) -> _Reader:
    """The links and forms of a page."""
    reader = _Reader()
    reader.feed(html)
    return reader
