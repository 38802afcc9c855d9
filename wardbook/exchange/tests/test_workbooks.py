"""The first sheet of an Excel workbook is read as rows, by a process of its own that no file can hurt."""

from datetime import date

import pytest
from django.core.management import call_command

from wardbook.cases.models import Case
from wardbook.exchange.reading import Table, Unreadable
from wardbook.exchange.tests.conftest import HEADER, MAP
from wardbook.exchange.tests.workbook import moment, workbook
from wardbook.exchange.workbooks import opening
from wardbook.exchange.workbooks.child import MOST_ENTRIES, MOST_UNPACKED

FIRST = HEADER.split(",")


@pytest.fixture
def rows_of(written):
    def read(content, using=None):
        path = written(content, "old.xlsx")
        with opening.as_rows(path, using) as rows:
            table = Table(rows)
            try:
                return table.path.name, [table.columns, *(row.cells for row in table.rows())]
            finally:
                table.close()

    return read


def test_values_come_as_a_person_reads_them(rows_of):
    book = workbook(
        ("hidden", [["not", "this"]]),
        [],
        [
            ["Name", "Day", "When", "Number", "Sum", "Phone"],
            ["Tŷ, “Coch”\nfloor 2", date(2025, 5, 31), moment(2025, 5, 31, 14, 30), 0.1 + 0.2, "=6*7", "01632 1"],
            [None, None, None, 1234567],
        ],
    )
    name, rows = rows_of(book)
    assert name == "old.xlsx"
    assert rows[0] == ["Name", "Day", "When", "Number", "Sum", "Phone"]
    assert rows[1] == ["Tŷ, “Coch”\nfloor 2", "2025-05-31", "2025-05-31T14:30:00", "0.3", "42", "01632 1"]
    assert rows[2] == ["", "", "", "1234567", "", ""]


def test_days_are_written_as_the_map_reads_them(rows_of, load):
    using = load()
    assert using.formats == ("%d/%m/%Y %H:%M", "%d/%m/%Y")
    _name, rows = rows_of(workbook([["A", "B"], [date(2025, 5, 31), moment(2025, 5, 31, 14, 30)]]), using)
    assert rows[1] == ["31/05/2025", "31/05/2025 14:30"]


def test_cases_come_in_from_a_workbook_by_the_command(office, written, tmp_path):
    book = written(workbook([FIRST, ["7", "Lamp", moment(2025, 5, 31, 14, 30), None, "live"]]), "old.xlsx")
    options = {"office": "glanmor", "map": str(written(MAP, "map.toml")), "quiet": True}
    call_command("import_cases", str(book), **options)
    case = Case.objects.get(office=office)
    assert (case.source_id, case.opened_on) == ("7", date(2025, 5, 31))
    call_command("import_cases", str(book), **options)
    assert Case.objects.count() == 1, "the same workbook again brings nothing"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04 nothing", "is an Excel workbook or another zip file, not a CSV file"),
        (workbook([["A"]], more={"xl/workbook.xml": "<workbook"}), "has no sheet|cannot be opened"),
        (workbook([]), "has no sheet with anything in it"),
        (workbook([["A"]], more={"bomb": "0" * (MOST_UNPACKED + 1)}), "is too large to be opened here"),
        (workbook([["A"]], more={f"f{n}": "" for n in range(MOST_ENTRIES)}), "is too large to be opened here"),
    ],
    ids=["no workbook", "broken", "empty", "unpacks to too much", "too many entries"],
)
def test_what_cannot_be_opened_is_said(rows_of, content, says):
    with pytest.raises(Unreadable, match=says):
        rows_of(content)


def test_a_sheet_that_claims_to_be_endless_takes_no_memory_of_ours(rows_of):
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    sheet = f'<worksheet xmlns="{main}"><sheetData>{far}</sheetData></worksheet>'
    with pytest.raises(Unreadable, match="is too large|cannot be opened"):
        rows_of(workbook([["A"]], more={"xl/worksheets/s1.xml": sheet}))
