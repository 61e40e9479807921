"""The settings of the door for Django and django-allauth, made from the options of the installation.

Knows no Django: `openfls.settings` reads it while Django is being set up.
"""

from __future__ import annotations

from typing import Any

import environ

from openfls.options import read
from openfls.record.errors import BadInput

CACHE_TABLE = "openfls_cache"
OWN_SIGN_IN = "organisation"
"""The name of the organisation's sign-in in addresses."""

OF_AN_ACCOUNT = "5/5m/key,10/1h/key,20/1d/key"
"""Wrong passwords for one account: the wait grows from five minutes to an hour to a day."""
OF_AN_ADDRESS = "30/5m/ip,200/1h/ip"
"""Wrong passwords from one address, whichever accounts it tries. A hospital's people all come from one."""


def settings(*, https: bool) -> dict[str, Any]:
    """Every setting of the door."""
    idle = read("OPENFLS_IDLE_MINUTES") * 60
    return {
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        # Several processes of the server count the tries together.
        "CACHES": {
            "default": {
                "BACKEND": "django.core.cache.backends.db.DatabaseCache",
                "LOCATION": CACHE_TABLE,
                "OPTIONS": {"MAX_ENTRIES": 20_000},
            }
        },
        "SESSION_COOKIE_AGE": idle,
        "HARD_LIMIT_SECONDS": read("OPENFLS_SESSION_HOURS") * 3600,
        "SECOND_FACTOR": read("OPENFLS_SECOND_FACTOR"),
        "SECOND_FACTOR_DAYS": read("OPENFLS_SECOND_FACTOR_DAYS"),
        "ACCOUNT_ADAPTER": "openfls.web.accounts.adapters.Door",
        "ACCOUNT_TEMPLATE_EXTENSION": "jinja",
        "ACCOUNT_LOGIN_METHODS": {"username", "email"},
        # Nobody signs up: the fields only satisfy allauth's own checks.
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "email", "password1*", "password2*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_UNIQUE_EMAIL": True,
        # One address; another takes its place when somebody has used the link that was mailed to it.
        "ACCOUNT_CHANGE_EMAIL": True,
        "ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS": 1,
        "ACCOUNT_SESSION_REMEMBER": False,
        "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": False,
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 15 * 60,
        "ACCOUNT_RATE_LIMITS": {
            "login": "60/m/ip,1000/h/ip",
            "login_failed": f"{OF_AN_ACCOUNT},{OF_AN_ADDRESS}",
            "reauthenticate": "10/m/user",
            # Each is a mail to whatever address somebody types.
            "manage_email": "10/h/user",
        },
        "ACCOUNT_FORMS": {
            "login": "openfls.web.accounts.forms.SignIn",
            "reauthenticate": "openfls.web.accounts.forms.Again",
            "change_password": "openfls.web.accounts.forms.NewPassword",
        },
        "MFA_ADAPTER": "openfls.web.accounts.adapters.Factors",
        "MFA_SUPPORTED_TYPES": ["totp", "recovery_codes", "webauthn"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_TOTP_ISSUER": "openfls",
        "MFA_TOTP_TOLERANCE": 1,
        "MFA_RECOVERY_CODES_SHOW_ONCE": True,
        # An address is known from the manager's invitation: there is nothing to verify before a factor is added.
        "MFA_ALLOW_UNVERIFIED_EMAIL": True,
        # Browsers make passkeys over HTTPS, and on this machine over plain HTTP for trying out.
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not https,
        "MFA_FORMS": {
            "authenticate": "openfls.web.accounts.forms.Code",
            "reauthenticate": "openfls.web.accounts.forms.CodeAgain",
            "activate_totp": "openfls.web.accounts.forms.FirstCode",
            "add_webauthn": "openfls.web.accounts.forms.NewPasskey",
        },
        "SOCIALACCOUNT_ADAPTER": "openfls.web.accounts.adapters.Organisation",
        "SOCIALACCOUNT_STORE_TOKENS": False,
        "SOCIALACCOUNT_AUTO_SIGNUP": False,
        "SOCIALACCOUNT_PROVIDERS": _organisation(),
        "USERSESSIONS_TRACK_ACTIVITY": False,
        "DEFAULT_FROM_EMAIL": read("OPENFLS_MAIL_FROM"),
        **_mail(),
    }


def _mail() -> dict[str, Any]:
    """The mail server; none where none is named: nothing is sent then."""
    address = read("OPENFLS_MAIL")
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend", "MAILS": False}
    return {**environ.Env.email_url_config(address), "MAILS": True, "EMAIL_TIMEOUT": 10}


def _organisation() -> dict[str, Any]:
    """The one OpenID Connect provider; none where no server is named.

    Raises:
        BadInput: it is not reached over HTTPS, or something about it is missing.
    """
    server = read("OPENFLS_OIDC_SERVER")
    if not server:
        return {}
    # What it says of somebody is believed because of the TLS between us.
    if not server.startswith("https://"):
        raise BadInput(f"OPENFLS_OIDC_SERVER is “{server}”; write an address that begins with https://")
    for name in ("OPENFLS_OIDC_CLIENT", "OPENFLS_OIDC_SECRET"):
        if not read(name):
            raise BadInput(f"{name} is missing: OPENFLS_OIDC_SERVER needs it")
    return {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": OWN_SIGN_IN,
                    "name": read("OPENFLS_OIDC_NAME"),
                    "client_id": read("OPENFLS_OIDC_CLIENT"),
                    "secret": read("OPENFLS_OIDC_SECRET"),
                    "settings": {"server_url": server},
                }
            ],
        }
    }
