"""Makes `.venv` and installs the locked requirements into it, once, and again when the lock changes.

Runs on the machine's own Python, before anything is installed, so it uses the standard library only and is written so
that an old Python can read it far enough to say that it is too old.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
FETCHED = ROOT / "var" / "tools"
OLDEST = (3, 11)


class Refused(Exception):
    """Something stands in the way. The message says what, and what to do."""


def find_python():
    """A Python that is new enough: this one, or a newer one beside it."""
    if sys.version_info[:2] >= OLDEST:
        return sys.executable
    for name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        found = shutil.which(name)
        if found:
            return found
    raise Refused(
        f"Wardbook needs Python 3.11 or newer; this is Python {sys.version_info[0]}.{sys.version_info[1]}. "
        "On Debian 12 or later: apt install python3"
    )


def ready(kind):
    """Make sure that `.venv` holds what requirements/KIND.txt says. Gives the environment for its commands."""
    python = find_python()
    lock = ROOT / "requirements" / (kind + ".txt")
    stamp = VENV / (".installed-" + kind)
    wanted = hashlib.sha256(
        b"\0".join([lock.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode()])
    ).hexdigest()
    if not (stamp.exists() and stamp.read_text() == wanted and works(BIN / "python")):
        try:
            install(python, lock)
            stamp.write_text(wanted)
        except OSError as error:
            raise Refused(f"{error.filename or VENV} cannot be written: {error.strerror}.") from None
    environ = dict(os.environ, VIRTUAL_ENV=str(VENV), PATH=str(BIN) + os.pathsep + os.environ.get("PATH", ""))
    environ.pop("PYTHONHOME", None)
    environ.pop("PYTHONPATH", None)
    return environ


def works(python):
    """Whether this Python starts: a moved folder or an upgraded system leaves one that does not."""
    try:
        return subprocess.run([str(python), "-c", ""], check=False, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def install(python, lock):
    if not works(BIN / "python"):
        if VENV.exists():
            shutil.rmtree(str(VENV))
        print("Making .venv …", flush=True)
        make_venv(python)
    print("Installing the locked requirements (once, less than a minute) …", flush=True)
    pip = [*pip_command(python), "install", "-qq", "--no-input", "--disable-pip-version-check", "--no-deps"]
    if subprocess.run([*pip, "--require-hashes", "-r", str(lock)], check=False).returncode:
        raise Refused("The requirements could not be installed; the lines above say why. Is there a network?")
    # The project itself: no download, the builder is one of the requirements.
    if subprocess.run([*pip, "--no-index", "--no-build-isolation", "-e", str(ROOT)], check=False).returncode:
        raise Refused("The `wardbook` command could not be installed; the lines above say why.")


def make_venv(python):
    """With pip inside where Python brings it. Debian keeps that part of Python in a package of its own."""
    if can_import(python, "ensurepip.__main__") or (
        not can_import(python, "pip.__main__") and install_debian_venv(python)
    ):
        command = [python, "-m", "venv", str(VENV)]
    elif can_import(python, "venv") and (can_import(python, "pip.__main__") or fetch_pip(python)):
        command = [python, "-m", "venv", "--without-pip", str(VENV)]
    else:
        raise Refused(
            "This Python comes without pip, which Debian keeps in a package of its own, and it could not be fetched. "
            "As root: apt install python3-venv. Then `make run` again."
        )
    made = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if made.returncode:
        raise Refused(".venv could not be made: " + made.stdout.decode(errors="replace").strip())


def pip_command(python):
    """The pip inside .venv, or one that was fetched, or the machine's, working on .venv."""
    if can_import(str(BIN / "python"), "pip.__main__"):
        return [str(BIN / "python"), "-m", "pip"]
    for wheel in sorted(FETCHED.glob("pip-*.whl")):
        return [python, str(wheel / "pip"), "--python", str(BIN / "python")]
    return [python, "-m", "pip", "--python", str(BIN / "python")]


def fetch_pip(python):
    """Without root: Debian's own package with the pip wheel, downloaded and unpacked, not installed.

    Whether it is there now. apt keeps its lists in a folder of ours, since it may not write its own.
    """
    if list(FETCHED.glob("pip-*.whl")):
        return True
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return False
    print("Fetching pip from Debian, as this Python comes without it …", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        state, cache = Path(folder, "state"), Path(folder, "cache")
        for made in (state / "lists" / "partial", cache / "archives" / "partial"):
            made.mkdir(parents=True)
        apt = [
            "apt-get",
            "-qq",
            "-o",
            f"Dir::State={state}",
            "-o",
            f"Dir::Cache={cache}",
            "-o",
            "APT::Sandbox::User=",
        ]
        for words in (["update"], ["download", "python3-pip-whl"]):
            if subprocess.run([*apt, *words], check=False, cwd=folder, stderr=subprocess.DEVNULL).returncode:
                return False
        for package in Path(folder).glob("python3-pip-whl*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(package), folder], check=False)
        FETCHED.mkdir(parents=True, exist_ok=True)
        for wheel in Path(folder, "usr", "share", "python-wheels").glob("pip-*.whl"):
            shutil.copy(str(wheel), str(FETCHED))
    return bool(list(FETCHED.glob("pip-*.whl")))


def can_import(python, name):
    """Whether this Python has that module."""
    return subprocess.run([python, "-c", "import " + name], check=False, stderr=subprocess.DEVNULL).returncode == 0


def install_debian_venv(python):
    """As root on Debian, add the missing package. Whether it is there now."""
    if not may_install_packages():
        return False
    install_packages(["python3-venv"])
    return can_import(python, "ensurepip.__main__")


def may_install_packages():
    return os.geteuid() == 0 and shutil.which("apt-get") is not None and Path("/etc/debian_version").exists()


def install_packages(names):
    """Debian packages, quietly. Whether it worked."""
    print(f"Installing Debian packages: {' '.join(names)} …", flush=True)
    environ = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    command = ["apt-get", "-qq", "-y", "--no-install-recommends", "install", *names]

    def succeeds(words):
        done = subprocess.run(words, check=False, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return done.returncode == 0

    # A fresh machine has no lists of packages yet.
    return succeeds(command) or (succeeds(["apt-get", "-qq", "update"]) and succeeds(command))
