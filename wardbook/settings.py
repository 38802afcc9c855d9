"""Everything that differs between installations, read from the environment once and refused when it makes no sense.

`docs/settings.md` lists the variables; a test keeps the two equal. What an office may change is not here but on the
office itself.
"""

import os
import sys
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from wardbook.lib import env

BASE_DIR = Path(__file__).resolve().parent.parent

environment = env.Environment(os.environ)

# --- What the environment says ------------------------------------------------------------------------------------

DATA = environment.path(
    "WARDBOOK_DATA",
    BASE_DIR / "var",
    "The folder for everything that must be kept: database, files, secret key, outbox.",
    shown="`var` beside the code",
)
PORT = environment.number("PORT", 8000, "The port the web server listens on.", low=1, high=65535)
BIND = environment.text(
    "WARDBOOK_BIND", "127.0.0.1", "The address the web server listens on; `0.0.0.0` for all networks."
)
_url = environment.web_address(
    "WARDBOOK_URL",
    f"http://localhost:{PORT}",
    "The address people type. With `https://` cookies are secure and HSTS is sent.",
    shown="`http://localhost:$PORT`",
)
DEMO = environment.flag(
    "WARDBOOK_DEMO",
    False,
    "Demo mode: example people, sign-in by one press, no mail leaves the machine. Never with real records.",
)
DEBUG = environment.flag("WARDBOOK_DEBUG", False, "Show errors with their cause. Never with real records.")
PROXIES = environment.number(
    "WARDBOOK_PROXIES",
    1 if _url.scheme == "https" else 0,
    shown="1 with `https://`, else 0",
    says="How many proxies of yours stand before the web server; their `X-Forwarded-For` and `-Proto` are believed.",
    low=0,
    high=9,
)
_database_url = environment.text(
    "DATABASE_URL",
    f"sqlite:///{DATA}/db.sqlite3",
    "The database: `sqlite:////path` or `postgresql://user:password@host:5432/name`.",
    shown="`db.sqlite3` in the data folder",
)
_smtp_url = environment.text(
    "WARDBOOK_SMTP_URL",
    "",
    "The mail server: `smtp+tls://user:password@host:587`. Empty: mail is written to `outbox` in the data folder.",
)
DEFAULT_FROM_EMAIL = environment.text(
    "WARDBOOK_MAIL_FROM",
    f"Wardbook <no-reply@{_url.hostname}>",
    "The sender of mail from the product itself.",
    shown="`no-reply` at the host of WARDBOOK_URL",
)
WEB_THREADS = environment.number(
    "WARDBOOK_WEB_THREADS", 4, "How many requests one web process answers at a time.", low=1, high=64
)
WEB_PROCESSES = environment.number(
    "WARDBOOK_WEB_PROCESSES", 1, "How many web processes; more than 1 only with PostgreSQL.", low=1, high=64
)
_log_level = environment.text("WARDBOOK_LOG_LEVEL", "INFO", "How much is logged: DEBUG, INFO, WARNING or ERROR.")
if _log_level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
    raise env.BadSetting("WARDBOOK_LOG_LEVEL", f'is "{_log_level}"', "DEBUG, INFO, WARNING or ERROR")
_given_key = environment.text(
    "WARDBOOK_SECRET_KEY",
    "",
    "The key that signs sessions, the same on every machine. Empty: made once and kept in `secret-key` in the data "
    "folder, only where the address is on this machine.",
)
_old_keys = environment.text(
    "WARDBOOK_OLD_SECRET_KEYS",
    "",
    "Keys used before, newest first, apart by spaces: what they signed or sealed still opens meanwhile.",
)
MAIL_CA_FILE = environment.text(
    "WARDBOOK_MAIL_CA_FILE",
    "",
    "A file of certificate authorities (PEM) to trust for mail servers, beside those of the system.",
)
WEBHOOK_SECRET = environment.text(
    "WARDBOOK_WEBHOOK_SECRET",
    "",
    "`name:password` that mail providers must send with their inbound webhooks. Empty: the webhooks are not there.",
)
environment.refuse_unknown("WARDBOOK_")

SITE_URL = _url.geturl()
HTTPS = _url.scheme == "https"
LOCAL = _url.hostname in ("localhost", "127.0.0.1", "::1")
if not HTTPS and not LOCAL and not DEMO:
    raise env.BadSetting("WARDBOOK_URL", f'is "{SITE_URL}"', "https:// for an address other machines can reach")

SECRET_KEY = env.secret_key(_given_key, DATA / "secret-key", may_create=LOCAL or DEMO)
SECRET_KEY_FALLBACKS = _old_keys.split()
if MAIL_CA_FILE and not Path(MAIL_CA_FILE).is_file():
    raise env.BadSetting(
        "WARDBOOK_MAIL_CA_FILE", f'is "{MAIL_CA_FILE}", which is not a file', "a file of certificates"
    )
if WEBHOOK_SECRET and len(WEBHOOK_SECRET.partition(":")[2]) < 16:
    raise env.BadSetting(
        "WARDBOOK_WEBHOOK_SECRET", "has a short password", "`name:` and at least 16 random characters"
    )

# --- Django -------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "wardbook",
    "wardbook.accounts",
    "wardbook.offices",
    "wardbook.journal",
    "wardbook.vocabulary",
    "wardbook.contacts",
    "wardbook.cases",
    "wardbook.correspondence",
    "wardbook.exchange",
    "wardbook.desk",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "lucide",
    "template_partials.apps.SimpleAppConfig",
]

