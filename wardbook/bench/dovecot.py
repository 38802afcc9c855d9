"""A real IMAP server for the bench and the tests: Dovecot in a folder of its own, on a free port, then gone."""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

PASSWORD = "open-sesame"  # noqa: S105  of a server that lives for a minute and is reached from here only

CONFIG = """
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
listen = 127.0.0.1
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
auth_mechanisms = plain login
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
mail_fsync = never
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    """`with Dovecot() as server:` gives `server.port`; any user may sign in with PASSWORD.

    `certificate` is a pair of files (certificate, key) for TLS; then `tls_port` answers too.
    """

    @staticmethod
    def is_here() -> bool:
        return Dovecot.program() is not None

    @staticmethod
    def program() -> str | None:
        """Debian keeps it off the path of most people."""
        return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

    def __init__(self, certificate: tuple[Path, Path] | None = None) -> None:
        self.certificate = certificate

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="wardbook-imap-"))
        self.folder.chmod(0o755)
        me = pwd.getpwuid(os.getuid())
        # As root Dovecot gives its parts to accounts of their own, and no mail to root.
        mail = pwd.getpwnam("nobody") if os.geteuid() == 0 else me
        self.owner = (mail.pw_uid, mail.pw_gid)
        root = os.geteuid() == 0
        self.port, self.tls_port = _free_port(), _free_port() if self.certificate else 0
        certificate = ""
        if self.certificate:
            certificate = "ssl_cert = <{}\nssl_key = <{}".format(*self.certificate)
        for name in ("run", "state", "mail", "home"):
            (self.folder / name).mkdir()
            if name in ("mail", "home"):
                os.chown(self.folder / name, *self.owner)
        config = CONFIG.format(
            folder=self.folder,
            ssl="yes" if self.certificate else "no",
            certificate=certificate,
            internal="dovecot" if root else me.pw_name,
            group="dovecot" if root else _group(me.pw_gid),
            login="dovenull" if root else me.pw_name,
            password=PASSWORD,
            uid=self.owner[0],
            gid=self.owner[1],
            port=self.port,
            tls_port=self.tls_port,
        )
        (self.folder / "dovecot.conf").write_text(config)
        program = self.program()
        assert program is not None
        self.process = subprocess.Popen(
            [program, "-F", "-c", str(self.folder / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        for _ in range(200):
            if _answers(self.port):
                return self
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        log = self.folder / "log"
        said = self.process.communicate()[1] if self.process.poll() is not None else b""
        raise RuntimeError(f"Dovecot did not start: {said!r} {log.read_text() if log.exists() else ''}")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def deliver(self, user: str, *mails: bytes) -> None:
        """Put mails into somebody's INBOX, as a mail server would: into `new`, in the order given."""
        box = self.box(user)
        for number, raw in enumerate(mails):
            name = f"{int(time.time())}.M{time.monotonic_ns()}P{number}.tests"
            path = box / "tmp" / name
            path.write_bytes(raw)
            os.chown(path, *self.owner)
            path.rename(box / "new" / name)

    def box(self, user: str) -> Path:
        """The folder of somebody's INBOX, made when it is not there."""
        box = self.folder / "mail" / user
        for part in ("", "tmp", "new", "cur"):
            path = box / part
            if not path.exists():
                path.mkdir()
                os.chown(path, *self.owner)
        return box

    def renumber(self, user: str) -> None:
        """Forget the UIDs, as after a restored mailbox: UIDVALIDITY changes."""
        for path in self.box(user).glob("dovecot*"):
            path.unlink()


def _free_port() -> int:
    with socket.socket() as finder:
        finder.bind(("127.0.0.1", 0))
        return int(finder.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as there:
            return bool(there.recv(4) == b"* OK")
    except OSError:
        return False


def _group(gid: int) -> str:
    return grp.getgrgid(gid).gr_name
