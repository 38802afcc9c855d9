"""Asking a process of its own about a file that is not trusted: with limits, and only its answer comes back."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

SECONDS = 30.0
"""On the clock; the process itself has less of the processor."""


class NoAnswer(Exception):
    """Nothing came back that can be understood. `by` is the signal that ended the process, or 0."""

    def __init__(self, by: int = 0) -> None:
        super().__init__(f"ended by signal {by}" if by else "no answer")
        self.by = by


def ask(program: Path, file: Path, folder: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What `program FILE FOLDER JSON` says, which may leave files in `folder` and knows of nothing else.

    The program sets itself its limits. Raises NoAnswer.
    """
    # -I: nothing of the surroundings, no setting, no secret. Its folder is the only thing it is told of.
    command = [sys.executable, "-I", str(program), str(file.resolve()), folder, json.dumps(asked)]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=SECONDS, check=False, cwd=folder, env={}, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise NoAnswer(signal.SIGKILL) from None
    if done.returncode < 0:
        raise NoAnswer(-done.returncode)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise NoAnswer from None
    if not isinstance(answer, dict):
        raise NoAnswer
    return answer
