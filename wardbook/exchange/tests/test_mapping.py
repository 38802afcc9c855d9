"""A map that cannot be used is refused with the line and the key of everything that is wrong."""

import re

import pytest

from wardbook.exchange import mapping
from wardbook.exchange.fields import CASE, CONTACT
from wardbook.exchange.importing import refuse_misfit
from wardbook.exchange.tests.conftest import MAP, REPOSITORY
from wardbook.exchange.values import Lists


def refusal(load, text):
    with pytest.raises(mapping.MapError) as refused:
        load(text)
    return str(refused.value).splitlines()


def test_the_shipped_map_is_found_by_its_short_name():
    assert mapping.load("la311", kind="cases").source == "MyLA311"
    assert mapping.shipped() == ["la311", "outlook"]
    assert mapping.load("outlook", kind="contacts").source == "Outlook"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("la312", "does not exist \\(did you mean “la311”\\?\\)\\. Maps that come with Wardbook: la311, outlook\\."),
        ("/", "is not a file"),
        ("a\0b", "its name cannot be used|does not exist"),
        ("x" * 5_000, "cannot be read: File name too long"),
    ],
)
def test_a_map_that_is_not_there_is_named(given, says):
    with pytest.raises(mapping.MapError, match=says):
        mapping.load(given, kind="cases")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('source = "a', "map.toml is not TOML: .*line 1"),
        ('source="a"\nsource="b"', "line 2"),
        ("a=" + "9" * 6_000, "is not TOML"),
        ("a=" + "[" * 100_000, "nested too deeply"),
        (b"\xff\xfea", "is not UTF-8"),
        ("#" * 1_000_001, "larger than 1,000,000 bytes"),
        ('kind="contacts"', "line 1, kind: this map is for “contacts”, not for cases"),
    ],
)
def test_what_is_no_map_is_refused(load, text, says):
    (said,) = refusal(load, text)
    assert re.search(says, said)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("colour = 1", "line 2, colour: there is no such setting."),
        ('time_zone = "Europe/Lodon"', "line 2, time_zone: “Europe/Lodon” is not a time zone (did you mean “Europe"),
        ('encoding = "utf-9"', "line 2, encoding: “utf-9” is not an encoding"),
        ('encoding = "idna"', "line 2, encoding: “idna” is not an encoding"),
        ("encoding = 8", "line 2, encoding: write text between quotation marks."),
        ('delimiter = "ab"', 'line 2, delimiter: write one sign, like "," or ";", or "tab".'),
        ("dates = []", "line 2, dates: write a list of formats"),
        ('dates = ["%d/%m"]', "line 2, dates: “%d/%m” reads no dates: it does not say year, month and day."),
        ('dates = ["%Q/%d/%m/%Y"]', "line 2, dates: “%Q/%d/%m/%Y” reads no dates"),
        ("fields.status = 3", "line 2, fields.status: write the name of a column, or a table."),
        ('fields.descr = "a"', "line 2, fields.descr: there is no such field (did you mean “description”?)."),
        ('fields.constituent.nme = "a"', "line 2, fields.constituent.nme: there is no such field"),
        ('fields.notes = "{} a"', "line 2, fields.notes.template: name at least one column in braces"),
        ('fields.notes = {column="a", fixed="b"}', "line 2, fields.notes: say one of column, template or fixed."),
        ('fields.notes = {column="a", colour=1}', "line 2, fields.notes.colour: there is no such setting"),
        ('fields.notes = {column="a", new_values=true}', "line 2, fields.notes.new_values: values can only be made"),
        ('fields.ward = {column="a", new_values="yes"}', "line 2, fields.ward.new_values: write true or false."),
        ('fields.ward = {column="a", class="open"}', "line 2, fields.ward.class: only a status has a class"),
        ('fields.tags = {column="a", separator=""}', "line 2, fields.tags.separator: write the sign"),
        ('fields.ward = {column="a", values=3}', "line 2, fields.ward.values: write a table"),
        ('fields.ward = {column="a", values={x=3}}', "line 2, fields.ward.values.x: write text between"),
        (
            'fields.opened = {fixed="2024-01-01"}',
            "fields.opened.fixed: a field that takes a date is filled from a col",
        ),
        ('fields.anonymous = {column="a", values={Y="yes"}}', "fields.anonymous.values.Y: write true or false."),
        ('fields.priority = {fixed="hgh"}', "“hgh” is not one of none, low, medium or high (did you mean “high”?)."),
        ('fields.status = {column="a", values={x={class="open"}}}', "values.x: say the name of the status."),
        (
            'fields.status = {column="a", values={x={name="A", class="opn"}}}',
            "values.x.class: “opn” is not one of new",
        ),
        ('fields.status = {fixed={name="A", class="open", outcome="resolved"}}', "only a status of the class closed"),
        ('fields.latitude = "a"', "line 2, fields.latitude: a point needs its longitude too."),
        (
            'fields.category = {column="a", new_values=true}',
            "fields.category.new_values: a new one must belong under",
        ),
    ],
)
def test_each_thing_that_is_wrong_is_named_with_its_line(load, wrong, says):
    said = refusal(load, f'source = "Old"\n{wrong}\nfields.id = "Id"\nfields.description = "What"\n')
    assert len(said) == 1, said
    assert says in said[0]


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_lines(load):
    said = refusal(
        load, 'colour = 1\nencoding = "x"\n[fields]\nnote = "a"\n[fields.status]\nclass = "opn"\ncolumn = "b"\n'
    )
    assert [line.split(", ")[1] for line in said if ", line " in line] == [
        "line 1",
        "line 2",
        "line 3",
        "line 3",
        "line 4",
        "line 6",
    ]
    assert "source: name where the file comes from" in said[0]


def test_a_fixed_value_must_be_in_the_list(office, load):
    using = load(MAP + '[fields.policy_area]\nfixed = "Housin"\n')
    with pytest.raises(
        mapping.MapError, match="policy_area.fixed: “Housin” is not in Policy areas \\(did you mean “Housing”"
    ):
        refuse_misfit(using, Lists(office, using.rules))


def test_a_status_keeps_the_class_that_the_office_gave_it(office, load):
    text = MAP.replace('"live" = "Open"', '"live" = { name = "Open", class = "paused" }\n"lost" = "Gone"')
    using = load(text.replace('column = "State"', 'column = "State"\nnew_values = true'))
    with pytest.raises(mapping.MapError) as refused:
        refuse_misfit(using, Lists(office, using.rules))
    assert str(refused.value).splitlines() == [
        "map.toml, fields.status: the status “Open” of this office is of the class open, the map says paused.",
        "map.toml, fields.status: “Gone” is a new status; say its class: new, open, paused or closed.",
    ]


def test_the_map_in_the_documentation_is_one(load):
    text = (REPOSITORY / "docs" / "importing.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert load(example).columns == ("Ref", "Type", "Street", "Received", "Done on", "State", "Caller", "Tel")


def test_every_field_is_in_the_documentation():
    text = (REPOSITORY / "docs" / "importing.md").read_text(encoding="utf-8")
    missing = [name for name in CASE | CONTACT if f"`{name.removeprefix('constituent.')}`" not in text]
    assert missing == []
