"""The forms of the door, in the words and the fields of the NHS pages; what they check is allauth's and Django's."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from openfls.service.models import User
from openfls.web.forms.fields import Line

RULE = (
    "At least 12 characters. Three words that have nothing to do with each other are easy to keep in mind. "
    "Words that many people use are refused. It never has to be changed for its age."
)


def _as(field: Any, shown: str, label: str, required: str, autocomplete: str, hint: str = "") -> None:
    """Show a field of allauth's as one of ours."""
    field.shown_as, field.autocomplete, field.width = shown, autocomplete, "nhsuk-input--width-20"
    field.label, field.help_text = label, hint
    field.error_messages = {**field.error_messages, "required": required}


class SignIn(LoginForm):  # type: ignore[misc]
    """User name or e-mail address, and password; the error does not say which of them was wrong."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        _as(
            self.fields["login"],
            "text",
            "User name or e-mail address",
            "Enter your user name",
            "username webauthn",
        )
        _as(self.fields["password"], "password", "Password", "Enter your password", "current-password")

    def add_prefix(self, field_name: str) -> str:
        """The field is called what it always was, so that a kept password still finds it."""
        return "username" if field_name == "login" else super().add_prefix(field_name)


class Again(ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        _as(self.fields["password"], "password", "Your password", "Enter your password", "current-password")


class NewPassword(ChangePasswordForm):  # type: ignore[misc]
    """The password that one has, and the new one; to see what one types is left to the browser."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        del self.fields["password2"]
        _as(
            self.fields["oldpassword"],
            "password",
            "The password that you have now",
            "Enter the password that you have now",
            "current-password",
        )
        _as(
            self.fields["password1"],
            "password",
            "New password",
            "Enter the new password",
            "new-password",
            RULE,
        )


def _code(form: Any, label: str = "Code", hint: str = "Six digits, or one of your recovery codes") -> None:
    _as(form.fields["code"], "text", label, "Enter the code", "one-time-code", hint)
    form.fields["code"].width = "nhsuk-input--width-10"


def _is_spent(user: User, code: str) -> bool:
    """Whether the code was used before; now it was. It counts once for as long as it is good: a step before and a step
    after its own half minute."""
    key = salted_hmac("openfls.code", f"{user.pk} {''.join(code.split())}").hexdigest()
    lasts = (1 + 2 * settings.MFA_TOTP_TOLERANCE) * app_settings.TOTP_PERIOD
    return not cache.add(f"code-{key}", True, lasts)


class _Once:
    """A code that counts once."""

    user: User

    def clean_code(self) -> str:
        """As allauth checks it, which remembers a code for half a minute alone."""
        code: str = super().clean_code()  # type: ignore[misc]
        if _is_spent(self.user, code):
            self._emit_authentication_failed(self.authenticator)  # type: ignore[attr-defined]
            raise get_adapter().validation_error("incorrect_code")
        return code


class Code(_Once, mfa.AuthenticateForm):  # type: ignore[misc]
    """A code at the door."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        _code(self)


class CodeAgain(_Once, mfa.ReauthenticateForm):  # type: ignore[misc]
    """A code once more."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        _code(self)


class FirstCode(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        _code(self, "Code that the app shows", "Six digits")

    def clean_code(self) -> str:
        """It sets the app up, and opens nothing afterwards."""
        code: str = super().clean_code()
        if _is_spent(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class NewPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey and what its owner calls it."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        _as(
            self.fields["name"],
            "text",
            "What you call it",
            "Enter a name",
            "off",
            "For example, Phone or Blue key",
        )


class Joining(forms.Form):
    """Whoever follows an invitation chooses a user name and a password."""

    username = Line(
        label="User name",
        max_length=150,
        help_text="Letters, digits and . _ - for example, ada.example",
        error_messages={"required": "Enter a user name"},
    )
    password = Line(
        label="Password",
        strip=False,
        max_length=500,
        help_text=RULE,
        error_messages={"required": "Enter a password"},
    )
    username.autocomplete, username.width = "username", "nhsuk-input--width-20"
    password.autocomplete, password.shown_as, password.width = (
        "new-password",
        "password",
        "nhsuk-input--width-20",
    )

    def __init__(self, data: Any = None, *, user: User, new_user: bool, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self._user = user
        if not new_user:
            del self.fields["username"]

    def clean_username(self) -> str:
        """A name that is none of somebody else's."""
        name = str(self.cleaned_data["username"]).strip()
        try:
            self._user.username = User._meta.get_field("username").clean(name, self._user)
        except forms.ValidationError as error:
            raise forms.ValidationError("Use letters, digits and . _ - @ + alone, without a space") from error
        if User.objects.filter(username__iexact=name).exists() or User.objects.filter(email__iexact=name):
            raise forms.ValidationError(
                "Somebody has this user name already. If that is you, sign in first, and open this link again; "
                "if not, choose another"
            )
        return name

    def clean_password(self) -> str:
        """Long enough, and none that many people use."""
        password = str(self.cleaned_data["password"])
        if self._user.pk and self._user.check_password(password):
            raise forms.ValidationError("This is the password that you had: choose another")
        validate_password(password, self._user)
        return password
