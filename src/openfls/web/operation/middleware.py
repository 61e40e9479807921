"""The outermost middleware: gives every request its id, measures it, and writes its one line.

The line has the method, the name of the page, the status and the time: no address, no query, no user.
"""

from __future__ import annotations

import logging
import time

from django.http import HttpRequest, HttpResponse

from openfls.service.operation import correlation
from openfls.web.middleware import Handler
from openfls.web.operation import numbers

_log = logging.getLogger("openfls.access")
NO_PAGE = "none"
"""The name for an address that is no page: a style sheet, or nothing that exists."""


class Observed:
    """Set ``request.request_id``, answer with it, count and log the request."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = correlation.accepted(request.headers.get("X-Request-ID"))
        began = time.perf_counter()
        with correlation.within(request.request_id):
            response = self._get_response(request)
            took = time.perf_counter() - began
            page = request.resolver_match.view_name if request.resolver_match else ""
            numbers.count(request.method or "", page or NO_PAGE, response.status_code, took)
            _log.info(
                "request",
                extra={
                    "method": numbers.method_of(request.method or ""),
                    "page": page or NO_PAGE,
                    "status": response.status_code,
                    "ms": round(1000 * took),
                },
            )
        response.headers["X-Request-ID"] = request.request_id
        return response
