"""`make test`: every suite there is, on this machine, with a line for each at the end.

The suites: SQLite, PostgreSQL, mail servers and the browser. As root on Debian it installs what a suite needs;
otherwise it uses what it finds and names each suite it has to skip. With CI=true a skipped suite is a failure.

`make test` runs all; `tools/test.py sqlite -k closing` runs one, and hands the rest to pytest.
"""

import os
import re
import shutil
import subprocess
import sys
import time

from environment import BIN, ROOT, Refused, install_packages, may_install_packages, ready
from throwaway_postgres import ThrowawayPostgres

IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
COUNTS = re.compile(r"(\d+) (passed|failed|errors?)")
NOTHING_COLLECTED = 5
# One more than there are cores: tests also wait, for servers, for browsers, for a killed process to be started again.
WORKERS = ("-n", str(max(2, os.cpu_count() or 2) + 1))
# A file stays together: what it makes once, such as a whole office, is then made once. Long files come first.
WHOLE_FILES = ("--dist", "loadfile", "--no-loadscope-reorder")


class Skipped(Exception):
    """This suite cannot run here. The message says why."""


def ready_mail_server():
    """The tests of the post talk to a real IMAP server."""
    if not find_dovecot() and may_install_packages():
        install_packages(["dovecot-imapd"])
    if not find_dovecot():
        raise Skipped("there is no Dovecot here (apt install dovecot-imapd)")


def sqlite(environ, words):
    return pytest(environ, [*WORKERS, *WHOLE_FILES, *words])


def postgresql(environ, words):
    if not ThrowawayPostgres.programs() and may_install_packages():
        install_packages(["postgresql"])
    if not ThrowawayPostgres.programs():
        raise Skipped("there is no PostgreSQL server here (apt install postgresql)")
    with ThrowawayPostgres() as server:
        only = ["-m", "not browser and not any_engine and not dovecot"]
        return pytest(dict(environ, DATABASE_URL=server.url), [*WORKERS, *WHOLE_FILES, *only, *words])


def browser(environ, words):
    if not find_chromium() and may_install_packages():
        install_packages(["chromium"])
    chromium = find_chromium()
    if not chromium:
        raise Skipped("there is no Chromium here (apt install chromium)")
    return pytest(dict(environ, CHROMIUM=chromium), [*WORKERS, "-m", "browser", *(words or ["tests/browser"])])


def mail(environ, words):
    ready_mail_server()
    return pytest(environ, [*WORKERS, "-m", "dovecot", *(words or ["wardbook/correspondence", "tests"])])


SUITES = {"sqlite": sqlite, "postgresql": postgresql, "mail": mail, "browser": browser}
TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mail": "Mail servers", "browser": "Browser"}


def find_dovecot():
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def find_chromium():
    return shutil.which("chromium") or shutil.which("chromium-browser") or ""


def pytest(environ, words):
    """Run pytest, show what it says as it says it, and give (passed, failed)."""
    command = [str(BIN / "python"), "-m", "pytest", "-q", "--color=yes" if sys.stdout.isatty() else "--color=no"]
    with subprocess.Popen(
        command + words, cwd=str(ROOT), env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        last = ""
        for line in running.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            if COUNTS.search(line):
                last = line
    counted = {"passed": 0, "failed": 0, "error": 0}
    for number, what in COUNTS.findall(last):
        counted[what.rstrip("s")] = int(number)
    failed = counted["failed"] + counted["error"]
    if running.returncode not in (0, NOTHING_COLLECTED) and not failed:
        failed = 1  # it ended without saying so: a crash, or an error while collecting
    return counted["passed"], failed


def main():
    chosen = [word for word in sys.argv[1:2] if word in SUITES] or list(SUITES)
    words = sys.argv[2:] if sys.argv[1:2] and sys.argv[1] in SUITES else sys.argv[1:]
    try:
        environ = ready("dev")
    except Refused as refusal:
        print(refusal)
        return 1
    # What this machine has set for the product must not reach the tests.
    environ = {name: value for name, value in environ.items() if not name.startswith("WARDBOOK_")}
    for name in ("DATABASE_URL", "PORT", "DJANGO_SETTINGS_MODULE"):
        environ.pop(name, None)

    report, passed, failed = [], 0, 0
    for suite in chosen:
        print(f"\n=== {TITLES[suite]} ===", flush=True)
        began = time.monotonic()
        try:
            good, bad = SUITES[suite](environ, words)
        except Skipped as why:
            failed += IN_CI
            report.append(
                f"{TITLES[suite]:<11} skipped: {why}" + ("; with CI=true that is a failure" if IN_CI else "")
            )
            continue
        passed, failed = passed + good, failed + bad
        report.append(f"{TITLES[suite]:<11} {good} passed, {bad} failed, {time.monotonic() - began:.0f} s")
    print("\n" + "\n".join(report))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
