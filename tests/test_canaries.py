"""A4: fifty words that only the other office has, one in each of its texts, asked for in every search there is.

The answer to such a word is the answer to a word that nobody has: the same page, the same counts, found with the same
number of queries (time is not measured here; what it would tell is told by the queries).
"""

import re
from itertools import product

import pytest
from django.apps import apps
from django.db import connection, models
from django.urls import reverse

from tests import filling
from tests.asking import undone
from tests.test_access import READABLE_ROUTES, address, plain
from wardbook.cases.actions.indexing import index
from wardbook.contacts.actions import reindex
from wardbook.invariants import path_to_office

pytestmark = pytest.mark.django_db

NEVER = "zyqvzz"
# Columns of text that hold what a machine made: nobody searches for a digest.
MADE = re.compile(r"digest|previous|hash|sha256|key|slug|source|normal|map_name|inverse|scope|token|media_type|code$")
LEAST = 50
# What is found is asked for without the frame of the page around it, where a page can be asked so.
PIECE = {"HX-Request": "true"}


def words():
    """zyqxaa, zyqxab, …: words that stand in no text, and none of which begins another."""
    return ("zyqx" + "".join(letters) for letters in product("abcdefghijklmnopqrstuvwxyz", repeat=2))


def texts_of(model):
    """The columns in which a person wrote something."""
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
        if is_text and (field.max_length or 99) >= 10 and not MADE.search(field.name):
            yield field


@pytest.fixture(scope="module")
def planted(both):
    """{word: where it stands}: a word of its own in each text of each table of the other office."""
    found, left, office = {}, words(), both[1].office
    for model in apps.get_models():
        path = path_to_office(model)
        row = path and model._default_manager.filter(**{path: office.pk}).order_by("pk").last()
        if not row or model._meta.label.startswith("journal."):
            continue
        for field in texts_of(model):
            word = next(left)
            model._default_manager.filter(pk=row.pk).update(**{field.name: word})
            found[word] = f"{model._meta.label}.{field.name}"
    user = both[1].users["caseworker"]
    word = next(left)
    type(user).objects.filter(pk=user.pk).update(name=word)
    found[word] = "the name of a colleague"
    for contact in office.contacts.all():
        reindex(contact)
    index(office.cases.all())
    return found


@pytest.fixture(scope="module")
def searches(both):
    """[(address, name of the field)]: whatever answers differently when a word is asked."""
    forms = filling.Forms(both[0])
    asked = [
        (to.partition("#")[0].partition("?")[0], one.name)
        for to, form in forms.asked.values()
        for one in form.fields
        if one.kind in ("text", "search")
    ]
    asked += [(address(route, both[0]), "q") for route in READABLE_ROUTES]
    asked += [(reverse("desk:search", args=["ours"]) + "?as=options", "q")]
    found = []
    for here, name in dict.fromkeys(asked):
        bodies = [answer(forms.asker, here, {name: word} if word else {})[:2] for word in ("", NEVER)]
        if bodies[0] != bodies[1]:
            found.append((here, name))
    return forms, found


def follow(asker, here, fields):
    """The answer, and where a search leads to its own address, what stands there."""
    response = asker.get(here, fields, **PIECE)
    return asker.get(response.headers["Location"], **PIECE) if response.status_code in (301, 302) else response


def answer(asker, here, fields):
    """(status, what is said without the word asked, number of queries)."""
    queries = 0

    def count(execute, sql, params, many, context):
        nonlocal queries
        # What is asked; that the session was used is noted now and then, whatever is searched.
        queries += sql.startswith("SELECT")
        return execute(sql, params, many, context)

    with undone(), connection.execute_wrapper(count):
        response = follow(asker, here, fields)
    said = plain(response.body)
    for word in fields.values():
        said = re.sub(re.escape(word), "", said, flags=re.IGNORECASE)
    return response.status_code, said, queries


def test_fifty_words_are_planted(planted):
    assert len(planted) >= LEAST
    assert {"contacts.Contact.name", "cases.InternalNote.text", "cases.Document.name", "vocabulary.Tag.name"} <= set(
        planted.values()
    )


def test_the_other_office_finds_its_words(planted, both):
    """Else the tests below would find nothing because nothing can be found."""
    theirs = filling.Asker(both[1].users["manager"])
    for where, here in (("contacts.Contact.name", "/theirs/people/"), ("cases.Case.description", "/theirs/cases/")):
        word = next(word for word, place in planted.items() if place == where)
        with undone():
            assert word in follow(theirs, here, {"q": word}).body.decode().replace(f'value="{word}"', "")


def test_no_search_filter_or_type_ahead_finds_a_word_of_another_office(planted, searches):
    forms, found = searches
    assert len(found) >= 8, found
    for here, name in found:
        never = answer(forms.asker, here, {name: NEVER})
        for word, where in planted.items():
            assert answer(forms.asker, here, {name: word}) == never, (here, name, word, where)


def test_no_page_shows_a_word_of_another_office(planted, searches, both):
    asker = searches[0].asker
    anything = re.compile("|".join(planted))
    for route in READABLE_ROUTES:
        with undone():
            body = asker.get(address(route, both[0])).body.decode("utf-8", "replace")
        assert not anything.search(body), route


def test_a_filter_by_another_offices_thing_is_a_filter_by_nothing(searches, both):
    forms, _found = searches
    kinds = {}
    for model in filter(path_to_office, apps.get_models()):
        rows = model._default_manager.order_by("pk")
        mine, other = (rows.filter(**{path_to_office(model): world.office.pk}) for world in both)
        kinds |= dict.fromkeys(
            map(str, mine.values_list("pk", flat=True)), other.values_list("pk", flat=True).first()
        )
    people = [[user.pk for user in world.users.values()] for world in both]
    kinds |= {str(mine): other for mine, other in zip(*people, strict=True)}
    asked = 0
    for to, form in forms.asked.values():
        here = to.partition("#")[0].partition("?")[0]
        for one in form.fields:
            pk = next((kinds[value] for value in one.options if kinds.get(value)), None)
            if pk:
                asked += 1
                never = answer(forms.asker, here, {one.name: "987654321"})
                assert answer(forms.asker, here, {one.name: str(pk)}) == never, (here, one.name, pk)
    assert asked > 10
