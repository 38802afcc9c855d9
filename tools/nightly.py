"""`make nightly`: what takes too long for every push. Run it each night on a machine that is free.

Every part runs, whatever became of the others; the last lines say how each ended. A number after the name of a part
is its size: `tools/nightly.py mails 20000`.
"""

import subprocess
import sys
import time

from environment import BIN, ROOT, Refused, ready

PARTS = {
    "mails": "broken mails through the reader, on all cores: no crash, none over 2 s of processor time",
    "queue": "10,000 emails that wait, with a worker killed again and again: order per case, nothing lost (R32)",
    "kills": "a hundred kills between the server's yes and ours: no more second copies (R25)",
    "drills": "two installations that answer each other, strangers, 500 mails and fifty kills; Linux, Dovecot",
    "suites": "the suites of `make test`",
}


def mails(environ, words):
    """A new seed each night; the seed of whatever went wrong is printed, and makes the same mails again."""
    command = [str(BIN / "python"), "-m", "wardbook.correspondence.tests.mutations", *(words or ["100000"])]
    return subprocess.run(command, cwd=str(ROOT), env=environ, check=False).returncode


def queue(environ, words):
    """The test of every push on a short queue, on a long one."""
    where = "wardbook/correspondence/tests/test_a_long_queue.py"
    command = [str(BIN / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider", where]
    sized = environ | {"LONG_QUEUE": words[0] if words else "10000"}
    return subprocess.run(command, cwd=str(ROOT), env=sized, check=False).returncode


def kills(environ, words):
    """The same for the kills of R25."""
    where = "wardbook/correspondence/tests/test_killed_while_sending.py"
    command = [str(BIN / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider", where, "-k", "so_many_kills"]
    return subprocess.run(
        command, cwd=str(ROOT), env=environ | {"KILLS": words[0] if words else "100"}, check=False
    ).returncode


def drills(environ, words):
    """`tools/nightly.py drills 100 10`: so many mails, so many kills."""
    command = [str(BIN / "python"), "-W", "ignore", "-m", "wardbook.correspondence.tests.drills", *words]
    return subprocess.run(command, cwd=str(ROOT), env=environ, check=False).returncode


def suites(environ, words):
    command = [sys.executable, str(ROOT / "tools" / "test.py"), *words]
    return subprocess.run(command, cwd=str(ROOT), env=environ, check=False).returncode


def main():
    asked, words = (sys.argv[1:2] or list(PARTS)), sys.argv[2:]
    unknown = [name for name in asked if name not in PARTS]
    if unknown:
        sys.exit("{} is no part. There are: {}.".format(unknown[0], ", ".join(PARTS)))
    try:
        environ = ready("dev")
    except Refused as refusal:
        sys.exit(str(refusal))
    ends = {}
    for name in asked:
        print(f"--- {name}: {PARTS[name]}", flush=True)
        began = time.monotonic()
        code = globals()[name](environ, words)
        ends[name] = (code, time.monotonic() - began)
    for name, (code, took) in ends.items():
        print("{:10} {:7.0f} s  {}".format(name, took, "FAILED" if code else "well"))
    sys.exit(1 if any(code for code, _took in ends.values()) else 0)


main()
