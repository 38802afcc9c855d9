"""Work done in a process of its own that a test kills at a named point, on the database of that test."""

import os
import subprocess
import sys

from django.conf import settings
from django.db import connection

KILLED = 137


def run_and_kill(what, *words, point):
    """Run a function of this module in another process, which is killed at the point. Gives the finished process."""
    environ = dict(
        os.environ,
        FAULT_POINT=point,
        PYTHONPATH=str(settings.BASE_DIR),
        DJANGO_SETTINGS_MODULE="tests.settings",
        TEST_DATABASE=str(connection.settings_dict["NAME"]),
        TEST_MEDIA=str(settings.MEDIA_ROOT),
    )
    module = "wardbook.correspondence.tests.killed"
    words = [sys.executable, "-W", "ignore", "-m", module, what, *map(str, words)]
    return subprocess.run(words, env=environ, capture_output=True, text=True, check=False, timeout=120)


def enter():
    """In the other process: the database of the test."""
    import django

    django.setup()
    connection.settings_dict["NAME"] = os.environ["TEST_DATABASE"]
    settings.MEDIA_ROOT = os.environ["TEST_MEDIA"]


def fetch(mailbox_id):
    from wardbook.correspondence import postman
    from wardbook.correspondence.models import Mailbox

    postman.fetch(Mailbox.objects.get(pk=mailbox_id))


def read():
    from django.utils import timezone

    from wardbook.correspondence.actions import reading

    reading.read_all("to-be-killed", clock=timezone.now)


if __name__ == "__main__":
    enter()
    {"fetch": fetch, "read": read}[sys.argv[1]](*sys.argv[2:])
