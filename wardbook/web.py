"""The web server: gunicorn with threads, on a socket that its parent keeps open.

Because the parent holds the socket, a web process that is killed leaves no gap: callers wait in the queue of the
socket for the half second until the next one takes over.
"""

from __future__ import annotations

import errno
import os
import socket
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.urls import get_resolver
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from wardbook.lib.children import die_with_parent


class PortNotAvailable(Exception):
    """Nobody can listen there. The message is fit to show."""


def listen(address: str, port: int) -> socket.socket:
    """A listening socket that children inherit."""
    try:
        family, kind, _, _, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = port + 1 if port < 65535 else 8000
            raise PortNotAvailable(
                f"Port {port} is taken by another program. Choose another one: PORT={other}."
            ) from None
        if error.errno == errno.EACCES:
            raise PortNotAvailable(
                f"This account may not listen on port {port}. Choose one above 1023, such as PORT=8000."
            ) from None
        raise PortNotAvailable(
            f"Nothing can listen on {address} port {port}: {error.strerror}. Look at WARDBOOK_BIND."
        ) from None
    listener.set_inheritable(True)
    return listener


class HouseLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Lets gunicorn's lines go the way of all others, and keeps no access log: addresses hold search words."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers = []
        self.error_log.propagate = True


class Web(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Serves until told to stop."""

    def __init__(self, listener: socket.socket, application: WSGIHandler) -> None:
        self.listener = listener
        self.application = application
        super().__init__()

    def load_config(self) -> None:
        chosen = {
            "bind": f"fd://{self.listener.fileno()}",
            "worker_class": "gthread",
            "workers": settings.WEB_PROCESSES,
            "threads": settings.WEB_THREADS,
            "timeout": 120,
            "graceful_timeout": 8,
            "keepalive": 5,
            "loglevel": "warning",
            "logger_class": HouseLogger,
            "control_socket_disable": True,
            "post_fork": lambda arbiter, _worker: die_with_parent(arbiter.pid),
        }
        for name, value in chosen.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> WSGIHandler:
        return self.application


def load_everything() -> WSGIHandler:
    """Every page and middleware, loaded before the fork, so that a restarted web process answers at once."""
    application = WSGIHandler()
    _ = get_resolver().url_patterns
    import_module("gunicorn.arbiter")
    import_module("gunicorn.workers.gthread")
    return application


def serve(listener: socket.socket, application: WSGIHandler) -> None:
    # gunicorn reads its own variables, which could undo what is set above.
    os.environ.pop("GUNICORN_CMD_ARGS", None)
    Web(listener, application).run()
