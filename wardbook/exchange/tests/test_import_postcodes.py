import pytest
from django.core.management import CommandError, call_command

from wardbook.offices.factories import OfficeFactory
from wardbook.offices.models import Postcode

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory(slug="glanmor")


@pytest.fixture
def run(tmp_path, office, capsys):
    def run(text, *options, encoding="utf-8"):
        path = tmp_path / "postcodes.csv"
        path.write_bytes(text.encode(encoding))
        call_command("import_postcodes", str(path), "--office", "glanmor", *options)
        return capsys.readouterr().out

    return run


def test_a_table_comes_in_and_says_what_it_did(run, office):
    said = run("postcode;ward;in_area;elsewhere\nGM1 4AB;Riverside;yes;\nGM9;;no;Eastmarsh: Ann Bell\n\n")

    assert "2 postcodes" in said
    assert "1 new wards: Riverside" in said
    out = Postcode.objects.get(key="GM9")
    assert (out.in_area, out.elsewhere, out.ward) == (False, "Eastmarsh: Ann Bell", None)


def test_only_the_postcode_must_be_there(run):
    run("postcode\nGM1\n")
    assert Postcode.objects.get().in_area


def test_a_dry_run_writes_nothing(run):
    assert "Nothing was written" in run("postcode,ward\nGM1,Riverside\n", "--dry-run")
    assert not Postcode.objects.exists()


def test_the_same_file_a_second_time_is_the_same_table(run):
    for _again in range(2):
        run("postcode,ward\nGM1,Riverside\nGM1,Riverside\n")
    assert Postcode.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("code\nGM1\n", "has no column “postcode”"),
        ("postcode\n", "has no rows|no postcode"),
        ("postcode,ward\n!!,Riverside\n", "Row 2, postcode: found “!!”, expected a postcode"),
        ("postcode\nRiverside\n", "Row 2, postcode: found “Riverside”"),
        ("postcode,in_area\nGM1,perhaps\n", "Row 2, in_area: found “perhaps”, expected yes or no"),
        ("postcode,ward\nGM1," + "x" * 121 + "\n", "at most 120 letters"),
        ("postcode,in_area,elsewhere\nGM1,no," + "x" * 161 + "\n", "at most 160 letters"),
        ("postcode,in_area,elsewhere\nGM1,yes,Eastmarsh\n", "for a postcode that is ours"),
        ("postcode,ward\nGM1,A\nGM1,B\n", "is said otherwise in row 2"),
        ("postcode,ward\nGM1,A,B,C\n", "4 cells”, expected 2 cells"),
        ('postcode,ward\n"GM1,A\n', "not closed"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_changes(run, office, text, sentence):
    Postcode.objects.create(office=office, key="ZZ1")
    with pytest.raises(CommandError, match=sentence):
        run(text)
    assert Postcode.objects.get().key == "ZZ1"


def test_a_file_in_another_encoding_is_said_to_be_one(run):
    with pytest.raises(CommandError, match="not UTF-8"):
        run("postcode,ward\nGM1,Caf\xe9\n", encoding="latin-1")
    run("postcode,ward\nGM1,Caf\xe9\n", "--encoding", "cp1252", encoding="latin-1")
    assert Postcode.objects.get().ward.name == "Café"


def test_an_office_or_a_file_that_is_not_there(office, tmp_path):
    with pytest.raises(CommandError, match="no office “nowhere”"):
        call_command("import_postcodes", "x.csv", "--office", "nowhere")
    with pytest.raises(CommandError, match="There is no file"):
        call_command("import_postcodes", str(tmp_path / "none.csv"), "--office", "glanmor")
