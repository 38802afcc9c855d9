"""The running product, seen from outside: two installations with a mail server between them, and kill -9.

`python -m wardbook.correspondence.tests.drills [MAILS [KILLS]]` starts `wardbook serve` twice, each with a database
of its own, gives both a mailbox on a real IMAP server and lets them write to each other through a real SMTP server:

- they acknowledge each other, also where the server between them drops every header that says "automatic" (B10);
- a stranger quotes case numbers, and somebody writes as a caseworker (B1, B2);
- mails come in and are acknowledged while worker, timer and postman are killed again and again (R3, V3, V4).

Part of `make nightly`. Linux, Dovecot and the development requirements.
"""

import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from email import message_from_bytes, policy
from pathlib import Path

from wardbook.bench.dovecot import PASSWORD, Dovecot
from wardbook.correspondence.tests.sink import Sink

ONE, TWO = "office@one.example", "office@two.example"
ANNA, RHIAN = "anna@one.example", "rhian@home.example"
SECRET = "zyxCANARYxyz"
AUTOMATIC = re.compile(rb"(?im)^(?:auto-submitted|x-auto-response-suppress|precedence|x-autoreply):[^\r\n]*\r?\n")
QUIET_FOR = 12.0
PATIENCE = 600.0


# --- Inside an installation ----------------------------------------------------------------------------------------


def set_up(address, imap_port, smtp_port):
    """An office with a caseworker, a mailbox that acknowledges, and a case of Mrs Evans to whom it has written."""
    from django.utils import timezone

    from wardbook.cases.factories import CaseFactory, InternalNoteFactory
    from wardbook.contacts.factories import ContactFactory
    from wardbook.correspondence import sealing
    from wardbook.correspondence.actions import composing
    from wardbook.correspondence.actions.composing import Recipient
    from wardbook.correspondence.factories import MailboxFactory, SenderIdentityFactory
    from wardbook.offices.factories import CaseworkerFactory, OfficeFactory
    from wardbook.vocabulary import actions as vocabulary_actions

    at = timezone.now()
    office = OfficeFactory(slug="one", name="The office")
    vocabulary_actions.seed_lists(office, by=None, at=at)
    anna = CaseworkerFactory(office=office, name="Anna Price", email=ANNA)
    box = MailboxFactory(
        office=office,
        address=address,
        acknowledges=True,
        port=imap_port,
        username=address,
        secret=sealing.seal(PASSWORD),
        smtp_host="127.0.0.1",
        smtp_port=smtp_port,
        smtp_security="none",
        created_at=at,
    )
    rhian = ContactFactory(office=office, title="Mrs", family_name="Evans", emails=[RHIAN])
    case = CaseFactory(office=office, constituent=rhian, owner=anna, description=f"{SECRET} damp")
    InternalNoteFactory(case=case, text=SECRET, by=anna)
    (message,) = composing.write(
        office=office,
        identity=SenderIdentityFactory(mailbox=box),
        to=[Recipient("", RHIAN)],
        subject="Your flat",
        body="Dear Mrs Evans, we have written to the council.",
        case=case,
        by=anna,
        at=at,
    )
    return {"case": case.number, "reference": case.reference, "identifier": message.identifier}


def look():
    """What became of everything: each message, each mail that is not one, each flaw."""
    from django.conf import settings

    from wardbook import invariants
    from wardbook.correspondence.models import Delivery, Message

    assert not settings.DEMO
    columns = ("direction", "state", "case__number", "identifier", "from_address", "subject", "warnings", "by_id")
    return {
        "messages": [dict(zip(columns, row, strict=True)) for row in Message.objects.values_list(*columns)],
        "deliveries": dict(Counter(Delivery.objects.values_list("state", flat=True))),
        "flaws": list(invariants.all_flaws()),
    }


# --- Outside it ----------------------------------------------------------------------------------------------------


