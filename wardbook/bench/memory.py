"""What a family of processes holds in memory, shared pages counted once."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from wardbook.bench.measuring import Missed

CALLERS = 4


def of_a_running_house(addresses: list[str], *, cookie: str, requests: int = 300) -> dict[str, float]:
    """Start all parts of the house on the same database, ask for pages as somebody signed in, from several sides at
    once, and return MB by part and in all.

    Raises Missed if it does not answer within half a minute, or answers with anything but the page.
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
        root = f"http://localhost:{port}"
        _wait(f"{root}/healthz")
        with ThreadPoolExecutor(CALLERS) as callers:
            asked = [addresses[turn % len(addresses)] for turn in range(requests)]
            for _answer in callers.map(lambda address: _ask(f"{root}{address}", cookie), asked):
                pass
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
    raise Missed("The house does not answer.")


def _ask(address: str, cookie: str = "") -> None:
    asked = urllib.request.Request(address, headers={"Cookie": cookie} if cookie else {})  # noqa: S310  our own address
    with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310  our own address
        answer.read()
        if answer.geturl() != address:
            raise Missed(f"{address} leads to {answer.geturl()}")


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
