"""What was acknowledged is stored once, whatever is killed (R1, R2, R6, V1, V2, V5)."""

import http.cookiejar
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

import pytest

from tests import migrated, pages
from tests.test_serve import ROOT, children_of, free_port, wait_for

KILLS, WRITERS = 12, 4


@pytest.fixture(scope="module")
def environ(tmp_path_factory):
    """A prepared database with a small office in it."""
    data = tmp_path_factory.mktemp("faults") / "var"
    data.mkdir()
    migrated.put(data / "db.sqlite3")
    given = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    given |= {"PYTHONPATH": str(ROOT), "WARDBOOK_DATA": str(data), "WARDBOOK_DEMO": "1", "DATABASE_URL": ""}
    for words in (["-m", "wardbook", "prepare"], ["-m", "tests.small_office"]):
        subprocess.run([sys.executable, *words], cwd="/", env=given, check=True, capture_output=True)
    return given


@pytest.fixture
def house(environ):
    port = free_port()
    running = subprocess.Popen(
        [sys.executable, "-m", "wardbook", "serve", "--web"],
        cwd="/",
        env=environ | {"PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    running.port = port
    try:
        wait_for(running, port)
        yield running
    finally:
        running.terminate()
        try:
            running.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.communicate()


class Browser:
    """Somebody signed in, who sends what they sent again until it is answered."""

    def __init__(self, port):
        self.base = f"http://localhost:{port}"
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path):
        with self.opener.open(self.base + path, timeout=20) as answer:
            return answer.read().decode()

    def post(self, path, fields):
        body = urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(self.base + path, body, headers={"Origin": self.base})
        with self.opener.open(request, timeout=20) as answer:
            return answer.geturl()

    def sign_in(self):
        form = next(form for form in pages.read(self.get("/")).forms if form.method == "post" and form.buttons)
        name, value, _elsewhere = form.buttons[0]
        self.post(form.action, {key: values[0] for key, values in form.filled().items()} | {name: value})

    def token(self, path):
        form = next(form for form in pages.read(self.get(path)).forms if form.method == "post")
        return form.filled()["csrfmiddlewaretoken"][0]


def write_notes(port, number, ledger, stop):
    """Add notes one after the other; each is sent again under the same key until it is acknowledged."""
    browser, path = Browser(port), f"/small/cases/{1001 + number % 6}/notes/"
    browser.sign_in()
    token, turn = browser.token(path), 0
    while not stop.is_set():
        turn += 1
        text = f"writer {number} note {turn}"
        fields = {"csrfmiddlewaretoken": token, "operation": str(uuid.uuid4()), "text": text}
        asked = ledger.setdefault(text, {"tries": 0, "acknowledged": []})
        while True:
            asked["tries"] += 1
            try:
                asked["acknowledged"].append(browser.post(path, fields))
                break
            except urllib.error.HTTPError as answer:
                if answer.code < 500:
                    raise
            except OSError:
                pass
            time.sleep(0.05)


def test_a_note_that_was_acknowledged_is_there_once_however_often_the_web_process_dies(house, environ):
    ledger, stop, rng = {}, threading.Event(), random.Random(1)
    writers = [
        threading.Thread(target=write_notes, args=(house.port, number, ledger, stop), daemon=True)
        for number in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    while len(ledger) < WRITERS * 2:
        time.sleep(0.05)
    for _kill in range(KILLS):
        time.sleep(rng.uniform(0.1, 0.5))
        for pid in children_of(house.pid):
            os.kill(pid, signal.SIGKILL)
        wait_for(house, house.port)
    stop.set()
    for writer in writers:
        writer.join(timeout=60)
        assert not writer.is_alive()

    database = sqlite3.connect(f"{environ['WARDBOOK_DATA']}/db.sqlite3")
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    stored = [text for (text,) in database.execute("SELECT text FROM cases_internalnote")]
    assert len(stored) == len(set(stored)), "a note is there twice"
    assert {text for text, asked in ledger.items() if asked["acknowledged"]} <= set(stored)
    assert set(stored) <= set(ledger)
    assert sum(asked["tries"] for asked in ledger.values()) > len(ledger), "no kill hit a request; kill more often"
    audit = subprocess.run(
        [sys.executable, "-m", "wardbook", "audit-invariants"],
        cwd="/",
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert audit.returncode == 0, audit.stdout
