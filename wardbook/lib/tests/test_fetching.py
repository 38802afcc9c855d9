"""Fetching what strangers name: only from the open Internet, only so much, only so long (G1)."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest

from wardbook.lib import fetching
from wardbook.lib.fetching import NotFetched, fetch, is_public

pytestmark = pytest.mark.any_engine

INSIDE = [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "fe80::1", "fe80::1%eth0",
    "fc00::1", "fd00:ec2::254", "ff02::1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:c0a8:101::1",
    "2001:db8::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "fec0::1", "nonsense", "",
]  # fmt: skip
NO_ADDRESS = [
    "", "x", "/x", "//x.example/", "ftp://x.example/", "file:///etc/passwd", "gopher://x.example/", "dict://x.example/",
    "http://", "http:///x", "http://user@x.example/", "http://user:pw@x.example/", "http://x.example:25/",
    "http://x.example:8080/", "https://x.example:80/", "http://x.example:99999/", "http://x.example/a b",
    "http://bücher..example/",
    "http://x.example/\r\nHost: y", "http://x\0.example/", "http://[::1/", "data:image/png;base64,AA", "javascript:1",
    "http://" + "a" * 64 + ".example/", "http://x.example/" + "a" * 5000,
]  # fmt: skip
# Twelve ways to write this machine.
LOOPBACKS = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "localhost", "localhost.",
    "LOCALHOST", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0", "0.0.0.0", "127.0.0.1.", "①②⑦.⓪.⓪.①",
]  # fmt: skip


@pytest.mark.parametrize("ip", INSIDE)
def test_what_is_inside_is_not_public(ip):
    assert not is_public(ip)


@pytest.mark.parametrize("ip", ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_what_is_outside_is_public(ip):
    assert is_public(ip)


@pytest.fixture
def no_network(monkeypatch):
    """Fails the test when anything is connected to."""

    def connect(*args, **kwargs):
        raise AssertionError(f"connected to {args}")

    monkeypatch.setattr(fetching.socket, "create_connection", connect)


@pytest.mark.parametrize("address", NO_ADDRESS)
@pytest.mark.usefixtures("no_network")
def test_what_is_no_address_of_the_web_is_not_asked(address):
    with pytest.raises(NotFetched):
        fetch(address, most_bytes=10, seconds=1)


@pytest.mark.parametrize("host", LOOPBACKS)
@pytest.mark.usefixtures("no_network")
def test_this_machine_is_not_asked_however_it_is_spelt(host):
    with pytest.raises(NotFetched):
        fetch(f"http://{host}/", most_bytes=10, seconds=1)


def resolves_to(monkeypatch, *ips):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ips]
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *args, **kwargs: found)


@pytest.mark.usefixtures("no_network")
def test_a_name_that_has_one_address_inside_is_not_asked(monkeypatch):
    resolves_to(monkeypatch, "93.184.215.14", "10.0.0.1")
    with pytest.raises(NotFetched, match="open Internet"):
        fetch("http://two-faced.example/", most_bytes=10, seconds=1)


def test_the_connection_goes_where_the_check_looked(monkeypatch):
    """A name server that says something else a moment later (rebinding) is not asked a second time."""
    answers = iter([["93.184.215.14"], ["127.0.0.1"]])
    asked, connected = [], []

    def resolve(host, *args, **kwargs):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in next(answers)]

    def connect(place, *args):
        connected.append(place)
        raise OSError("no network in tests")

    monkeypatch.setattr(fetching.socket, "getaddrinfo", resolve)
    monkeypatch.setattr(fetching.socket, "create_connection", connect)
    with pytest.raises(NotFetched):
        fetch("http://rebinding.example/x", most_bytes=10, seconds=1)
    assert (asked, connected) == (["rebinding.example"], [("93.184.215.14", 80)])


@contextmanager
def server(*answers, drip=0.0):
    """A server that gives these raw answers, one a call; yields its port and what it was asked."""
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5)

        def serve():
            for answer in answers:
                try:
                    line, _address = listening.accept()
                except OSError:
                    return
                with line:
                    asked.append(line.recv(4096).decode("latin-1"))
                    try:
                        if not drip:
                            line.sendall(answer)
                        for at in range(len(answer) if drip else 0):
                            line.sendall(answer[at : at + 1])
                            time.sleep(drip)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1], asked
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)


@pytest.fixture
def outside(monkeypatch):
    """Hosts called *.public are this machine, and count as outside. All others are what they are."""
    resolve = socket.getaddrinfo

    def told(host, port, *args, **kwargs):
        if str(host).endswith(".public"):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.99", port))]
        return resolve(host, port, *args, **kwargs)

    connect = socket.create_connection

    def connected(place, *args, **kwargs):
        assert place[0] == "127.0.0.99", f"connected to {place}"
        return connect(("127.0.0.1", place[1]), *args, **kwargs)

    public = fetching.is_public
    monkeypatch.setattr(fetching.socket, "getaddrinfo", told)
    monkeypatch.setattr(fetching.socket, "create_connection", connected)
    monkeypatch.setattr(fetching, "is_public", lambda ip: ip == "127.0.0.99" or public(ip))

    def open_port(port):
        monkeypatch.setitem(fetching.PORTS, "http", port)

    return open_port


def ok(body, kind="image/png", extra=""):
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{extra}\r\n".encode() + body


def moved(to):
    return f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


def test_a_public_address_is_fetched_without_saying_who_asks(outside):
    with server(ok(b"picture")) as (port, asked):
        outside(port)
        found = fetch("http://a.public/logo.png?id=7#part", most_bytes=100, seconds=5, accept="image/png")
    assert found == (b"picture", "image/png")
    head = asked[0].lower()
    assert head.startswith("get /logo.png?id=7 http/1.1\r\n")
    assert f"host: a.public:{port}\r\n" in head or "host: a.public\r\n" in head
    assert "cookie" not in head
    assert "referer" not in head


LED_INSIDE = [
    "http://127.0.0.1/", "http://localhost/", "http://169.254.169.254/latest/meta-data/", "//[::1]/",
    "file:///etc/passwd", "gopher://a.public/", "http://u:p@a.public/", "",
]  # fmt: skip


@pytest.mark.parametrize("to", LED_INSIDE)
def test_a_redirect_inside_is_not_followed(outside, to):
    with server(moved(to), ok(b"secret")) as (port, asked):
        outside(port)
        with pytest.raises(NotFetched):
            fetch("http://a.public/", most_bytes=100, seconds=2)
        assert len(asked) == 1


def test_a_redirect_outside_is_followed_a_few_times(outside):
    with server(moved("http://b.public/x"), moved("/y"), ok(b"picture")) as (port, asked):
        outside(port)
        assert fetch("http://a.public/", most_bytes=100, seconds=5).content == b"picture"
    assert [line.split()[1] for line in asked] == ["/", "/x", "/y"]
    with server(*[moved("/again")] * 6) as (port, asked):
        outside(port)
        with pytest.raises(NotFetched, match="too often"):
            fetch("http://a.public/", most_bytes=100, seconds=5)
        assert len(asked) == fetching.MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    "answer",
    [
        ok(b"x" * 101),
        b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + b"x" * 5000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n" + b"x" * 0xFFF + b"\r\n0\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"",
    ],
)
def test_too_much_and_what_is_no_answer_are_refused(outside, answer):
    with server(answer) as (port, _asked):
        outside(port)
        with pytest.raises(NotFetched):
            fetch("http://a.public/", most_bytes=100, seconds=2)


def test_a_server_that_drips_does_not_hold_us(outside):
    with server(ok(b"x" * 400), drip=0.02) as (port, _asked):
        outside(port)
        ends = []
        thread = threading.Thread(target=lambda: ends.append(_refused("http://a.public/")), daemon=True)
        thread.start()
        # Its whole answer would take ten seconds; half a second is what it was given.
        thread.join(timeout=5)
        assert ends == [True]


def _refused(address):
    with pytest.raises(NotFetched):
        fetch(address, most_bytes=1000, seconds=0.5)
    return True
