"""An SMTP server on loopback that keeps what it is given, and misbehaves as it is told."""

import asyncio
import datetime as dt
import email
import ipaddress
import socket
import ssl
import threading
import time
from email import policy

from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Sink:
    """`with Sink() as sink`: what came is in `sink.mails`. The `on_*` say what is answered: a text, or a function of
    the envelope (and the address); "" or None is the usual answer, "cut" hangs up."""

    def __init__(self, *, tls=None, starttls=None, on_mail=None, on_rcpt=None, on_data=None, users=None, **options):
        self.mails = []
        self.sessions = 0
        self.on_mail, self.on_rcpt, self.on_data = on_mail, on_rcpt, on_data
        self.signed_in = []
        if starttls:
            options |= {"tls_context": starttls, "require_starttls": True}
        if users is not None:
            options |= {"authenticator": self._authenticate(users), "auth_require_tls": False}
        self._options = {"data_size_limit": 60 * 1024 * 1024, "hostname": "sink", "enable_SMTPUTF8": True} | options
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def __enter__(self):
        ready = threading.Event()

        def serve():
            asyncio.set_event_loop(self._loop)
            make = lambda: SMTP(self, loop=self._loop, **self._options)  # noqa: E731  a name for what follows
            server = self._loop.run_until_complete(self._loop.create_server(make, sock=self._listener, ssl=self._tls))
            ready.set()
            self._loop.run_forever()
            server.close()
            # Whoever is still connected is hung up on, so that nothing is left open behind the test.
            left = asyncio.all_tasks(self._loop)
            for conversation in left:
                conversation.cancel()
            self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.close()

        self._thread = threading.Thread(target=serve, daemon=True)
        self._thread.start()
        assert ready.wait(30)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._listener.close()

    def _authenticate(self, users):
        def authenticate(server, session, envelope, mechanism, given):
            name, password = given.login.decode(), given.password.decode()
            self.signed_in.append((mechanism, name))
            return AuthResult(success=users.get(name) == password, handled=False)

        return authenticate

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802  named by aiosmtpd
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802  named by aiosmtpd
        answer = await self._answer(self.on_mail, server, envelope, address)
        if answer:
            return answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  named by aiosmtpd
        answer = await self._answer(self.on_rcpt, server, envelope, address)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  named by aiosmtpd
        answer = await self._answer(self.on_data, server, envelope)
        if answer:
            return answer
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), bytes(envelope.content)))
        return "250 taken"

    async def _answer(self, rule, server, *given):
        answer = rule(*given) if callable(rule) else rule
        if answer == "cut":
            server.transport.abort()
            await asyncio.sleep(0.05)
            return "421 gone"
        return answer

    @property
    def parsed(self):
        return [email.message_from_bytes(raw, policy=policy.default) for _sender, _to, raw in self.mails]

    @property
    def identifiers(self):
        return [str(mail["Message-ID"]) for mail in self.parsed]

    def uses(self, settings):
        """Have the installation send here."""
        from wardbook.lib.env import Smtp

        settings.SMTP = Smtp("127.0.0.1", self.port, "", "", tls=False, ssl=False)
        settings.DEMO = False
        return self


class Rude:
    """A server that does with each connection whatever the function does with the socket."""

    def __init__(self, behave):
        self.behave = behave
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    uses = Sink.uses

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._behave, args=(connection,), daemon=True).start()

    def _behave(self, connection):
        try:
            with connection:
                self.behave(connection)
        except OSError:
            pass


def silent(connection):
    time.sleep(30)


def trickling(connection):
    """One byte of an endless banner at a time: no single read ever takes long."""
    connection.sendall(b"220-")
    while True:
        connection.sendall(b"x")
        time.sleep(0.05)


def stalling_after_data(connection):
    connection.sendall(b"220 hello\r\n")
    with connection.makefile("rb") as lines:
        for line in lines:
            if line.upper().startswith(b"DATA"):
                connection.sendall(b"354 go on\r\n")
                time.sleep(30)
                return
            connection.sendall(b"250 OK\r\n")


def refusing_connections(code):
    def behave(connection):
        connection.sendall(f"{code} not now\r\n".encode())

    return behave


class Authority:
    """A certificate authority of its own, and certificates it gives."""

    def __init__(self, folder):
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tests")])
        self.certificate = self._sign(self.name, self.key.public_key(), [], is_authority=True)
        self.file = folder / "ca.pem"
        self.file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def context(self, *names):
        """A server's side of TLS, under a certificate for these names."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        certificate = self._sign(subject, key.public_key(), names)
        file = self.folder / f"{names[0]}.pem"
        file.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _sign(self, subject, key, names, *, is_authority=False):
        start = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + dt.timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if names:
            kinds = [_alternative(name) for name in names]
            builder = builder.add_extension(x509.SubjectAlternativeName(kinds), critical=False)
        return builder.sign(self.key, hashes.SHA256())


def _alternative(name):
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
