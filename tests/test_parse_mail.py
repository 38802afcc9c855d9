"""`wardbook parse-mail`: raw bytes in, the agreed JSON out, without a database."""

import io
import json
import os
import subprocess
import sys

import pytest
from django.core.management import call_command

from wardbook import cli
from wardbook.correspondence.tests.mails import mail, multipart, part

pytestmark = pytest.mark.any_engine

KEYS = "subject from to cc date text html reply_text attachments auto_reply bounce in_reply_to references".split()

LETTER = mail(
    **multipart(
        part("Thank you.\r\n\r\nOn 1 Jul 2024, Office <o@x.example> wrote:\r\n> Old\r\n"),
        part("SGVsbG8=", content_type='image/png; name="a.png"', content_transfer_encoding="base64"),
    ),
    from_="=?utf-8?Q?M=C3=A1ire?= <maire@example.org>",
    subject="=?utf-8?B?VMW3?=",
    cc="Ann <ann@example.org>",
    date="Mon, 5 Jul 2010 07:54:40 +0200",
    in_reply_to="<one@x>",
    references="<zero@x> <one@x>",
)


class Bytes:
    """Standard input or output as bytes."""

    def __init__(self, content=b""):
        self.buffer = io.BytesIO(content)


@pytest.fixture
def run(monkeypatch):
    def run(*words, given=b""):
        out = Bytes()
        monkeypatch.setattr(sys, "stdin", Bytes(given))
        monkeypatch.setattr(sys, "stdout", out)
        return cli.run(["parse-mail", *words]), out.buffer.getvalue()

    return run


def test_one_mail_becomes_one_object(run):
    status, out = run(given=LETTER)
    assert status == 0
    assert json.loads(out) == {
        "subject": "Tŷ",
        "from": "Máire <maire@example.org>",
        "to": ["office@glanmor.example"],
        "cc": ["Ann <ann@example.org>"],
        "date": "2010-07-05T07:54:40+02:00",
        "text": "Thank you.\n\nOn 1 Jul 2024, Office <o@x.example> wrote:\n> Old",
        "html": "",
        "reply_text": "Thank you.",
        "attachments": [{"name": "a.png", "type": "image/png", "size": 5}],
        "auto_reply": False,
        "bounce": False,
        "in_reply_to": "one@x",
        "references": ["zero@x", "one@x"],
    }


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff\xfe", b"Subject: \xed\xa0\x80\r\n\r\n\xed\xa0\x80", b"\xd0\xcf\x11\xe0" * 99]
)
def test_any_bytes_become_an_object(run, raw):
    status, out = run(given=raw)
    assert status == 0
    found = json.loads(out.decode("utf-8"))
    assert list(found) == KEYS
    assert found["date"] is None
    assert found["in_reply_to"] is None


def test_answers_between_quotations_come_without_them_and_the_text_has_all(run):
    words = (
        "On 1 Jul 2024, Office <o@x.example> wrote:\r\n> The first?\r\n\r\nYes.\r\n\r\n> The second?\r\n\r\nNo.\r\n"
    )
    found = json.loads(run(given=mail(words))[1])
    assert found["reply_text"] == "Yes.\n\nNo."
    assert "> The second?" in found["text"]


def test_a_folder_becomes_a_line_for_each_mail(run, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "b.eml").write_bytes(mail("Second\r\nline"))
    (tmp_path / "in" / "a.EML").write_bytes(LETTER)
    (tmp_path / "in" / "notes.txt").write_text("not a mail")
    status, _ = run(str(tmp_path / "in"), str(tmp_path / "out.jsonl"))
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert status == 0
    assert [json.loads(line)["file"] for line in lines] == ["a.EML", "b.eml"]
    assert list(json.loads(lines[0])) == ["file", *KEYS]


def test_what_is_not_understood_is_said(run, tmp_path, capsys):
    assert run(str(tmp_path / "nowhere"), "out.jsonl")[0] == 1
    assert run(str(tmp_path))[0] == 1
    assert run(str(tmp_path), str(tmp_path / "no" / "out.jsonl"))[0] == 1
    assert run("--bogus")[0] == 2
    said = capsys.readouterr().err
    assert "There is no folder" in said
    assert "Say where to write" in said


def test_it_starts_without_django():
    """No settings and no database: half a second of Django for each mail would be most of the time."""
    script = "import sys; from wardbook.cli import run; run(['parse-mail']); sys.exit('django' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=LETTER,
        capture_output=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "nowhere.settings"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["subject"] == "Tŷ"


def test_it_is_a_command_of_django_too(tmp_path):
    (tmp_path / "a.eml").write_bytes(LETTER)
    call_command("parse_mail", str(tmp_path), str(tmp_path / "out.jsonl"))
    assert json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))["file"] == "a.eml"
    with pytest.raises(SystemExit):
        call_command("parse_mail", str(tmp_path / "nowhere"), "out.jsonl")
