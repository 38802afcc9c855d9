"""What a family of processes holds in memory, shared pages counted once."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path


def of_a_running_house(addresses: list[str], *, requests: int = 300) -> dict[str, float]:
    """Start web, worker and timer on the same database, ask for pages, and return MB by part and in all.

    Raises RuntimeError if it does not answer within half a minute.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = os.environ | {"PORT": str(port)}
    house = subprocess.Popen(
        [sys.executable, "-m", "wardbook", "serve"],
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(f"http://localhost:{port}/healthz")
        for turn in range(requests):
            _ask(f"http://localhost:{port}{addresses[turn % len(addresses)]}")
        family = _family(house.pid)
        parts = {f"{name} ({pid})": _proportional(pid) for pid, name in family.items()}
        return parts | {"all": sum(parts.values())}
    finally:
        os.killpg(house.pid, signal.SIGTERM)
        house.wait(timeout=30)


def _wait(address: str) -> None:
    for _turn in range(60):
        try:
            _ask(address)
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise RuntimeError("The house does not answer.")


def _ask(address: str) -> None:
    with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310  our own address
        answer.read()


def _family(root: int) -> dict[int, str]:
    """The process and all below it, by what they were started as."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents[int(status.parent.name)] = int(after_name[1])
    family, grown = {root}, True
    while grown:
        children = {pid for pid, parent in parents.items() if parent in family} - family
        family |= children
        grown = bool(children)
    return {pid: _name(pid) for pid in sorted(family)}


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    return " ".join(word for word in words if word)[-40:]


def _proportional(pid: int) -> float:
    """Proportional set size in MB without the mapped database file, which the system takes back when it needs it."""
    total, counted = 0, True
    for line in Path(f"/proc/{pid}/smaps").read_text(encoding="utf-8", errors="replace").splitlines():
        first = line.split(" ", 1)[0]
        if "-" in first and not first.endswith(":"):
            counted = "sqlite3" not in line.rsplit("/", 1)[-1]
        elif first == "Pss:" and counted:
            total += int(line.split()[1])
    return total / 1024
