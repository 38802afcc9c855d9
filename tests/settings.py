"""The product's settings for tests: fast passwords, mail kept in memory, loud templates, a data folder of its own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "WARDBOOK_DATA" not in os.environ:
    # The processes of pytest-xdist inherit the folder, and only the one that made it takes it away.
    os.environ["WARDBOOK_DATA"] = tempfile.mkdtemp(prefix="wardbook-test-")
    atexit.register(shutil.rmtree, os.environ["WARDBOOK_DATA"], ignore_errors=True)
_data = os.environ["WARDBOOK_DATA"]
os.environ.setdefault("WARDBOOK_SECRET_KEY", "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz")

from wardbook.settings import *  # noqa: E402, F403  the environment has to be set before it is read
from wardbook.settings import DATABASES, SQLITE, TEMPLATES  # noqa: E402  named once more, for the reader

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Signing in by hand in hundreds of tests; the tests of the second step switch it on.
SECOND_STEP_REQUIRED = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True


class LoudMissing(str):
    """Fails a test whose template names something that is not there."""

    __slots__ = ()

    def __contains__(self, key: object) -> bool:
        return key == "%s" or super().__contains__(key)

    def __mod__(self, name: object) -> str:
        raise NameError(f"A template asks for {name!r}, which its view does not give.")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = LoudMissing("%s")
Path(_data).mkdir(parents=True, exist_ok=True)
if SQLITE:
    # A real file, because threads that race need connections of their own; it need not survive a power cut.
    # pytest-xdist gives each of its processes its own.
    DATABASES["default"]["TEST"] = {"NAME": f"{_data}/test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