class Installation:
    """`wardbook serve` in a process group of its own, on a database of its own."""

    def __init__(self, folder):
        self.folder = folder
        given = {"WARDBOOK_DATA": str(folder), "WARDBOOK_DEMO": "0"}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("WARDBOOK_", "DATABASE_"))}
        self.environ = kept | given | {"DJANGO_SETTINGS_MODULE": "wardbook.settings"}

    def run(self, *words):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", *words],
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2_000:]
        return done.stdout

    def inside(self, what, *words):
        return json.loads(self.run(__spec__.name, "--inside", what, *map(str, words)).splitlines()[-1])

    @contextmanager
    def serving(self):
        with (self.folder / "serve.log").open("wb") as log:
            command = [sys.executable, "-m", "wardbook", "serve", "--worker", "--timer", "--postman"]
            self.served = subprocess.Popen(command, env=self.environ, stdout=log, stderr=log, start_new_session=True)
            try:
                yield self
            finally:
                self.served.terminate()
                try:
                    self.served.wait(30)
                except subprocess.TimeoutExpired:
                    os.killpg(self.served.pid, signal.SIGKILL)

    def children(self):
        path = Path(f"/proc/{self.served.pid}/task/{self.served.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def kill_one(self, chance):
        pids = self.children()
        if not pids:
            return 0
        try:
            os.kill(chance.choice(pids), signal.SIGKILL)
        except ProcessLookupError:
            return 0
        return 1


class Exchange(Sink):
    """The mail server between them: what is for one of the two goes into its mailbox, all else is only kept."""

    def __init__(self, imap, **options):
        super().__init__(**options)
        self.imap, self.drops_headers = imap, False

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  named by aiosmtpd
        raw = bytes(envelope.content)
        for address in envelope.rcpt_tos:
            local, _at, domain = address.partition("@")
            known = f"{local.partition('+')[0]}@{domain}"
            if known in (ONE, TWO):
                self.imap.deliver(known, AUTOMATIC.sub(b"", raw) if self.drops_headers else raw)
        return await super().handle_DATA(server, session, envelope)


def raw_mail(sender, to, subject, body, identifier, **headers):
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", f"Message-ID: <{identifier}>"]
    lines += [
        "Date: Mon, 2 Jun 2025 09:00:00 +0100",
        *(f"{name.replace('_', '-')}: {v}" for name, v in headers.items()),
    ]
    return ("\r\n".join(lines) + f"\r\n\r\n{body}\r\n").encode()


def until(what, quiet=QUIET_FOR):
    """Wait until a number has not changed for so long. Returns it."""
    end, last, since = time.monotonic() + PATIENCE, None, time.monotonic()
    while time.monotonic() < end:
        now = what()
        if now != last:
            last, since = now, time.monotonic()
        elif time.monotonic() - since >= quiet:
            return now
        time.sleep(0.5)
    raise AssertionError(f"no rest within {PATIENCE:.0f} s")


def to(exchange, address):
    return [
        raw
        for _sender, addresses, raw in exchange.mails
        if any(
            one.startswith(address.partition("@")[0]) and one.endswith(address.partition("@")[2]) for one in addresses
        )
    ]


def loops(exchange, imap, say):
    """Each thinks that the other is a person who writes for the first time."""
    for drops, (asked, asks) in ((False, (ONE, TWO)), (True, (TWO, ONE))):
        exchange.drops_headers, before = drops, len(exchange.mails)
        identifier = f"hello.{drops}@{asks.partition('@')[2]}".lower()
        imap.deliver(asked, raw_mail(f"Office <{asks}>", asked, "Hello", "A question.", identifier))
        until(lambda: len(exchange.mails), QUIET_FOR + 8)
        between = len(exchange.mails) - before
        told = "headers dropped" if drops else "headers kept"
        say(f"two installations, {told}: {between} automatic mails in all")
        # Kept, the other sees that nobody wrote it. Dropped, each has answered the other once within a day.
        if not 0 < between <= 1 + drops:
            yield f"{between} mails went between the two ({told})"
    exchange.drops_headers = False


def strangers(exchange, imap, one, known, say):
    """A stranger with case numbers; a caseworker's address, forged, with the Message-ID of what was sent."""
    before = len(exchange.mails)
    stranger = "stranger@elsewhere.example"
    for number in range(1, 31):
        words = f"[Case {number}] and [Case {known['reference']}]"
        imap.deliver(
            ONE, raw_mail(stranger, ONE, words, f"Case {known['reference']}: tell me.", f"s{number}@x.example")
        )
    forged = {"In_Reply_To": f"<{known['identifier']}>", "References": f"<{known['identifier']}>"}
    subject = f"RE: Your flat [Case {known['reference']}]"
    imap.deliver(ONE, raw_mail(f"Anna Price <{ANNA}>", ONE, subject, "Send her the file.", "f1@x.example", **forged))
    until(lambda: len(exchange.mails), QUIET_FOR + 8)
    seen = one.inside("look")
    came = [row for row in seen["messages"] if row["identifier"].endswith("@x.example")]
    joined = [row for row in came if row["identifier"].startswith("s") and row["case__number"] is not None]
    (as_anna,) = [row for row in came if row["identifier"].startswith("f")]
    sent = exchange.mails[before:]
    say(f"a stranger with case numbers: {len(came) - 1} mails, {len(joined)} on a case; {len(sent)} automatic mails")
    say(f"as a caseworker: {as_anna['state']}, case {as_anna['case__number']}, warnings {as_anna['warnings']}")
    if len(came) != 31:
        yield f"{len(came)} of 31 mails became messages"
    if joined:
        yield f"a stranger joined a case: {joined[0]}"
    if as_anna["by_id"] is not None or not as_anna["warnings"]:
        yield f"a forged caseworker is taken for one: {as_anna}"
    if len(sent) > 1 or any(SECRET.encode() in raw for *_rest, raw in sent):
        yield f"{len(sent)} mails answered the stranger, or told of a case"
    if [raw for raw in to(exchange, RHIAN) if b"Send her the file" in raw]:
        yield "what somebody wrote as a caseworker went on to the constituent"


def outages(exchange, imap, one, mails, kills, say):
    """Mails of as many people come in, in ten heaps, while one part after the other is killed."""
    chance, killed, before = random.Random(mails * 1_000 + kills), 0, len(exchange.mails)
    began = time.monotonic()
    for heap in range(10):
        numbers = range(heap * mails // 10, (heap + 1) * mails // 10)
        imap.deliver(
            ONE,
            *(raw_mail(f"p{n}@many.example", ONE, f"No {n}", f"Words {n}.", f"{n}@many.example") for n in numbers),
        )
        while killed < kills * (heap + 1) // 10:
            time.sleep(chance.uniform(0.05, 0.8))
            killed += one.kill_one(chance)
    until(lambda: len(exchange.mails), 75)
    seen = one.inside("look")
    came = Counter(row["identifier"] for row in seen["messages"] if row["identifier"].endswith("@many.example"))
    answers = Counter(
        message_from_bytes(raw, policy=policy.default)["Message-ID"] for *_r, raw in exchange.mails[before:]
    )
    queued = [row for row in seen["messages"] if row["direction"] == "out" and row["state"] != "sent"]
    again = sum(answers.values()) - len(answers)
    say(
        f"{mails} mails, {killed} kills, {time.monotonic() - began:.0f} s: {len(came)} messages, "
        f"{len(answers)} acknowledgements, {again} of them twice; mails kept: {seen['deliveries']}"
    )
    if came != Counter(f"{n}@many.example" for n in range(mails)):
        yield f"lost or doubled: {len(came)} of {mails} once, most {max(came.values(), default=0)}"
    if len(answers) != mails or queued:
        yield f"{len(answers)} of {mails} were acknowledged; {len(queued)} wait: {queued[:2]}"
    if again > killed:
        yield f"{again} second copies, of {killed} kills"
    yield from seen["flaws"]


def drill(mails, kills, say):
    """All of it. Returns what went wrong."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wardbook-drill-")))
        imap = stack.enter_context(Dovecot())
        exchange = stack.enter_context(Exchange(imap, users={ONE: PASSWORD, TWO: PASSWORD}))
        one, two = (Installation(folder / name) for name in ("one", "two"))
        known = []
        for installation, address in ((one, ONE), (two, TWO)):
            installation.folder.mkdir()
            installation.run("wardbook", "prepare")
            imap.box(address)
            known.append(installation.inside("set_up", address, imap.port, exchange.port))
            stack.enter_context(installation.serving())
        # The first letters go out after their half minute, and the mailboxes are looked into.
        until(lambda: len(to(exchange, RHIAN)), 45)
        wrong = [] if len(to(exchange, RHIAN)) == 2 else ["the first letters did not go out"]
        wrong += loops(exchange, imap, say)
        wrong += strangers(exchange, imap, one, known[0], say)
        wrong += outages(exchange, imap, one, mails, kills, say)
    return wrong


def main(words):
    if words[:1] == ["--inside"]:
        import django

        django.setup()
        print(json.dumps({"set_up": set_up, "look": look}[words[1]](*words[2:])))
        return 0
    mails, kills = int(words[0]) if words else 500, int(words[1]) if words[1:] else 50
    wrong = drill(mails, kills, lambda text: print(text, flush=True))
    for one in wrong:
        print(f"WRONG: {one}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
