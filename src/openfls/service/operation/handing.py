"""Handing work over to workers, where an installation has them; asked by the threads that would do it otherwise."""

from __future__ import annotations

from django.conf import settings


def handed_over() -> bool:
    """Post what waits, if it is left to workers; whether it is."""
    if settings.BACKGROUND != "worker":
        return False
    from openfls.service.operation.kinds import look_for_work  # which knows all who ask

    look_for_work(given_up_too=True)
    return True
