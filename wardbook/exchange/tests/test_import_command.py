"""`wardbook import cases` as a person types it: what it prints, what it writes, how it ends."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command

from wardbook.cases.models import Case
from wardbook.exchange import keeping
from wardbook.exchange.models import Batch
from wardbook.exchange.progress import _Lines
from wardbook.exchange.tests.conftest import HEADER, MAP
from wardbook.offices.factories import CaseworkerFactory, OfficeFactory

GOOD = f"{HEADER}\n1,Lamp,01/06/2024,,live\n2,Bin,01/06/2024,02/06/2024,done\n"
BAD = f"{HEADER}\n1,Lamp,01/06/2024,,live\n2,,1/6,,lost\n"


@pytest.fixture
def run(office, written, monkeypatch, tmp_path):
    """Run the command on a file. Gives (exit code, printed)."""
    monkeypatch.chdir(tmp_path)

    def command(*words, content=GOOD, using=MAP, file="old.csv"):
        written(using, "map.toml")
        if content is not None:
            written(content, file)
        out = io.StringIO()
        try:
            call_command("import_cases", *words, stdout=out, stderr=out)
        except CommandError as refusal:
            return refusal.returncode, f"{out.getvalue()}{refusal}"
        except SystemExit as end:
            return end.code, out.getvalue()
        return 0, out.getvalue()

    return command


ALL = ("old.csv", "--office", "glanmor", "--map", "map.toml")


def test_it_says_what_came_in_and_how_to_take_it_back(run):
    code, printed = run(*ALL)
    batch = Batch.objects.get()
    assert code == 0
    assert "2 cases came in, 0 known already and left alone, 0 could not come in." in printed
    assert f"--undo {batch.pk}" in printed
    assert run(*ALL) == (0, "Nothing was changed: 2 known already and left alone, 0 could not come in.\n")


def test_a_dry_run_says_what_would_happen(run, tmp_path):
    code, printed = run(*ALL, "--dry-run", content=BAD)
    assert code == 1
    assert printed.splitlines()[0] == "Nothing was written. Of 2 rows:"
    assert "  1 would come in as cases" in printed
    assert "  1 cannot come in" in printed
    assert "  Status Open: 1" in printed
    assert not Case.objects.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["map.toml", "old.csv"]


def test_rows_that_stay_out_are_written_to_a_file_beside(run, tmp_path):
    code, printed = run(*ALL, content=BAD)
    assert code == 1
    with (tmp_path / "old-errors.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["column"], row["found"]) for row in rows] == [
        ("3", "What", ""),
        ("3", "State", "lost"),
        ("3", "Opened", "1/6"),
    ]
    assert str(tmp_path / "old-errors.csv") in printed
    kept = keeping.find(Batch.objects.get().errors_folder, keeping.ERRORS)
    assert kept.read_bytes() == (tmp_path / "old-errors.csv").read_bytes(), "the page of imports has a copy"
    run(*ALL, content=BAD)
    assert (tmp_path / "old-errors-2.csv").exists()


def test_the_file_of_errors_may_be_named_and_may_suit_excel(run, tmp_path):
    run(*ALL, "--errors", "wrong.csv", "--excel", "--dry-run", content=BAD)
    assert (tmp_path / "wrong.csv").read_bytes().startswith(b"\xef\xbb\xbfrow,column,found,expected")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ((), 2, "Say what to bring in, where, and how"),
        (("old.csv",), 2, "Say what to bring in, where, and how"),
        (("none.csv", *ALL[1:]), 2, "There is no file “none.csv”."),
        ((".", *ALL[1:]), 1, "is a folder"),
        (
            ("old.csv", "--office", "glanmo", "--map", "map.toml"),
            2,
            "There is no office “glanmo” (did you mean “glanmor”?)",
        ),
        (("old.csv", "--office", "glanmor", "--map", "m.toml"), 2, "The map “m.toml” does not exist"),
        ((*ALL, "--encoding", "utf-9"), 2, "“utf-9” is not an encoding."),
        ((*ALL, "--by", "nobody@example.org"), 2, "“nobody@example.org” is nobody who may import into Glanmor."),
        ((*ALL, "--errors", "old.csv"), 2, "would overwrite what is to be read"),
        (
            (*ALL, "--errors", "no/such/folder.csv"),
            1,
            "The file of errors cannot be written: No such file or directory.",
        ),
        (("--undo", "99"), 2, "There is no batch 99."),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_an_exit_code(run, words, code, says):
    assert run(*words)[0] == code
    assert says in run(*words)[1]
    assert not Case.objects.exists()


def test_only_somebody_who_may_import_does_it(run, office):
    CaseworkerFactory(office=office, email="sam@example.org")
    mared = CaseworkerFactory(office=office, email="mared@example.org", role="manager")
    CaseworkerFactory(office=OfficeFactory(), email="boss@example.org", role="manager")
    assert run(*ALL, "--by", "sam@example.org")[0] == 2
    assert run(*ALL, "--by", "boss@example.org")[0] == 2
    assert run(*ALL, "--by", "Mared@example.org")[0] == 0
    assert {case.created_by for case in Case.objects.all()} == {mared}
    assert Batch.objects.get().by == mared


def test_batches_are_listed_and_taken_back(run):
    assert run("--list") == (0, "Nothing was imported yet.\n")
    run(*ALL)
    number = str(Batch.objects.get().pk)
    assert "2 made, 0 known, 0 refused" in run("--list", "--office", "glanmor")[1]
    assert run("--undo", number) == (0, "Taken back: 2 cases, 0 contacts, 0 values of lists.\n")
    assert "taken back 2" in run("--list")[1]
    assert run("--undo", number) == (1, "Nothing of this import is left.")


def test_a_batch_of_another_office_is_not_there(run):
    run(*ALL)
    OfficeFactory(slug="other")
    code, printed = run("--undo", str(Batch.objects.get().pk), "--office", "other")
    assert (code, printed.split(".")[0]) == (2, f"There is no batch {Batch.objects.get().pk} in this office")
    assert run("--list", "--office", "other")[1] == "Nothing was imported yet.\n"


def test_an_encoding_may_be_given_with_the_command(run):
    content = f"{HEADER}\n1,Café,01/06/2024,,live\n".encode("cp1252")
    assert run(*ALL, content=content)[0] == 1
    assert run(*ALL, "--encoding", "cp1252", content=content)[0] == 0
    assert Case.objects.get().description == "Café"


def test_without_a_terminal_progress_is_a_line_now_and_then(monkeypatch):
    stream = io.StringIO()
    clock = iter([0.0, 1.0, 6.0, 7.0])
    monkeypatch.setattr("wardbook.exchange.progress.time.monotonic", lambda: next(clock))
    tell = _Lines(stream, "Importing", 10_000)
    for done in (500, 3_000, 3_500):
        tell(done)
    assert stream.getvalue() == "Importing 3,000 of 10,000, about 14 s left\n"
