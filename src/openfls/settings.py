"""Settings of an installation. Each is an environment variable with a default that suits one laptop.

OPENFLS_DATA        folder for the embedded database and the secret key (default: ./var)
OPENFLS_DATABASE    database address, e.g. postgres://user:password@host/name (default: SQLite in OPENFLS_DATA)
OPENFLS_SECRET_KEY  signing key (default: made once, kept in OPENFLS_DATA)
OPENFLS_HOSTS       names the server answers to, comma separated (default: localhost only)
OPENFLS_UPLOAD_MB   the largest file that a page takes, in megabytes (default: 20)
OPENFLS_HTTPS       1 where the server is reached over HTTPS: cookies are then sent over nothing else
OPENFLS_PROXY       1 where a proxy on this machine ends the HTTPS and says so in X-Forwarded-Proto, a header that it
                    sets itself and takes from no browser. Forms are then taken from https:// at OPENFLS_HOSTS.
OPENFLS_URL         address at which others reach the server, for links in what is sent to them (default: none)
OPENFLS_API_A_MINUTE  requests a minute that each connected system may make (default: 120)
OPENFLS_WEBHOOK_HOSTS  names inside a private network that may be told of events, comma separated (default: none)
"""

from __future__ import annotations

import os
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from openfls.service.secret import secret_key

env = environ.Env()

DATA = Path(env.str("OPENFLS_DATA", default="var")).resolve()
PACKAGE = Path(__file__).resolve().parent

SECRET_KEY = env.str("OPENFLS_SECRET_KEY", default="") or secret_key(DATA)
DEBUG = False
ALLOWED_HOSTS = env.list("OPENFLS_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
HTTPS = env.bool("OPENFLS_HTTPS", default=False)
PROXY = env.bool("OPENFLS_PROXY", default=False)

OWN_URL = env.str("OPENFLS_URL", default="").rstrip("/")
API_A_MINUTE = env.int("OPENFLS_API_A_MINUTE", default=120)
WEBHOOK_HOSTS = frozenset(host.lower() for host in env.list("OPENFLS_WEBHOOK_HOSTS", default=[]))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "openfls.service",
    "openfls.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "openfls.web.middleware.PrivatePages",
    "openfls.web.middleware.CurrentService",
]

ROOT_URLCONF = "openfls.web.urls"
WSGI_APPLICATION = "openfls.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "openfls.web.environment.environment"},
    },
]

DATABASES = {"default": env.db_url("OPENFLS_DATABASE", default=f"sqlite:///{DATA / 'openfls.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A write takes its lock when it begins, so that two people who save at once wait instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "service.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

CSRF_FAILURE_VIEW = "openfls.web.errors.form_too_old"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

# An idle session ends after half an hour: a ward computer is shared.
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# What a page says names people: it waits in the session on the server, never in a browser's cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
# Without a proxy anybody could send the header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY else None
CSRF_TRUSTED_ORIGINS = (
    [f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS] if PROXY else []
)
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_BYTES = env.int("OPENFLS_UPLOAD_MB", default=20) * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["openfls.web.uploading.BoundedUpload"]

# Technical logs hold the method, the route's name and the status; never a path, a query or anything of a person.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("OPENFLS_LOG_LEVEL", "WARNING")},
    # Django's own request log writes the address asked for.
    "loggers": {"django.request": {"level": "CRITICAL"}, "django.security": {"level": "ERROR"}},
}
