"""Fetches from addresses that strangers wrote, without being led anywhere inside (G1).

Each address, and each one that an answer redirects to, is resolved once, checked, and connected to as it was checked:
a name that resolves to something else a moment later gains nothing. No cookies, no referrer, no compression.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import closing
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

PORTS = {"http": 80, "https": 443}
MOST_REDIRECTS = 3
LONGEST_ADDRESS = 4_000
CHUNK = 64 * 1024
# IPv4 hidden in IPv6, beyond what `ipaddress` unwraps by itself (RFC 6052).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/32")
# What the lists of older Pythons do not know to be special (IANA's registries).
_SPECIAL = [
    ipaddress.ip_network(one)
    for one in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "3fff::/20", "5f00::/16", "100::/64", "fec0::/10")
]


class NotFetched(Exception):
    """Nothing came back that may be used. The words are for the log, not for the screen."""


class Fetched(NamedTuple):
    """What came back, and what the server calls it."""

    content: bytes
    media_type: str


class _Place(NamedTuple):
    scheme: str
    host: str
    port: int
    ip: str
    target: str


def fetch(address: str, *, most_bytes: int, seconds: float, accept: str = "*/*", agent: str = "Wardbook") -> Fetched:
    """What lies at a public web address. Raises NotFetched for every reason why not, and within about `seconds`."""
    ends = time.monotonic() + seconds
    for _turn in range(MOST_REDIRECTS + 1):
        place = _checked(address)
        headers = {"Accept": accept, "Accept-Encoding": "identity", "User-Agent": agent, "Connection": "close"}
        try:
            answer = _ask(place, headers, most_bytes, ends)
        except (OSError, http.client.HTTPException, ValueError) as reason:
            raise NotFetched(f"{type(reason).__name__}: {reason}") from None
        if isinstance(answer, Fetched):
            return answer
        address = urljoin(address, answer)
    raise NotFetched("redirected too often")


def is_public(ip: str) -> bool:
    """Whether an IP address is one of the open Internet: not of this machine, this network, or of nobody."""
    try:
        found = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if int(found) >> 32 == 0:
            return False
    if any(found in network for network in _SPECIAL if network.version == found.version):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _checked(address: str) -> _Place:
    """Where an address leads. Every IP address that its name has must be public."""
    if len(address) > LONGEST_ADDRESS or any(ord(character) <= 32 or ord(character) == 127 for character in address):
        raise NotFetched("no address of the web")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        host = host.rstrip(".").encode("idna").decode("ascii").lower() if ":" not in host else host
    except (ValueError, UnicodeError):
        raise NotFetched("no address of the web") from None
    if parts.scheme not in PORTS or not host or "@" in parts.netloc:
        raise NotFetched("no address of the web")
    usual = PORTS[parts.scheme]
    if port not in (None, usual):
        raise NotFetched(f"port {port}")
    try:
        found = socket.getaddrinfo(host, usual, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotFetched("no such host") from None
    ips = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not ips or not all(is_public(ip) for ip in ips):
        raise NotFetched("not an address of the open Internet")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not target.isascii():
        from urllib.parse import quote

        target = quote(target, safe="%/:?#[]@!$&'()*+,;=~-._")
    return _Place(parts.scheme, host, usual, ips[0], target)


class _Pinned(http.client.HTTPConnection):
    """A connection to the IP address that was checked, in the name of the host."""

    def __init__(self, place: _Place, timeout: float) -> None:
        super().__init__(place.host, place.port, timeout=timeout)
        self.place = place

    def connect(self) -> None:
        raw = socket.create_connection((self.place.ip, self.place.port), self.timeout)
        try:
            is_secure = self.place.scheme == "https"
            context = ssl.create_default_context() if is_secure else None
            self.sock = context.wrap_socket(raw, server_hostname=self.place.host) if context else raw
        except BaseException:
            raw.close()
            raise


def _ask(place: _Place, headers: dict[str, str], most_bytes: int, ends: float) -> Fetched | str:
    """The answer of one server, or the address that it redirects to."""
    left = ends - time.monotonic()
    if left <= 0:
        raise NotFetched("too slow")
    with closing(_Pinned(place, left)) as connection:
        connection.connect()
        # A server that drips byte by byte never runs into a timeout of one read: the line is cut at the end.
        stop = threading.Timer(max(ends - time.monotonic(), 0.01), _cut, [connection.sock])
        stop.daemon = True
        stop.start()
        try:
            connection.request("GET", place.target, headers=headers)
            answer = connection.getresponse()
            if answer.status in (301, 302, 303, 307, 308):
                if not (to := answer.headers.get("Location", "").strip()):
                    raise NotFetched("redirected to nowhere")
                return to
            if answer.status != 200:
                raise NotFetched(f"status {answer.status}")
            said = answer.headers.get("Content-Length", "")
            if said.isdecimal() and int(said[:12]) > most_bytes:
                raise NotFetched("too large")
            content = bytearray()
            while chunk := answer.read(min(CHUNK, most_bytes + 1 - len(content))):
                content += chunk
                if len(content) > most_bytes:
                    raise NotFetched("too large")
            if time.monotonic() > ends:
                raise NotFetched("too slow")
            return Fetched(bytes(content), answer.headers.get_content_type())
        finally:
            stop.cancel()


def _cut(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
