"""A migrated SQLite database, made once and copied by every run of the tests until a migration or the lock changes.

Running all migrations takes a quarter of a minute; copying what they made takes none. The copy is still handed to
`migrate`, which finds nothing to do.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "tests"


def put(name):
    """Lay a migrated database here. Does nothing where it cannot be made: then the tests migrate themselves."""
    template = KEPT / f"migrated-{fingerprint()}.sqlite3"
    try:
        KEPT.mkdir(parents=True, exist_ok=True)
        with (KEPT / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not template.exists():
                _make(template)
        for ending in ("", "-wal", "-shm"):
            Path(f"{name}{ending}").unlink(missing_ok=True)
        shutil.copyfile(template, name)
    except OSError as error:
        print(f"The migrated database could not be kept: {error}", file=sys.stderr)


def fingerprint():
    """What the tables follow from: our migrations, the versions of everybody else's, the engine."""
    told = hashlib.sha256(f"{sys.version}{sqlite3.sqlite_version}".encode())
    for path in [*sorted((ROOT / "wardbook").rglob("migrations/*.py")), ROOT / "requirements" / "dev.txt"]:
        told.update(f"{path.relative_to(ROOT)}\0".encode())
        told.update(path.read_bytes())
    for path in (ROOT / "wardbook" / "settings.py", ROOT / "tests" / "settings.py"):
        told.update(path.read_bytes())
    return told.hexdigest()[:16]


def _make(template):
    for older in KEPT.glob("migrated-*.sqlite3"):
        older.unlink()
    with tempfile.TemporaryDirectory(prefix="wardbook-migrated-") as folder:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("WARDBOOK_")}
        environ |= {"WARDBOOK_DATA": folder, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        environ.pop("DATABASE_URL", None)
        words = [
            sys.executable,
            "manage.py",
            "migrate",
            "--run-syncdb",
            "--skip-checks",
            "--no-input",
            "--verbosity",
            "0",
        ]
        done = subprocess.run(words, cwd=ROOT, env=environ, check=False, capture_output=True, text=True)
        made = Path(folder, "db.sqlite3")
        if done.returncode or not made.exists():
            raise OSError(f"migrating failed: {done.stderr[-500:]}")
        with sqlite3.connect(made) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        beside = template.with_suffix(f".{os.getpid()}")
        shutil.copyfile(made, beside)
        beside.replace(template)
