"""Technical logs: one line to read or one JSON object, each with the id of its request, and nothing of a person.

The words of an exception may quote a row of a feed or a name. So a log line never has them: it has the kind of the
fault and its places in the program. What a library writes of a request's address is left out as well.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from openfls.service.operation import correlation

_Fault = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
PLACES = 8
"""How many of the innermost places of a fault are told."""
_WITH_ADDRESS = ("Error handling request", "Invalid request", "Exception on", "Not Found", "Bad Request")
"""How lines of the web server begin that go on with the address or a header of the request."""
_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def places(fault: _Fault) -> str:
    """The kind of a fault and where in the program it happened, the innermost place first; never its own words."""
    kind, _, trace = fault
    frames = traceback.extract_tb(trace)[-PLACES:]
    where = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{kind.__name__ if kind else 'unknown'} at {where or 'an unknown place'}"


class Discreet(logging.Filter):
    """Puts the request's id on each record, and takes away what could hold an address or a value of a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record pass."""
        record.request_id = correlation.current()
        for beginning in _WITH_ADDRESS:
            if isinstance(record.msg, str) and record.msg.startswith(beginning):
                record.msg, record.args = beginning, ()
        return True


class Line(logging.Formatter):
    """One line to read."""

    def formatException(self, ei: _Fault) -> str:
        """The kind and the places."""
        return places(ei)


class Json(JsonFormatter):
    """One JSON object a line."""

    def formatException(self, ei: Any) -> str:  # type: ignore[override]
        """The kind and the places, as one text."""
        return places(ei)


def configuration(form: str, level: str) -> dict[str, Any]:
    """The settings of Python's logging: ``form`` is line or json, ``level`` the least that is written."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"discreet": {"()": f"{__name__}.Discreet"}},
        "formatters": {
            "line": {"()": f"{__name__}.Line", "format": _FORMAT},
            "json": {
                "()": f"{__name__}.Json",
                "format": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
                "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
            },
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": form, "filters": ["discreet"]}
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own request log writes the address asked for, its database log the values of a query.
            "django.request": {"level": "CRITICAL"},
            "django.security": {"level": "ERROR"},
            "django.db.backends": {"level": "ERROR"},
            # The web server brings handlers of its own, which know nothing of discretion.
            "gunicorn.error": {"level": level, "handlers": [], "propagate": True},
            "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        },
    }
