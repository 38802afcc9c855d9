"""Every form of the product as a person finds it on its pages, filled in so that it is accepted."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import Resolver404, resolve, reverse

from tests import pages
from tests.asking import Asker, key, undone
from tests.test_access import OFFICE_ROUTES, address
from wardbook.cases import entry_kinds
from wardbook.offices import access

KEPT = ("csrfmiddlewaretoken", "operation")
ROUNDS = 5

# What is typed where the first answer says that something is missing; other fields of text get a few words.
TYPED = {
    "email": "new.colleague@example.org",
    "to_other": "roads@council.example",
    "due_on": "+1w",
    "to": "+1w",
    "address": "post@example.org",
    "host": "mail.example.org",
    "day": "2030-05-06",
    "next_on": "+1w",
    "table": ("postcodes.csv", b"postcode,ward\nGM1 1AA,CANARYA ward\n"),
    "uploads": ("scan.gif", b"GIF89a\1\0\1\0\0\0\0;"),
    "link": "https://example.org/post/1",
    "pages": "1",
}
# What is chosen in a type-ahead: the thing of the world whose id is sent.
CHOSEN = {"other_case": "closed", "person": "contact", "contact": "contact", "case": "case"}
# Ticks of a list of rows, of which one is needed.
TICKED = {"case", "cases", "message"}
# Ticked on the page already, and left out: the world's own bytes are not where a single test looks for them.
LEFT_OUT = {"attachments"}
# Routes that no page has a form for, each with the reason.
NO_FORM = {
    "demo_sign_in": "only in the demo",
    "offices:invitation": "asked signed out, in wardbook/offices/tests/test_the_way_in.py",
    "csp_report": "sent by browsers in JSON; tests/test_headers.py",
    "cases:presence": "told by a script; wardbook/cases/tests/test_bad_input.py",
    "cases:draft": "told by a script in JSON; wardbook/cases/tests/test_bad_input.py",
    "provider_mail": "a provider's signed call; wardbook/correspondence/tests",
    "desk:inbox_return": "stands in the answer to a decision; wardbook/desk/tests",
    "desk:mailbox_pause": "only for a mailbox that is fetched; wardbook/desk/tests",
    "desk:mailbox_trial": "only for a mailbox that is fetched; wardbook/desk/tests",
    "desk:import_run": "the world has no file that waits to be matched; wardbook/desk/tests/test_settings_imports.py",
    "desk:import_values": "the world has no file whose values wait; wardbook/desk/tests/test_import_values.py",
    "desk:import_people": "the world has no file with people alike; wardbook/desk/tests/test_import_people.py",
    "desk:import_stop": "the world has no import under way; wardbook/desk/tests/test_settings_imports.py",
}
# Pages with a menu that works by script alone, which says where its form goes (rows.js).
AIMED_BY_SCRIPT = {"desk:home", "desk:activities"}
# Pages whose forms are samples, or that are asked in another state below.
ELSEWHERE = {"desk:styleguide", "cases:filing"}


@dataclass
class Found:
    """A form on a page: where it stands, which route it is sent to, and what a valid filling of it is."""

    page: str
    route: str
    to: str
    form: pages.Form
    valid: dict[str, list[str]]
    files: dict[str, tuple[str, bytes]]
    answer: int = 0
    because: str = ""

    @property
    def names(self):
        """What a person or a machine can fill in, each name once."""
        return list(dict.fromkeys(one.name for one in self.form.fields if one.name not in KEPT))

    def send(self, asker, fields, files=None, **headers):
        files = self.files if files is None else files
        made = {name: SimpleUploadedFile(*one) for name, one in files.items()}
        return asker.post(self.to, fields | {"operation": [key()]}, made, **headers)


def route_of(path):
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


class Forms:
    """All forms that one person finds on all pages of an office, each with a filling that is accepted."""

    def __init__(self, world, role="manager"):
        self.world, self.asker, self.role = world, Asker(world.users[role]), role
        self.found: dict[tuple, Found] = {}
        self.asked: dict[tuple, tuple[str, pages.Form]] = {}
        self.astray: set[str] = set()
        for here in self.addresses():
            with undone():
                response = self.asker.get(here)
            self.read(here, response)
        done: set[tuple] = set()
        while left := [identity for identity in self.found if identity not in done]:
            for identity in left:
                done.add(identity)
                self.mend(self.found[identity])

    def addresses(self):
        """A page of every route, and the states of pages that show more forms."""
        world, slug = self.world, self.world.office.slug
        for page in ("campaign", "campaign_reply", "campaign_merger"):
            # First one that is accepted, and of which no answer is on its way: the other refuses these forms.
            yield reverse(f"desk:{page}", args=[slug, world.campaign_accepted.pk])
        for route in OFFICE_ROUTES:
            if access.row(route).read != access.NEVER and route not in ELSEWHERE:
                yield address(route, world)
        yield reverse("accounts:preferences")
        yield address("contacts:contact", world) + "?tab=notes"
        yield reverse("desk:case", args=[slug, world.closed.number])
        for tab in ("email", *entry_kinds.KINDS):
            yield address("desk:case", world) + f"?write={tab}"
        yield reverse("cases:restriction", args=[slug, world.restricted.number])
        yield reverse("desk:settings_person", args=[slug, world.gone.pk])
        yield reverse("desk:settings_person", args=[slug, world.managing.pk])
        yield address("desk:fields_profile", world) + "?profile=council"
        yield address("desk:cases", world) + f"?view={world.view.pk}&priority=high"
        yield address("desk:calendar", world) + "?year=2025"
        yield address("desk:activities", world) + "?person=none"
        yield address("correspondence:letter", world) + "?edit=1"
        yield address("correspondence:printing", world) + f"?letter={world.letter.pk}-{world.letter.version}"
        yield address("cases:filing", world) + f"?activity={world.loose.pk}"

    def read(self, here, response):
        """Remember the forms of an answer."""
        if response.status_code != 200 or "text/html" not in response.headers.get("Content-Type", ""):
            return
        for form in pages.read(response.body.decode()).forms:
            for way in form.ways():
                to = urlsplit(way.action or here)
                route, names = route_of(to.path), tuple(sorted({one.name for one in way.fields}))
                identity = (route, names, way.pressed and way.pressed[0])
                if way.method == "get":
                    self.asked.setdefault(identity, (way.action or here, way))
                elif way.method == "post" and ":" in route and access.row(route).change == access.NEVER:
                    self.astray.add(route)
                elif way.method == "post" and ":" in route and identity not in self.found:
                    to = to._replace(fragment="").geturl()
                    filled = {name: said for name, said in way.filled().items() if name not in LEFT_OUT}
                    self.found[identity] = Found(here, route, to, way, filled, {})

    def mend(self, found):
        """Fill in what the answers ask for, until the form is accepted; the forms of the answer are found too."""
        for name in TICKED.intersection(found.names):
            if not found.valid.get(name):
                found.valid[name] = [found.form.named(name)[0].value]
        for _round in range(ROUNDS):
            with undone():
                response = found.send(self.asker, found.valid)
            found.answer = response.status_code
            if response.status_code != 422:
                self.read(found.to, response)
                return
            page = pages.read(response.body.decode())
            said = {}
            for form in page.forms:
                # What an email is asked about before it goes is said yes to.
                asked = [one.value for one in form.named("confirmed") if one.kind == "checkbox"]
                if form.method == "post" and asked:
                    found.valid["confirmed"] = asked
                if form.method == "post":
                    for one in form.fields:
                        if words := page.said_beside(form, one.name):
                            said[one.name] = words
            found.because = f"{said}"
            for name in said:
                self.fill(found, name)

    def fill(self, found, name):
        one = next(iter(found.form.named(name)), None)
        if one is None:
            return
        offered = [value for value in one.options if value] or [
            other.value for other in found.form.named(name) if other.kind == "radio" and other.value
        ]
        chosen = name.removesuffix("_text")
        if one.kind == "file":
            found.files[name] = TYPED[name]
        elif offered:
            known = found.valid.get(name, [])
            found.valid[name] = [next((value for value in offered if value not in known), offered[0])]
        elif chosen in CHOSEN:
            thing = getattr(self.world, CHOSEN[chosen])
            found.valid[chosen] = [str(getattr(thing, "number", thing.pk))]
        else:
            found.valid[name] = [TYPED.get(name, "Words about it")]

    def to(self, route):
        return [found for (name, *_), found in self.found.items() if name == route]
