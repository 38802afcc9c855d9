"""Mails as nobody sends them: cut, flipped, nested, mislabelled. The same seed makes the same mails.

Two thousand of them are read in the tests. Nightly (`make nightly`), many more, on all cores:
`python -m wardbook.correspondence.tests.mutations 100000 [SEED]`.
"""

import json
import multiprocessing
import os
import random
import signal
import sys
import time
from contextlib import contextmanager

from wardbook.correspondence.mime import parse
from wardbook.correspondence.mime.command import as_json
from wardbook.correspondence.mime.forwards import forwarded_in
from wardbook.correspondence.tests.mails import mail, multipart, part

# Processor time that one mail may take: far above what any takes, far below what a runaway takes.
MOST_SECONDS = 2.0
CHARSETS = [
    "x-unknown",
    "utf-7",
    "iso-2022-jp",
    "base64",
    "",
    "\x00",
    "utf-16",
    "gb2312",
    "hz",
    "idna",
    "é",
    "a" * 500,
]
SPLINTERS = [
    b"\r\n", b"\n\n", b"\0", b"--", b"--edge\r\n", b"--edge--\r\n", b"=?utf-8?B?", b"?=", b"=?x?q?=", b"<", b">",
    b'"', b"(", b"<<<", b"&#x110000;", b"&#", b"<!--", b"<div class=gmail_quote>", b"</", b"=", b"=\r\n", b"end\r\n",
    b"begin 644 a\r\n", b"\xff\xfe", b"\xed\xa0\x80", b"\x1b$B", b"+AOQ", b"> ", b"-- \r\n", b";", b"*0*=",
    b"From: \r\nFrom: \r\n", b"Content-Type: multipart/mixed; boundary=edge\r\n",
    b"Content-Transfer-Encoding: base64\r\n", b"Content-Type: message/rfc822\r\n\r\n",
]  # fmt: skip


class TooMuchWork(BaseException):
    """One mail took more of the processor than any may; no handler of the reader catches this."""


@contextmanager
def limited(seconds):
    def stop(signum, frame):
        raise TooMuchWork

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def seeds():
    """Whole mails to start from."""
    page = "<html><body><p>Hello</p><div class='gmail_quote'>On 1 Jul wrote:<blockquote>Old</blockquote></div></body>"
    both = multipart(part("Hello\r\n\r\n> old\r\n"), part(page, content_type="text/html"), kind="alternative")
    inner = part(both["body"], content_type=both["content_type"])
    file = part("SGVsbG8=", content_type='text/x; name="=?utf-8?Q?T=C5=B7?="', content_transfer_encoding="base64")
    yield mail("Hello\r\n-- \r\nMair\r\n")
    yield mail(**both, references="<a@x> <b@x>", date="Mon, 5 Jul 2010 07:54:40 +0200")
    yield mail(**multipart(inner, file, boundary="outer"), from_="=?utf-8?B?VMW3?= <t@example.org>")
    yield mail("begin 644 a.txt\r\n%:&5L;&\\\r\n`\r\nend\r\n", content_type="text/plain; format=flowed; delsp=yes")
    status = "Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    report = multipart(
        part("x"), part(status, content_type="message/delivery-status"), part(mail(), content_type="message/rfc822")
    )
    yield mail(report["body"], content_type='multipart/report; report-type=delivery-status; boundary="edge"')
    forward = (
        "---------- Forwarded message ---------\r\nFrom: A <a@b.example>\r\nDate: 1 Jul 2025\r\nSubject: x\r\n\r\nHi"
    )
    yield mail(forward, subject="Fwd: x")
    yield mail(
        "From: a\r\nSent: b\r\nTo: c\r\nSubject: d\r\n" * 20,
        from_="mailer-daemon@example.org",
        subject="failure notice",
    )


def mutated(raw, chance):
    """One to five things done to a mail."""
    data = bytearray(raw)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(7)
        if kind == 0:
            del data[at:]
        elif kind == 1:
            del data[at : at + chance.randrange(200)]
        elif kind == 2:
            for _ in range(chance.randrange(1, 20)):
                if data:
                    data[chance.randrange(len(data))] = chance.randrange(256)
        elif kind == 3:
            data[at:at] = chance.choice(SPLINTERS) * chance.choice([1, 1, 1, 3, 50, 2_000])
        elif kind == 4:
            piece = data[at : at + chance.randrange(400)]
            data[at:at] = piece * chance.choice([1, 2, 30])
        elif kind == 5:
            charset = chance.choice(CHARSETS).encode("utf-8")
            data = bytearray(bytes(data).replace(b"text/plain", b"text/plain; charset=" + charset, 1))
        else:
            depth = chance.choice([2, 10, 60])
            for level in range(depth):
                edge = b"n%d-%d" % (level, chance.randrange(3))
                data[:0] = b"Content-Type: multipart/mixed; boundary=" + edge + b"\r\n\r\n--" + edge + b"\r\n"
        if len(data) > 300_000:
            del data[300_000:]
    return bytes(data)


def read_many(count, seed):
    """Read that many mutated mails. Raises where one is answered wrongly, too slowly or not at all."""
    return read_and_time(count, seed)[0]


def read_and_time(count, seed):
    """The same, and how long the slowest took: (only raw text, seconds of processor, its number)."""
    chance = random.Random(seed)
    whole = list(seeds())
    unreadable, slowest, which = 0, 0.0, 0
    for number in range(count):
        raw = mutated(chance.choice(whole), chance)
        began = time.process_time()
        try:
            with limited(MOST_SECONDS):
                found = parse(raw)
                json.dumps(as_json(found), ensure_ascii=False).encode("utf-8")
                found.fingerprint()
                forwarded_in(found)
        except BaseException as reason:
            raise AssertionError(
                f"mail {number} of seed {seed}: {type(reason).__name__}: {reason}: {raw[:2_000]!r}"
            ) from reason
        took = time.process_time() - began
        if took > slowest:
            slowest, which = took, number
        unreadable += any(problem.startswith("unreadable") for problem in found.problems)
    return unreadable, slowest, which


# Mails that one process reads before it is given more: one piece is repeated by its own seed.
PIECE = 1_000


def piece(numbered):
    """One piece, in a process of its own: (seed, its answer, what went wrong)."""
    count, seed = numbered
    try:
        return seed, read_and_time(count, seed), ""
    except AssertionError as problem:
        return seed, (0, 0.0, 0), str(problem)


def read_on_all_cores(wanted, start, say=print):
    """Read that many, and return how many pieces went wrong; what did is told as soon as it is known."""
    pieces = [(min(PIECE, wanted - done), start + done // PIECE) for done in range(0, wanted, PIECE)]
    unreadable, slowest, slowest_seed, problems = 0, 0.0, start, 0
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        for seed, (raw_only, took, _number), problem in pool.imap_unordered(piece, pieces):
            unreadable += raw_only
            if took > slowest:
                slowest, slowest_seed = took, seed
            if problem:
                problems += 1
                say(problem)
    say(f"{wanted} mails read from seed {start}, {unreadable} of them only as raw text")
    say(f"the slowest took {slowest:.3f} s of processor time (seed {slowest_seed}); {problems} pieces went wrong")
    return problems


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(10**9)
    print(f"seed {first}", flush=True)
    sys.exit(1 if read_on_all_cores(asked, first) else 0)
