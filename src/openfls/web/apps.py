"""Django's registration of the pages."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages."""

    name = "openfls.web"
    label = "web"

    def ready(self) -> None:
        """Listen at the door."""
        from openfls.web import doors
        from openfls.web.accounts import heard

        doors.listen()
        heard.listen()
