"""The `wardbook` command: plain words in, one management command run, refusals in one sentence."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Sequence

from wardbook.lib.env import BadSetting
from wardbook.lib.frames import in_one_piece

# What people use; Django's own commands answer too, but are not advertised.
COMMANDS = {
    "serve": "Start web, worker and timer; --web, --worker or --timer starts one of them",
    "prepare": "Bring the database up to date and collect static files",
    "check": "Say in sentences what is wrong with this installation; --deploy asks more",
    "demo": "Fill an empty database with an invented office",
    "create-office": "Make an office, and say what to do next",
    "add-user": "Let somebody into an office: prints a link to hand over",
    "import cases": "Bring in a CSV of cases",
    "import contacts": "Bring in a CSV of people and organisations",
    "import postcodes": "Replace the table of postcodes and wards of an office",
    "parse-mail": "Read one raw mail on standard input, or a folder of them, and say in JSON what it says",
    "verify-journal": "Prove that nobody changed the journal",
    "working-days": "Count working days and name each day skipped",
    "tick": "Run what the timer has due now",
}


def welcome() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  wardbook {words:<{width}}  {says}" for words, says in COMMANDS.items()]
    return "\n".join(
        [
            "Wardbook: casework for elected representatives.",
            "",
            *lines,
            "",
            "`wardbook serve --help` explains one of them. docs/running.md explains the rest.",
        ]
    )


def find_command(words: Sequence[str], known: frozenset[str]) -> tuple[str, list[str]]:
    """The command that the leading words name, longest first, and what is left for it.

    `import cases F` is import_cases with F. Raises UnknownCommand.
    """
    leading = []
    for word in words:
        if word.startswith("-"):
            break
        leading.append(word.replace("-", "_"))
    for length in range(len(leading), 0, -1):
        name = "_".join(leading[:length])
        if name in known:
            return name, list(words[length:])
    raise UnknownCommand(" ".join(words))


class UnknownCommand(Exception):
    """Nothing answers to these words."""


def sentence_for_unknown(words: str) -> str:
    near = difflib.get_close_matches(words, COMMANDS, n=1, cutoff=0.5)
    hint = f" Did you mean `wardbook {near[0]}`?" if near else " `wardbook --help` lists the commands."
    return f"There is no command `wardbook {words}`.{hint}"


@in_one_piece
def run(argv: Sequence[str]) -> int:
    """Run the command and give its exit code: 0 done, 1 refused, 2 not understood."""
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(welcome())
        return 0

    if argv[0] in ("parse-mail", "parse_mail"):
        # Needs no settings and no database: it answers before Django would have started.
        from wardbook.correspondence.mime.command import main as parse_mail

        try:
            return parse_mail(argv[1:])
        except KeyboardInterrupt:
            return 130
        except BrokenPipeError:
            return broken_pipe()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wardbook.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError, get_commands
    from django.db import OperationalError

    try:
        django.setup()
        name, rest = find_command(argv, frozenset(get_commands()))
        execute(name, list(argv[: len(argv) - len(rest)]), rest)
    except UnknownCommand as unknown:
        print(sentence_for_unknown(str(unknown)), file=sys.stderr)
        return 2
    except CommandError as refusal:
        print(refusal, file=sys.stderr)
        return refusal.returncode
    except (BadSetting, ImproperlyConfigured) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OperationalError as refusal:
        print(f"The database does not answer: {first_line(refusal)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return broken_pipe()
    return 0


def broken_pipe() -> int:
    """Whoever read our words has seen enough (`wardbook … | head`); what is still to be written goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 141


def execute(name: str, words: Sequence[str], rest: Sequence[str]) -> None:
    """What Django does for a command typed in a terminal, except that refusals come back to us as exceptions."""
    from django.core.management import ManagementUtility
    from django.core.management.base import handle_default_options

    command = ManagementUtility(["wardbook", name]).fetch_command(name)
    options = vars(command.create_parser("wardbook", " ".join(words)).parse_args(rest))
    handle_default_options(argparse.Namespace(**options))
    command.execute(*options.pop("args", ()), **options)


def first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def main() -> None:
    sys.exit(run(sys.argv[1:]))
