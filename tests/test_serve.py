"""`wardbook serve` keeps its parts alive, and leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from tests import migrated
from wardbook.management.commands import serve

ROOT = Path(__file__).resolve().parent.parent


def free_port():
    with socket.socket() as finder:
        finder.bind(("127.0.0.1", 0))
        return finder.getsockname()[1]


def start(data, port, *words):
    environ = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environ |= {
        "PYTHONPATH": str(ROOT),
        "WARDBOOK_DATA": str(data),
        "WARDBOOK_DEMO": "0",
        "DATABASE_URL": "",
        "PORT": str(port),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "wardbook", "serve", *words],
        cwd="/",
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def health(port, *, within):
    """What /healthz says, asked again until it answers or the time is over."""
    deadline = time.monotonic() + within
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=within) as answer:
                return json.load(answer)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def wait_for(running, port):
    """Until it answers for the first time; with its own words when it gave up."""
    for _ in range(900):
        if running.poll() is not None:
            pytest.fail(f"serve ended: {running.stderr.read()}")
        try:
            return health(port, within=0.1)
        except OSError:
            pass
    return pytest.fail("serve did not answer in time")


def children_of(pid):
    found = []
    for folder in sorted(Path("/proc").glob("[0-9]*"), key=lambda one: int(one.name)):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found += [int(folder.name), *children_of(int(folder.name))]
    return found


def gone(pids, *, within):
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def alive(pid):
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A database that is up to date, so that each start below is a second start."""
    data = tmp_path_factory.mktemp("serve") / "var"
    data.mkdir()
    migrated.put(data / "db.sqlite3")
    port = free_port()
    running = start(data, port)
    try:
        wait_for(running, port)
    finally:
        running.terminate()
        running.communicate(timeout=20)
    return data


@pytest.fixture
def served(prepared):
    port = free_port()
    running = start(prepared, port)
    try:
        wait_for(running, port)
        running.port = port
        yield running
    finally:
        if running.poll() is None:
            running.kill()
        running.communicate(timeout=20)


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def test_web_worker_and_timer_live_and_end_together(served):
    time.sleep(0.5)
    family = children_of(served.pid)
    assert len(family) == 5  # gunicorn and its worker, the task worker, the timer, the postman

    served.send_signal(signal.SIGTERM)
    out, _ = served.communicate(timeout=20)

    assert served.returncode == 0
    assert gone(family, within=2)
    assert f"Wardbook is at http://localhost:{served.port}/" in out
    assert out.rstrip().endswith("Stopped.")


def test_ctrl_c_ends_it_without_a_traceback(served):
    served.send_signal(signal.SIGINT)
    _, err = served.communicate(timeout=20)
    assert served.returncode == 0
    assert "Traceback" not in err


def test_a_killed_web_server_is_back_at_once(served):
    web, *_ = children_of(served.pid)  # the web server is started first
    os.kill(web, signal.SIGKILL)

    assert health(served.port, within=30)["ok"]


def test_whatever_is_killed_comes_back(served):
    time.sleep(0.5)
    for pid in children_of(served.pid):
        if alive(pid):
            os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while len(children_of(served.pid)) < 5 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(children_of(served.pid)) == 5
    assert health(served.port, within=30)["ok"]


def test_nothing_outlives_a_killed_parent(served):
    family = children_of(served.pid)
    served.kill()
    served.wait()
    assert gone(family, within=12)


def test_a_taken_port_is_one_sentence(prepared):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        running = start(prepared, port)
        _, err = running.communicate(timeout=30)
    assert running.returncode == 1
    assert err == f"Port {port} is taken by another program. Choose another one: PORT={port + 1}.\n"


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    running = start(tmp_path / "file" / "var", free_port())
    _, err = running.communicate(timeout=30)
    assert running.returncode == 1
    assert "cannot be written" in err
    assert err.count("\n") == 1


def test_one_part_alone_asks_for_a_prepared_database(tmp_path):
    running = start(tmp_path, free_port(), "--worker")
    _, err = running.communicate(timeout=30)
    assert running.returncode == 1
    assert err == "The database is not ready for this version. Run `wardbook prepare` once, anywhere.\n"


def test_a_machine_without_static_files_says_so_and_does_not_serve(db, settings, tmp_path):
    settings.STATIC_ROOT, settings.DEBUG = tmp_path, False
    with pytest.raises(CommandError, match="no static files to serve yet"):
        serve.Command().make_ready(alone=False, web=True)
    serve.Command().make_ready(alone=False)


def test_the_web_server_runs_apart(prepared):
    port = free_port()
    running = start(prepared, port, "--web")
    try:
        assert health(port, within=30)["ok"]
        assert len(children_of(running.pid)) == 2
    finally:
        running.terminate()
        running.communicate(timeout=20)
