"""Django's registration of the service."""

from __future__ import annotations

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    """What is kept, and who did it."""

    name = "openfls.service"
    label = "service"
    verbose_name = "Fracture liaison service"
