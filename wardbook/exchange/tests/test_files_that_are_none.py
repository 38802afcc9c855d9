"""A file that is no proper CSV ends in a sentence, and nothing of it comes in."""

import codecs
import os
import re
import tracemalloc

import pytest

from wardbook.cases.models import Case
from wardbook.exchange.reading import Table, Unreadable

HEADER = "Id,What,When"
WANTED = ("Id", "What", "When")


def read(path, **how):
    table = Table(path, wanted=WANTED, **how)
    try:
        table.count()
        return [row.cells for row in table.rows()]
    finally:
        table.close()


def refusal(path, **how):
    with pytest.raises(Unreadable) as refused:
        read(path, **how)
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "“old.csv” is empty."),
        (b"\n\n\n", "has nothing but empty lines"),
        (b"Id,What,When\n", "names columns and has no rows below them"),
        (b"Id,What,When\n1,a\0b,x\n", "Line 2 holds a NUL byte"),
        ("Id,What,When\n1,é,x\n".encode("utf-16-le"), "NUL byte.*utf-16-le"),
        ("Id,What,When\n1,a,x\n2,é,x\n".encode("latin-1"), "Line 3, with the byte 0xE9, is not UTF-8.*cp1252"),
        (b'Id,What,When\n1,ok,x\n2,"open,x\n3,ok,x\n', "begins on line 3 is not closed before the end"),
        (b'Id,What,When\n2,"open,x\n' + b"3,ok,x\n" * 20_000, "begins on line 2 is not closed within 131,072"),
        (b"Id,What,When\n1," + b"x" * 140_000 + b",x\n", "Line 2 has a cell longer than 131,072 characters"),
        (b"Id,What,When\n" + b"1," * 600_000 + b"\n", "Line 2 is longer than 1,048,576 characters"),
        (b'Id,What,When\n1,"a\n' + b'","\n' * 400_000, "row that begins on line 2 is not closed"),
        (b",".join(b"c%d" % n for n in range(1_000_000)), "Line 1 is longer than 1,048,576 characters"),
        (b",".join([b"c"] * 500_000), "names 500,000 columns; at most 1,000"),
        (b"Id,What,When,What\n1,a,x,b\n", r"“What” stands 2 times in the first line \(columns 2, 4\)"),
        (b"PK\x03\x04rest", "an Excel workbook"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\x1f\x8brest", "a gzip file"),
        (b"\xff\xfe\x00\xd8\x00\x00", "is not utf-16"),
    ],
)
def test_what_is_no_csv_is_refused_in_a_sentence(written, content, says):
    said = refusal(written(content))
    assert re.search(says, said)
    assert "\n" not in said
    assert said.endswith(".")


def test_every_row_with_a_wrong_quotation_mark_is_named(written):
    said = refusal(written('Id,What,When\n1,"a "b" c",x\n2,fine,x\n3,"d" e,x\n'))
    assert [line.split(" has ")[0] for line in said.splitlines()] == ["Line 2", "Line 4"]


def test_missing_columns_are_named_with_what_is_there(written):
    said = refusal(written("Id;Whatt\n1;a\n"))
    assert "no column “What” (did you mean “Whatt”?)." in said
    assert "no column “When”." in said
    assert "read with semicolon between the cells, names: “Id”, “Whatt”." in said


def test_what_is_not_a_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert "There is no file" in refusal(tmp_path / "nothing.csv")
    assert "is a folder" in refusal(tmp_path)
    assert "cannot be read" in refusal(tmp_path / "pipe") or "read twice" in refusal(tmp_path / "pipe")
    assert "its name cannot be used" in refusal(tmp_path / "a\0b")


@pytest.mark.parametrize("closed", [True, False])
def test_a_line_of_100_mb_does_not_fill_the_memory(tmp_path, closed):
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(b'Id,What,When\n1,"' if not closed else b"Id,What,When\n1,")
        for _ in range(100):
            file.write(b"x" * 1_000_000)
        file.write(b",x\n")
    tracemalloc.start()
    try:
        said = refusal(path)
        assert tracemalloc.get_traced_memory()[1] < 16_000_000
    finally:
        tracemalloc.stop()
    assert said == "Line 2 is longer than 1,048,576 characters."


@pytest.mark.parametrize(
    ("encoding", "how"),
    [
        ("utf-8", {}),
        ("utf-8-sig", {}),
        ("utf-16", {}),
        ("utf-16", {"encoding": "cp1252"}),
        ("utf-32", {}),
        ("cp1252", {"encoding": "cp1252"}),
        ("latin-1", {"encoding": "latin-1"}),
        ("utf-16-le", {"encoding": "utf-16-le"}),
    ],
)
def test_any_encoding_is_read_that_is_marked_or_named(written, encoding, how):
    path = written("Id,What,When\n1,Café – Straße,x\n".replace("–", "-"), encoding=encoding)
    assert read(path, **how) == [["1", "Café - Straße", "x"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_from_the_names_that_are_looked_for(written, delimiter):
    names = delimiter.join(["Id", "What", "When", '"a,b;c|d\te"'])
    path = written(f"{names}\n" + delimiter.join(["1", '"a,b;c"', "x", ""]) + "\n")
    assert read(path) == [["1", "a,b;c", "x", ""]]


def test_line_ends_of_all_systems_and_breaks_inside_cells(written):
    for end in ("\n", "\r\n", "\r"):
        assert read(written(end.join([HEADER, '1,"a\nb",x', "", "2,c,y", ""]))) == [
            ["1", "a\nb", "x"],
            ["2", "c", "y"],
        ]


def test_a_row_has_the_number_that_a_spreadsheet_shows(written):
    table = Table(written(f'{HEADER}\n1,"a\nb",x\n\n2,c,y\n'), wanted=WANTED)
    assert [row.number for row in table.rows()] == [2, 4]
    table.close()


def test_a_mark_does_not_become_part_of_the_first_name(written):
    table = Table(written(codecs.BOM_UTF8 + b"Id,What,When\n1,a,x\n"), encoding="utf-8", wanted=WANTED)
    assert table.columns == ["Id", "What", "When"]
    table.close()


def test_nothing_comes_in_from_a_file_that_breaks_off_later(bring_in):
    rows = [f"{n},Lamp,01/02/2024,,live" for n in range(1_200)]
    with pytest.raises(Unreadable, match="line 1,202 is not closed"):
        bring_in(*rows, '9999,"broken,01/02/2024,,live')
    assert not Case.objects.exists()
