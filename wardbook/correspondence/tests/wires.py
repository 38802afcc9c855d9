"""Networks that go wrong on purpose, between us and a server on this machine."""

import contextlib
import socket
import threading


class Cutting:
    """A wire to a server that breaks after so many bytes came back from it. `with Cutting(port, 700) as wire:`"""

    def __init__(self, port, after):
        self.target, self.after = port, after

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                here, _ = self.listener.accept()
            except OSError:
                return
            there = socket.create_connection(("127.0.0.1", self.target))
            threading.Thread(target=self._carry, args=(here, there, None), daemon=True).start()
            threading.Thread(target=self._carry, args=(there, here, self.after), daemon=True).start()

    def _carry(self, source, goal, most):
        sent = 0
        try:
            while chunk := source.recv(512):
                if most is not None:
                    chunk = chunk[: max(0, most - sent)]
                    sent += len(chunk)
                goal.sendall(chunk)
                if most is not None and sent >= most:
                    break
        except OSError:
            pass
        finally:
            for end in (source, goal):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()


class Saying:
    """A server that says the same to everybody and then hangs up, or says nothing at all and holds the line."""

    def __init__(self, *, says=b"", holds=False):
        self.says, self.holds = says, holds

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.held = []
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()
        for line in self.held:
            line.close()

    def _accept(self):
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            try:
                line.sendall(self.says)
                if self.holds:
                    self.held.append(line)
                else:
                    line.close()
            except OSError:
                line.close()
