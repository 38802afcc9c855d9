"""`wardbook parse-mail`: one raw message in, one JSON object out; or a folder of them. Needs no Django."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from wardbook.correspondence.mime.model import ParsedMail
from wardbook.correspondence.mime.reading import parse

DESCRIPTION = (
    "Read one raw message on standard input, or every .eml file of a folder, and write what it says as JSON."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", help="a folder of .eml files")
    parser.add_argument("out", nargs="?", help="the file to write, one line of JSON for each mail")


def as_json(mail: ParsedMail) -> dict[str, object]:
    return {
        "subject": mail.subject,
        "from": str(mail.sender) if mail.sender else mail.raw_from,
        "to": [str(address) for address in mail.to],
        "cc": [str(address) for address in mail.cc],
        "date": mail.date.isoformat() if mail.date else None,
        "text": mail.text,
        "html": mail.html,
        # Without quotes, as agreed: also where they stand between the answers. `text` has all of it.
        "reply_text": mail.reply_alone,
        "attachments": [{"name": part.name, "type": part.type, "size": part.size} for part in mail.files],
        "auto_reply": mail.is_auto_reply,
        "bounce": mail.is_bounce,
        "in_reply_to": mail.in_reply_to,
        "references": list(mail.references),
    }


def run(folder: str | None, out: str | None) -> int:
    """0 done, 1 refused."""
    if folder is None:
        _write(as_json(parse(sys.stdin.buffer.read())))
        return 0
    if not Path(folder).is_dir():
        print(f"There is no folder {folder}.", file=sys.stderr)
        return 1
    if out is None:
        print("Say where to write: wardbook parse-mail FOLDER OUT.jsonl", file=sys.stderr)
        return 1
    files = sorted(path for path in Path(folder).rglob("*") if path.suffix.lower() == ".eml" and path.is_file())
    try:
        with Path(out).open("w", encoding="utf-8", errors="replace") as lines:
            for path in files:
                row = {"file": path.relative_to(folder).as_posix(), **as_json(parse(path.read_bytes()))}
                lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    except OSError as reason:
        print(f"{reason.filename}: {reason.strerror}.", file=sys.stderr)
        return 1
    return 0


def _write(row: dict[str, object]) -> None:
    sys.stdout.buffer.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="wardbook parse-mail", description=DESCRIPTION)
    add_arguments(parser)
    try:
        options = parser.parse_args(list(argv))
    except SystemExit as stop:
        return int(stop.code or 0)
    return run(options.folder, options.out)
