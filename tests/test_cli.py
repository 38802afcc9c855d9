"""The `wardbook` command understands words, and refuses in sentences."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wardbook import cli

ROOT = Path(__file__).resolve().parent.parent
KNOWN = frozenset({"serve", "import_cases", "import", "verify_journal", "working_days"})


@pytest.mark.parametrize(
    ("typed", "name", "rest"),
    [
        ("serve --web", "serve", ["--web"]),
        ("import cases file.csv --office x", "import_cases", ["file.csv", "--office", "x"]),
        ("import contacts", "import", ["contacts"]),
        ("verify-journal", "verify_journal", []),
        ("working-days --count 5", "working_days", ["--count", "5"]),
    ],
)
def test_leading_words_name_the_longest_command(typed, name, rest):
    assert cli.find_command(typed.split(), KNOWN) == (name, rest)


def test_an_option_is_never_part_of_a_name():
    with pytest.raises(cli.UnknownCommand):
        cli.find_command(["--serve"], KNOWN)


def wardbook(*words, folder=ROOT, **variables):
    """Run the command as a person does, from any folder."""
    environ = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environ |= {"PYTHONPATH": str(ROOT)} | variables
    return subprocess.run(
        [sys.executable, "-m", "wardbook", *words],
        cwd=folder,
        env=environ,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_help_lists_what_one_can_do(tmp_path):
    answer = wardbook("--help", folder=tmp_path)
    assert answer.returncode == 0
    for words in cli.COMMANDS:
        assert f"wardbook {words}" in answer.stdout


def test_an_unknown_command_is_a_sentence(tmp_path):
    answer = wardbook("serv", folder=tmp_path)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr == "There is no command `wardbook serv`. Did you mean `wardbook serve`?\n"


def test_it_runs_from_any_folder(tmp_path):
    answer = wardbook("working-days", "--calendar", "GB-ENG", "--from", "2023-02-10", "--count", "5", folder=tmp_path)
    assert answer.stdout.splitlines()[0] == "2023-02-17"


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PORT": "http"}, 'PORT is "http"; expected a whole number from 1 to 65535.'),
        ({"WARDBOOK_DEMO": "maybe"}, 'WARDBOOK_DEMO is "maybe"; expected 1 or 0.'),
        ({"WARDBOOK_SECRET_KEY": "changeme"}, "WARDBOOK_SECRET_KEY is a placeholder; expected at least 40 random"),
        ({"WARDBOOK_LOG_LEVEL": "loud"}, 'WARDBOOK_LOG_LEVEL is "loud"; expected DEBUG, INFO, WARNING or ERROR.'),
        ({"WARDBOOK_WEB_PROCESSES": "2"}, "WARDBOOK_WEB_PROCESSES is 2; expected 1 with SQLite, or PostgreSQL."),
        ({"WARDBOOK_URL": "http://desk.example.org"}, 'WARDBOOK_URL is "http://desk.example.org"; expected https://'),
        ({"WARDBOOK_URL": "https://desk.example.org", "WARDBOOK_SECRET_KEY": ""}, "WARDBOOK_SECRET_KEY is empty;"),
    ],
)
def test_nonsense_in_the_environment_is_one_sentence(tmp_path, variables, sentence):
    answer = wardbook("check", **({"WARDBOOK_DATA": str(tmp_path), "DATABASE_URL": ""} | variables))
    assert answer.returncode == 1
    assert answer.stderr.startswith(sentence)
    assert answer.stderr.count("\n") == 1


def test_check_says_that_the_database_is_not_ready(tmp_path):
    answer = wardbook("check", WARDBOOK_DATA=str(tmp_path), DATABASE_URL="")
    assert answer.returncode == 1
    assert "Wrong: The database lacks" in answer.stdout
    assert "Run `wardbook prepare`." in answer.stdout


def test_check_says_that_the_database_does_not_answer(tmp_path):
    answer = wardbook(
        "check", WARDBOOK_DATA=str(tmp_path), DATABASE_URL="postgresql://somebody:hushhush@127.0.0.1:1/nothing"
    )
    assert answer.returncode == 1
    assert "Wrong: The database does not answer:" in answer.stdout
    assert "hushhush" not in answer.stdout + answer.stderr


def test_deploy_asks_more(tmp_path):
    answer = wardbook("check", "--deploy", WARDBOOK_DATA=str(tmp_path), DATABASE_URL="", WARDBOOK_DEMO="1")
    assert answer.returncode == 1
    assert "Wrong: WARDBOOK_URL is http://localhost:8000: what people type would cross" in answer.stdout
    assert "Wrong: WARDBOOK_DEMO is on: never with real records." in answer.stdout
    assert "Note: No mail server is set" in answer.stdout


def test_with_https_cookies_are_bound_to_the_host(tmp_path):
    answer = wardbook(
        "shell",
        "-v0",
        "-c",
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
        " s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.SECURE_SSL_REDIRECT, s.ALLOWED_HOSTS)",
        WARDBOOK_DATA=str(tmp_path),
        WARDBOOK_URL="https://desk.example.org",
    )
    assert answer.stdout.split("\n")[0] == "__Host-session __Host-csrf True 31536000 True ['desk.example.org']"
