"""The form of the door."""

from __future__ import annotations

from django.contrib.auth.forms import AuthenticationForm

from openfls.web.forms.fields import Line


class SignInForm(AuthenticationForm):
    """User name and password; the error does not say which of them was wrong."""

    username = Line(label="User name", error_messages={"required": "Enter your user name"})
    password = Line(label="Password", strip=False, error_messages={"required": "Enter your password"})
    username.autocomplete = "username"
    password.autocomplete = "current-password"
    password.shown_as = "password"
    error_messages = {  # noqa: RUF012 - Django's own shape
        "invalid_login": "The user name or the password is not right",
        "inactive": "This account is closed",
    }
