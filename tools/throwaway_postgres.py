"""A PostgreSQL server for one run of the tests: in a folder of its own, on a free port of this machine, then gone."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

# It holds nothing worth keeping, so it need not wait for the disk.
OPTIONS = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"
    " -c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off -c jit=off"
)
# Thousands of tables are made and emptied: in memory that costs half of what it costs on a disk.
MEMORY = "/dev/shm"
NEEDED = 2 * 1024**3


def roomy(folder):
    """Whether this folder is there, can be written, and has room for the databases of a run."""
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > NEEDED


class ThrowawayPostgres:
    """`with ThrowawayPostgres() as server:` gives `server.url`."""

    @staticmethod
    def programs():
        """The folder with initdb and pg_ctl: Debian keeps them off the path. None where there is no server."""
        folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: -int(one.parent.name))
        on_path = shutil.which("initdb")
        if on_path:
            folders.append(Path(on_path).resolve().parent)
        for folder in folders:
            if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
                return folder
        return None

    def __enter__(self):
        self.bin = self.programs()
        self.folder = Path(tempfile.mkdtemp(prefix="wardbook-pg-", dir=MEMORY if roomy(MEMORY) else None))
        self.account = None
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root; its package brings an account.
            self.account = "postgres"
            user = pwd.getpwnam(self.account)
            os.chown(str(self.folder), user.pw_uid, user.pw_gid)
        with socket.socket() as finder:
            finder.bind(("127.0.0.1", 0))
            port = finder.getsockname()[1]
        data = str(self.folder / "data")
        self.run("initdb", "-D", data, "-U", "wardbook", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        options = f"{OPTIONS} -c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={self.folder}"
        self.run("pg_ctl", "-w", "-D", data, "-l", str(self.folder / "log"), "-o", options, "start")
        self.url = f"postgresql://wardbook@127.0.0.1:{port}/postgres"
        return self

    def __exit__(self, *_):
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop", check=False)
        shutil.rmtree(str(self.folder), ignore_errors=True)

    def run(self, program, *words, check=True):
        command = [str(self.bin / program), *words]
        if self.account:
            command = ["setpriv", "--reuid", self.account, "--regid", self.account, "--clear-groups", *command]
        done = subprocess.run(
            command, check=False, cwd=str(self.folder), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if check and done.returncode:
            raise SystemExit(f"PostgreSQL for the tests could not start: {done.stdout.strip()}")
