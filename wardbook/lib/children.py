"""Child processes that are kept alive while the parent lives, and that never outlive it."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

PR_SET_PDEATHSIG = 1
RESTART_PAUSE_SECONDS = 0.5
# A child that leaves by itself this soon after its start is broken.
TOO_SOON_SECONDS = 5.0
TOO_OFTEN = 5
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def die_with_parent(parent: int) -> None:
    """Have the kernel end this process when `parent` ends, even by kill -9. Linux only; elsewhere it does nothing."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # the parent died before the line above
        os._exit(1)


@dataclass
class Child:
    """One part of the product, run in a process of its own by calling `work`, which must not return."""

    name: str
    work: Callable[[], object]
    pid: int = 0
    started: float = 0.0
    early_deaths: int = 0


@dataclass
class Family:
    """Starts children by fork, restarts those that die, and stops all of them together.

    Fork, because the parent has loaded everything already: a restart takes a fraction of a second and the
    memory is shared. The parent must hold no database connection and no thread.
    """

    children: list[Child]
    say: Callable[[str], None]
    stop_within_seconds: float = 12.0
    _stopping: bool = field(default=False, init=False)

    def run(self) -> int:
        """Run until told to stop (0), or until a child cannot be kept alive (1)."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._stop)
        # What is loaded now is never collected, so its memory stays shared with every child.
        gc.collect()
        gc.freeze()
        for child in self.children:
            self._start(child)
        failed = False
        while not self._stopping:
            failed = not self._restart_dead()
            if failed:
                break
            time.sleep(0.1)
        self._end_all()
        return int(failed)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self, child: Child) -> None:
        parent = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        child.started = time.monotonic()
        child.pid = os.fork()
        if child.pid == 0:
            self._live(child, parent)

    def _live(self, child: Child, parent: int) -> None:
        """The child's whole life. Its own process group: Ctrl-C reaches the parent alone, which stops it in order."""
        code = 1
        try:
            os.setpgid(0, 0)
            for number in STOP_SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            die_with_parent(parent)
            child.work()
            code = 0
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _restart_dead(self) -> bool:
        """Start again whatever has ended. False when one keeps ending at once."""
        for child in self.children:
            ended, status = os.waitpid(child.pid, os.WNOHANG)
            if not ended:
                continue
            child.pid = 0
            if self._stopping:
                return True
            # Killed from outside is no fault of its own, however often: only one that leaves by itself is broken.
            soon = not os.WIFSIGNALED(status) and time.monotonic() - child.started < TOO_SOON_SECONDS
            child.early_deaths = child.early_deaths + 1 if soon else 0
            if child.early_deaths >= TOO_OFTEN:
                self.say(f"The {child.name} ended {TOO_OFTEN} times right after its start; giving up.")
                return False
            self.say(f"The {child.name} ended; starting it again.")
            if soon:
                time.sleep(RESTART_PAUSE_SECONDS)
            if not self._stopping:
                self._start(child)
        return True

    def _end_all(self) -> None:
        """Ask every child to finish; what has not ended in time is killed with everything it started."""
        alive = [child for child in self.children if child.pid]
        for child in alive:
            _send(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + self.stop_within_seconds
        while alive and time.monotonic() < deadline:
            alive = [child for child in alive if os.waitpid(child.pid, os.WNOHANG)[0] == 0]
            time.sleep(0.05)
        for child in alive:
            _send(-child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
