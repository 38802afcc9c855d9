"""`make lint`: style, types, the direction of the house, templates, migrations. Each check is named; all run."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from environment import BIN, ROOT, Refused, ready


def templates():
    return sorted(str(path.relative_to(ROOT)) for path in Path(ROOT, "wardbook").rglob("templates/**/*.html"))


def checks():
    """Each check by name, as the words of a command inside `.venv`."""
    python = str(BIN / "python")
    yield "ruff check", ["ruff", "check", "."]
    yield "ruff format", ["ruff", "format", "--check", "--quiet", "."]
    if templates():
        yield "djade", ["djade", "--check", "--target-version", "5.2", *templates()]
    yield "mypy --strict", ["mypy", "wardbook"]
    yield "import-linter", ["lint-imports"]
    yield "migrations", [python, "manage.py", "makemigrations", "--check", "--dry-run"]
    yield "house rules", [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_house.py"]


def main():
    try:
        environ = ready("dev")
    except Refused as refusal:
        print(refusal)
        return 1
    failed = []
    with tempfile.TemporaryDirectory(prefix="wardbook-lint-") as data:
        environ = {name: value for name, value in environ.items() if not name.startswith("WARDBOOK_")}
        environ["WARDBOOK_DATA"] = data
        environ.pop("DATABASE_URL", None)
        for name, command in checks():
            done = subprocess.run(
                [str(BIN / command[0]) if os.sep not in command[0] else command[0], *command[1:]],
                check=False,
                cwd=str(ROOT),
                env=environ,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            print(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name}", flush=True)
            if done.returncode:
                print(done.stdout)
                failed.append(name)
    print("Lint found nothing." if not failed else f"Lint failed: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
