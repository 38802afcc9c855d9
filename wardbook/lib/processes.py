"""A name for this process under which it holds leases, and whether the process of such a name has ended.

A lease runs out by itself; where its holder ran on this same machine and is gone, there is no need to wait for that.
"""

import os
from pathlib import Path

_PROC = Path("/proc")


def own_name() -> str:
    """This process among all processes of all machines, in at most 64 characters.

    The boot of the machine, the container's own counting of processes, the number, and when it was started. A thread
    may add `#` and a name of its own.
    """
    return f"{_here()}/{os.getpid()}/{_started(os.getpid())}"


def has_ended(name: str) -> bool:
    """Whether the process of this name is surely gone. False for one of another machine: who knows."""
    here, _, rest = name.partition("#")[0].partition("/")
    pid, _, started = rest.partition("/")
    if not pid.isdigit() or not started or here != _here() or not _PROC.is_dir():
        return False
    return _started(int(pid)) != started


def _here() -> str:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip().replace("-", "")[:16]
        counting = os.stat("/proc/self/ns/pid").st_ino  # noqa: PTH116  a Path would follow the same link, at more length
    except OSError:
        # Nothing to tell machines apart by: then no process is ever known to be gone.
        return f"unknown-{os.urandom(6).hex()}"
    return f"{boot}-{counting}"


def _started(pid: int) -> str:
    """When a process was started, in ticks since the boot; "" for one that is gone or only waits to be buried."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in ("Z", "X") else fields[19]
