"""Settings of an installation, for Django. Each of them is an `openfls.options` option: read that table first."""

from __future__ import annotations

from pathlib import Path

import environ
from csp.constants import NONE, SELF

from openfls.options import read
from openfls.service.access import door
from openfls.service.operation import logs
from openfls.service.secret import given_key, secret_key

env = environ.Env()

DATA = Path(read("OPENFLS_DATA")).resolve()
PACKAGE = Path(__file__).resolve().parent

SECRET_KEY = given_key(read("OPENFLS_SECRET_KEY"), read("OPENFLS_SECRET_KEY_FILE")) or secret_key(DATA)
DEBUG = False
HOSTS = read("OPENFLS_HOSTS")
# A probe of this machine asks for it by its number.
ALLOWED_HOSTS = [*HOSTS, *(own for own in ("127.0.0.1", "localhost", "[::1]") if own not in HOSTS)]
HTTPS = read("OPENFLS_HTTPS")
PROXY = read("OPENFLS_PROXY")

OWN_URL = read("OPENFLS_URL").rstrip("/")
API_A_MINUTE = read("OPENFLS_API_A_MINUTE")
PRACTICE_DAYS = read("OPENFLS_PRACTICE_DAYS")
PASSED_OVER_DAYS = read("OPENFLS_PASSED_OVER_DAYS")
MESSAGE_DAYS = read("OPENFLS_MESSAGE_DAYS")
WEBHOOK_HOSTS = frozenset(host.lower() for host in read("OPENFLS_WEBHOOK_HOSTS"))
OUTBOX_DAYS = read("OPENFLS_OUTBOX_DAYS")
BACKGROUND = read("OPENFLS_BACKGROUND")
METRICS_TOKEN = read("OPENFLS_METRICS_TOKEN")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "openfls.service",
    "openfls.web",
]

MIDDLEWARE = [
    "openfls.web.operation.middleware.Observed",
    "django.middleware.security.SecurityMiddleware",
    "openfls.web.api.door.HttpsAlone",
    # Before the style sheets are served: every answer says what a browser may do with it.
    "csp.middleware.CSPMiddleware",
    "openfls.web.middleware.BrowserRules",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Around everything that follows: a redirect's address holds a key too.
    "openfls.web.middleware.PrivatePages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "openfls.web.accounts.middleware.HardLimit",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "openfls.web.middleware.CurrentService",
]

ROOT_URLCONF = "openfls.web.urls"
WSGI_APPLICATION = "openfls.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "openfls.web.environment.environment",
            "context_processors": ["openfls.web.accounts.held.with_who_fills"],
        },
    },
]

DATABASES = {
    "default": env.db_url_config(read("OPENFLS_DATABASE") or f"sqlite:///{DATA / 'openfls.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A write takes its lock when it begins, so that two people who save at once wait instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    # A thread keeps its connection for the next request; one that the database has dropped is opened anew.
    DATABASES["default"] |= {"CONN_MAX_AGE": read("OPENFLS_CONNECTION_SECONDS"), "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "service.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "openfls.service.access.passwords.OwnWords"},
]

# Among them the cache: it is in the database, since what one process counts of sign-ins the others must know.
globals().update(door.settings(https=HTTPS))

CSRF_FAILURE_VIEW = "openfls.web.errors.form_too_old"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False

SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# What a page says names people: it waits in the session on the server, never in a browser's cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
if HTTPS:
    # A browser takes a cookie of such a name from this very host alone, never from a neighbour under the same domain.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
# A probe of this machine asks without the proxy; another system that forgot the HTTPS is told so, not led on.
SECURE_REDIRECT_EXEMPT = [r"^health/(live|ready)$", r"^metrics$", r"^(fhir|oauth2|cds-services)(/|$)"]
# Without a proxy anybody could send the header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY else None
CSRF_TRUSTED_ORIGINS = (
    [f"https://{'*' if host.startswith('.') else ''}{host}" for host in HOSTS] if PROXY else []
)
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
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
UPLOAD_BYTES = read("OPENFLS_UPLOAD_MB") * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["openfls.web.uploading.BoundedUpload"]

# Technical logs hold the method, the route's name and the status; never a path, a query or anything of a person.
LOGGING = logs.configuration(read("OPENFLS_LOG_FORMAT"), read("OPENFLS_LOG_LEVEL"))
