"""Settings from the environment: each one named, explained, and refused in a sentence when it makes no sense."""

from __future__ import annotations

import difflib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

YES = ("1", "true", "yes", "on")
NO = ("0", "false", "no", "off", "")
SECRET_KEY_MIN_LENGTH = 40
PLACEHOLDERS = ("change", "secret", "default", "insecure", "example", "password", "your-")


class BadSetting(Exception):
    """A setting that cannot be used. The message names it, what was found and what is expected."""

    def __init__(self, name: str, found: str, expected: str) -> None:
        super().__init__(f"{name} {found}; expected {expected}.")


@dataclass(frozen=True)
class Setting:
    """One setting as `docs/settings.md` lists it."""

    name: str
    default: str
    says: str


@dataclass(frozen=True)
class Smtp:
    """Where mail goes out."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    ssl: bool


@dataclass
class Environment:
    """The process environment, remembering every setting that was asked for."""

    variables: Mapping[str, str]
    asked: dict[str, Setting] = field(default_factory=dict)

    def text(self, name: str, default: str, says: str, *, shown: str = "") -> str:
        """The value without outer blanks; an unset or empty variable is the default.

        `shown` is the default as the documentation writes it, where it is worked out from other settings.
        """
        self.asked[name] = Setting(name, shown or (f"`{default}`" if default else ""), says)
        return self.variables.get(name, "").strip() or default

    def flag(self, name: str, default: bool, says: str) -> bool:
        found = self.text(name, "1" if default else "0", says).lower()
        if found in YES:
            return True
        if found in NO:
            return False
        raise BadSetting(name, f'is "{found}"', "1 or 0")

    def number(self, name: str, default: int, says: str, *, low: int, high: int, shown: str = "") -> int:
        found = self.text(name, str(default), says, shown=shown)
        # str.isdigit() alone also accepts digits that int() does not read, such as "²".
        if found.isascii() and found.isdigit() and low <= int(found) <= high:
            return int(found)
        raise BadSetting(name, f'is "{found}"', f"a whole number from {low} to {high}")

    def path(self, name: str, default: Path, says: str, *, shown: str) -> Path:
        """An absolute folder."""
        found = Path(self.text(name, str(default), says, shown=shown)).expanduser()
        if not found.is_absolute():
            raise BadSetting(name, f'is "{found}"', "an absolute path that begins with /")
        return found

    def web_address(self, name: str, default: str, says: str, *, shown: str) -> SplitResult:
        """Scheme and host, without a path."""
        found = self.text(name, default, says, shown=shown).rstrip("/")
        expected = "an address such as https://wardbook.example.org"
        try:
            parts = urlsplit(found)
            port_is_number = parts.port is None or parts.port > 0
        except ValueError:
            raise BadSetting(name, f'is "{found}"', expected) from None
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or not port_is_number
            or parts.path
            or parts.query
            or parts.username
        ):
            raise BadSetting(name, f'is "{found}"', expected)
        return parts

    def refuse_unknown(self, prefix: str) -> None:
        """Refuse a variable with our prefix that nothing asked for: it is a spelling mistake."""
        for name in sorted(self.variables):
            if name.startswith(prefix) and name not in self.asked:
                near = difflib.get_close_matches(name, self.asked, n=1)
                expected = f"{near[0]} perhaps" if near else "one of the names in docs/settings.md"
                raise BadSetting(name, "is not a setting of Wardbook", expected)


def database(url: str, *, name: str = "DATABASE_URL") -> dict[str, Any]:
    """The engine, place and account of a database address, as Django wants them."""
    expected = "sqlite:////absolute/path.sqlite3 or postgresql://user:password@host:5432/name"
    scheme, parts, port = _split(url, name, expected)
    query = dict(parse_qsl(parts.query))
    if parts.scheme == "sqlite":
        path = unquote(parts.path.removeprefix("/"))
        if parts.netloc or not path.startswith("/") or query:
            raise BadSetting(name, f'is "{url}"', expected)
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": path}
    if parts.scheme in ("postgres", "postgresql"):
        database_name = unquote(parts.path.removeprefix("/"))
        if not database_name:
            raise BadSetting(name, f'begins with "{scheme}:" and names no database', expected)
        host = query.pop("host", "") or unquote(parts.hostname or "")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": database_name,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": host,
            "PORT": str(port or query.pop("port", "")),
            "OPTIONS": query,
        }
    raise BadSetting(name, f'begins with "{scheme}:"', expected)


def smtp(url: str, *, name: str = "WARDBOOK_SMTP_URL") -> Smtp:
    """The mail server of an address such as smtp+tls://user:password@mail.example.org:587."""
    expected = "smtp://host:25, smtp+tls://user:password@host:587 or smtps://user:password@host:465"
    scheme, parts, port = _split(url, name, expected)
    usual = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    if parts.scheme not in usual or not parts.hostname:
        raise BadSetting(name, f'begins with "{scheme}:"', expected)
    return Smtp(
        host=parts.hostname,
        port=port or usual[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtp+tls",
        ssl=parts.scheme == "smtps",
    )


def secret_key(given: str, file: Path, *, may_create: bool, name: str = "WARDBOOK_SECRET_KEY") -> str:
    """The key that signs sessions: from the environment, or from a file only this account can read.

    The file is made once, and only where `may_create` (an installation on this machine alone): several
    machines must share one key, so there it has to be given.
    """
    expected = f"at least {SECRET_KEY_MIN_LENGTH} random characters (`openssl rand -base64 48` makes them)"
    if given:
        if any(word in given.lower() for word in PLACEHOLDERS):
            raise BadSetting(name, "is a placeholder", expected)
        if len(given) < SECRET_KEY_MIN_LENGTH or len(set(given)) < 10:
            raise BadSetting(name, f"has {len(given)} characters or repeats itself", expected)
        return given
    if not file.exists():
        if not may_create:
            raise BadSetting(name, "is empty", expected)
        _write_once(file, secrets.token_urlsafe(48))
    try:
        kept = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise BadSetting(str(file), "cannot be read", expected) from None
    if len(kept) < SECRET_KEY_MIN_LENGTH:
        raise BadSetting(str(file), f"has {len(kept)} characters", expected)
    return kept


def _write_once(file: Path, content: str) -> None:
    """Write a file for this account only; whoever comes second keeps what the first wrote.

    Written beside and linked into place, so that a second process never reads half a key.
    """
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.touch(mode=0o600)
        beside.write_text(content + "\n", encoding="ascii")
        try:
            os.link(beside, file)
        except FileExistsError:
            pass
        finally:
            beside.unlink()
    except OSError as error:
        found = f'is "{file.parent}", which cannot be written ({(error.strerror or "").lower()})'
        raise BadSetting("WARDBOOK_DATA", found, "a folder this account owns") from None


def _split(url: str, name: str, expected: str) -> tuple[str, SplitResult, int | None]:
    """An address with its scheme and port. The password must not reach a log: a refusal shows the scheme only."""
    scheme = url.partition(":")[0]
    try:
        parts = urlsplit(url)
        return scheme, parts, parts.port
    except ValueError:
        raise BadSetting(name, f'begins with "{scheme}:" and cannot be read', expected) from None
