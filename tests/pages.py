"""Reading our own pages as a person without JavaScript does: links, forms, fields, and what is said beside them."""

from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass
class Field:
    """One control of a form. `given` are its attributes, `group` those of the fieldset around it."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    is_on: bool = True
    given: dict[str, str] = field(default_factory=dict)
    group: dict[str, str] = field(default_factory=dict)
    # What of a list that takes several is chosen.
    chosen: list[str] = field(default_factory=list)

    @property
    def is_many(self) -> bool:
        return self.kind == "select" and "multiple" in self.given


@dataclass
class Form:
    """One form: where it goes, how, and what it asks. Buttons are (name, value, formaction)."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    pressed: tuple[str, str] | None = None

    def filled(self) -> dict[str, list[str]]:
        """What a browser would send if nothing was touched."""
        sent: dict[str, list[str]] = {}
        for one in self.fields:
            if one.kind in ("checkbox", "radio") and not one.is_on:
                continue
            if one.is_many:
                sent.setdefault(one.name, []).extend(one.chosen)
            elif one.kind != "file":
                sent.setdefault(one.name, []).append(one.value)
        if self.pressed:
            sent.setdefault(self.pressed[0], []).append(self.pressed[1])
        return sent

    def ways(self) -> list["Form"]:
        """The same form as each of its buttons sends it: elsewhere, or with a value of the button."""
        found = {}
        for name, value, action in self.buttons or [("", "", "")]:
            way = replace(self, action=action or self.action, pressed=(name, value) if name else None)
            found.setdefault((way.action, name), way)
        return list(found.values())

    def named(self, name: str) -> list[Field]:
        """The controls of one name: one, or the several of a group."""
        return [one for one in self.fields if one.name == name]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.forms: list[Form] = []
        # The text inside each element that has an id.
        self.words: dict[str, str] = {}
        self._by_id: dict[str, Form] = {}
        self._elsewhere: list[tuple[str, Field]] = []
        self._open: list[tuple[str, str, dict[str, str]]] = []
        self._form: Form | None = None
        self._text: Field | None = None
        self._select: Field | None = None

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if tag not in VOID:
            self._open.append((tag, given.get("id", ""), given))
            if "id" in given:
                self.words.setdefault(given["id"], "")
        if any(name == "template" for name, _id, _given in self._open):
            # Only scripts bring it to life.
            return
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
            if "id" in given:
                self._by_id[given["id"]] = self._form
        else:
            self._control(tag, given)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def _control(self, tag, given):
        if tag == "option" and self._select is not None:
            value = given.get("value", "")
            self._select.options.append(value)
            if "selected" in given:
                self._select.chosen.append(value)
            if "selected" in given or len(self._select.options) == 1:
                self._select.value = value
        if tag not in ("input", "textarea", "select", "button") or "name" not in given or "disabled" in given:
            if tag == "button" and given.get("type", "submit") == "submit" and self._form is not None:
                self._form.buttons.append(("", "", given.get("formaction", "")))
            return
        kind = given.get("type", "text") if tag == "input" else tag
        if kind in ("submit", "button"):
            form = self._by_id.get(given["form"]) if "form" in given else self._form
            # A button that does not send what is typed for good only puts words into the form.
            if form is not None and given.get("type", "submit") == "submit" and "formnovalidate" not in given:
                form.buttons.append((given["name"], given.get("value", ""), given.get("formaction", "")))
            return
        group = next((seen for name, _id, seen in reversed(self._open) if name == "fieldset"), {})
        on = kind not in ("checkbox", "radio") or "checked" in given
        value = given.get("value", "on" if kind in ("checkbox", "radio") else "")
        one = Field(given["name"], kind, value if tag == "input" else "", is_on=on, given=given, group=group)
        if tag == "textarea":
            self._text = one
        elif tag == "select":
            self._select = one
        if "form" in given:
            self._elsewhere.append((given["form"], one))
        elif self._form is not None:
            self._form.fields.append(one)

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._text is not None:
            # A browser leaves out the line break that stands right behind the tag.
            self._text.value = self._text.value.removeprefix("\n")
            self._text = None
        elif tag == "select":
            self._select = None
        if any(name == tag for name, _id, _given in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data):
        # A text is said by each element with an id that it stands in.
        if self._text is not None:
            self._text.value += data
        for _tag, name, _given in self._open:
            if name:
                self.words[name] += data

    def close(self):
        super().close()
        for name, one in self._elsewhere:
            if name in self._by_id:
                self._by_id[name].fields.append(one)

    def said_beside(self, form: Form, name: str) -> str:
        """The words that a control, or the group around it, names as its error."""
        for one in form.named(name):
            pointers = [(one.given, "aria-invalid" in one.given), (one.group, True)]
            for given, is_wrong in pointers:
                for pointer in given.get("aria-describedby", "").split():
                    if is_wrong and pointer.endswith("_error") and self.words.get(pointer, "").strip():
                        return " ".join(self.words[pointer].split())
        return ""


def read(html: str) -> _Reader:
    """The links and forms of a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader
