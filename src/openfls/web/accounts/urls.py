"""The addresses of the door and of who gets in. Those of a service have their rule in the table; the others are the
door itself, and one's own account, for which it is enough to be signed in."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.views import LogoutView
from django.urls import path

from openfls.service.roles import May
from openfls.web.accounts import (
    address,
    emergency,
    emergency_judging,
    forgotten,
    joining,
    own,
    people,
    signing_in,
)
from openfls.web.guard import Route

_FORM = ("GET", "POST")

ACCESS: tuple[Route, ...] = (
    Route("roles/", people.roles, "roles", May.PRACTISE),
    Route("access/", people.listed, "access", May.GIVE_ACCESS),
    Route("access/invite/", people.invite, "access-invite", May.GIVE_ACCESS, _FORM),
    Route("access/review/", people.review, "access-review", May.GIVE_ACCESS, _FORM),
    Route("access/rules/", people.set_rules, "access-rules", May.GIVE_ACCESS, _FORM),
    Route("access/<int:pk>/", people.member, "access-member", May.GIVE_ACCESS, _FORM),
    Route(
        "access/invitations/<int:pk>/withdraw/",
        people.withdraw,
        "access-withdraw",
        May.GIVE_ACCESS,
        ("POST",),
    ),
    Route("access/emergencies/", emergency_judging.listed, "emergencies", May.GIVE_ACCESS),
    Route(
        "access/emergencies/<uuid:pk>/", emergency_judging.judge, "emergency-judge", May.GIVE_ACCESS, _FORM
    ),
    Route("emergency/", emergency.ask, "emergency", May.OPEN_IN_EMERGENCY, _FORM),
    Route("emergency/<uuid:pk>/", emergency.record, "emergency-record", May.OPEN_IN_EMERGENCY, _FORM),
)

DOOR = (
    path("sign-in/", signing_in.SignIn.as_view(), name="sign-in"),
    path("sign-in/", signing_in.SignIn.as_view(), name="account_login"),
    path("sign-in/forgotten/", forgotten.ask, name="forgotten"),
    path("sign-in/code/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/closed/", signing_in.closed, name="account_inactive"),
    path("sign-in/none/", signing_in.no_sign_up, name="account_signup"),
    path("sign-in/not-known/", signing_in.not_known, name="sign-in-not-known"),
    path("sign-in/not-done/", signing_in.not_done, name="sign-in-not-done"),
    path("sign-in/no-answer/", signing_in.silent, name="sign-in-no-answer"),
    path("sign-in/organisation/", signing_in.organisation, name="sign-in-organisation"),
    path("sign-in/<slug:provider_id>/back/", signing_in.organisation_back, name="openid_connect_callback"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("sign-out/", LogoutView.as_view(), name="account_logout"),
    path("invitation/<str:secret>/", joining.show, name="invitation"),
    path("address/<str:key>/", address.Confirm.as_view(), name="account_confirm_email"),
)
"""For everybody."""

OWN = (
    path("account/", own.show, name="own-account"),
    path("account/", own.show, name="mfa_index"),
    path("account/", own.show, name="mfa_list_webauthn"),
    path("account/", own.show, name="account_set_password"),
    path("account/address/", address.own, name="account_email"),
    path("account/stay/", own.stay, name="stay"),
    path("account/sign-out-everywhere/", own.sign_out_everywhere, name="sign-out-everywhere"),
    path("account/password/", own.NewPassword.as_view(), name="account_change_password"),
    path("account/again/", account.reauthenticate, name="account_reauthenticate"),
    path("account/again/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/again/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
)
"""For who is signed in, whatever her role is."""
