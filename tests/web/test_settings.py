"""The settings of an installation behind a proxy."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

import openfls

SETTINGS = Path(openfls.__file__).parent / "settings.py"


def settings_with(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict:
    """The settings as they are made of these variables."""
    for name in ("OPENFLS_HTTPS", "OPENFLS_PROXY", "OPENFLS_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(SETTINGS))


def test_a_proxy_is_believed_about_https_and_its_names_may_send_forms(monkeypatch) -> None:
    made = settings_with(
        monkeypatch, OPENFLS_HTTPS="1", OPENFLS_PROXY="1", OPENFLS_HOSTS="fls.example,.trust.example"
    )
    assert made["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert made["CSRF_TRUSTED_ORIGINS"] == ["https://fls.example", "https://*.trust.example"]


def test_without_a_proxy_no_header_is_believed(monkeypatch) -> None:
    made = settings_with(monkeypatch, OPENFLS_HTTPS="1", OPENFLS_HOSTS="fls.example")
    assert made.get("SECURE_PROXY_SSL_HEADER") is None
    assert made.get("CSRF_TRUSTED_ORIGINS", []) == []


@pytest.mark.django_db
def test_a_form_behind_the_proxy_is_taken_and_not_sent_round_in_circles(
    monkeypatch, settings, nurse, client
) -> None:
    made = settings_with(monkeypatch, OPENFLS_HTTPS="1", OPENFLS_PROXY="1", OPENFLS_HOSTS="fls.example")
    for name in (
        *("SECURE_SSL_REDIRECT", "ALLOWED_HOSTS"),
        *("SECURE_PROXY_SSL_HEADER", "CSRF_TRUSTED_ORIGINS"),
    ):
        setattr(settings, name, made.get(name, getattr(settings, name)))
    answer = client.get("/", HTTP_HOST="fls.example", HTTP_X_FORWARDED_PROTO="https")
    assert answer.status_code == 200