MIDDLEWARE = [
    "wardbook.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wardbook.accounts.middleware.SessionLimitMiddleware",
    "wardbook.accounts.middleware.LanguageMiddleware",
    "wardbook.accounts.middleware.SecondStepMiddleware",
    "wardbook.offices.middleware.OfficeMiddleware",
    "wardbook.cases.waiting_files.WaitingFilesMiddleware",
    "wardbook.journal.middleware.OperationMiddleware",
]

ROOT_URLCONF = "wardbook.urls"
WSGI_APPLICATION = "wardbook.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "wardbook.lib.forms.Renderer"

_loaders: list[Any] = [f"django.template.loaders.{place}.Loader" for place in ("filesystem", "app_directories")]
if not DEBUG:
    _loaders = [("django.template.loaders.cached.Loader", _loaders)]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "wardbook" / "templates"],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", _loaders)],
            "libraries": {"i18n": "wardbook.lib.i18n_tags"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wardbook.offices.middleware.office",
                "wardbook.offices.context.other_offices",
                "wardbook.desk.saved_views.pinned_views",
            ],
        },
    }
]

# --- Database -----------------------------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {"default": env.database(_database_url)}
SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
if SQLITE:
    DATABASES["default"] |= {
        # A connection is kept per thread: opening one costs more than most of our queries.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # Without IMMEDIATE a transaction that reads and then writes dies with "database is locked".
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: a committed record survives a power cut (decision 0002).
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA mmap_size=268435456;"
            "PRAGMA cache_size=-16384;PRAGMA temp_store=MEMORY;PRAGMA journal_size_limit=67108864;",
        },
    }
    if WEB_PROCESSES > 1:
        raise env.BadSetting("WARDBOOK_WEB_PROCESSES", f"is {WEB_PROCESSES}", "1 with SQLite, or PostgreSQL")
else:
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 2)  # R5: nobody waits long
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}

# Shared between processes and machines: the limits on sign-in attempts are counted here.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

TASKS: dict[str, dict[str, Any]] = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- Who is there -------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["wardbook.accounts.backends.PersonBackend"]
# H11: length, not kinds of letters. The cap comes first, before anything costly is done with the text (F6).
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "wardbook.accounts.passwords.LengthCapValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "wardbook.accounts.passwords.EasyToGuessValidator"},
    {"NAME": "wardbook.offices.passwords.OfficeWordsValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
ACCOUNT_ADAPTER = "wardbook.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# People come by invitation, which proves the address; a changed address is confirmed by mail.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _url.scheme
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
# H2: guessing is slowed per account and per address, and nobody is locked out for good.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/10m/ip,5/5m/key"}

# H1: staff need a second step; the people of the demo are invented and have no telephone.
SECOND_STEP_REQUIRED = not DEMO
MFA_ADAPTER = "wardbook.accounts.adapter.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Wardbook"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# H7: wardbook.accounts.middleware ends an idle session after 30 minutes, and any session after 12 hours.
SESSION_IDLE_SECONDS = 30 * 60
SESSION_ABSOLUTE_SECONDS = 12 * 60 * 60
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
# H8: a __Host- cookie cannot be set or read by a neighbouring domain; browsers take it over https only.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "wardbook_session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "wardbook_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "wardbook.trouble.forgery"

# --- The wire -----------------------------------------------------------------------------------------------------

ALLOWED_HOSTS = [_url.hostname or "localhost"]
if LOCAL:
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_SSL_REDIRECT = HTTPS
# The health of the process is asked for from inside, past the proxy.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if HTTPS and PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = "geolocation=(self), camera=(), microphone=()"

_FROM_US = "script-src style-src connect-src form-action frame-src manifest-src worker-src font-src"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {name: [SELF] for name in _FROM_US.split()}
    | {name: [NONE] for name in ("default-src", "base-uri", "frame-ancestors")}
    | {
        "img-src": [SELF, "data:", "blob:"],
        # Strings become neither code nor the address of a script (static/js/early.js).
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default"],
        # Two ways to say it: browsers know the one or the other (wardbook/csp_reports.py).
        "report-uri": ["/reports/csp/"],
        "report-to": ["csp"],
    }
}
REPORTING_ENDPOINTS = 'csp="/reports/csp/"'

SILENCED_SYSTEM_CHECKS = [
    "templates.W003",  # our i18n stands in for Django's on purpose: wardbook/lib/i18n_tags.py
    "auth.W004",  # addresses are unique without regard to case, by a constraint this check does not read
    # These four follow from WARDBOOK_URL, which our own check speaks about.
    *(f"security.W{number}" for number in ("004", "008", "012", "016")),
    "security.W021",  # the preload list is the domain owner's to enter, and hard to leave
]

# --- Files, mail, words -------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
MEDIA_ROOT = DATA / "files"
_plain_static = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _plain_static if DEBUG else "wardbook.static_files.Storage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
UPLOAD_MAX_BYTES = 50 * 1024 * 1024

OUTBOX = DATA / "outbox"
SMTP = env.smtp(_smtp_url) if _smtp_url and not DEMO else None
if SMTP:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = SMTP.host, SMTP.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = SMTP.user, SMTP.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = SMTP.tls, SMTP.ssl
    EMAIL_TIMEOUT = 30
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(OUTBOX)

USE_TZ = True
TIME_ZONE = "Europe/London"
LANGUAGE_CODE = "en-gb"
LANGUAGES = [
    ("en-gb", _("English")),
    ("cy", _("Welsh")),
    ("ga", _("Irish")),
    ("fr", _("French")),
    ("es", _("Spanish")),
]
LANGUAGE_COOKIE_NAME = "wardbook_language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "wardbook" / "locale"]

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "wardbook.lib.logs.JsonLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": sys.stderr}},
    "root": {"handlers": ["stderr"], "level": _log_level},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # Says "deleted 0" every night and "task started" every minute.
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
    },
}
