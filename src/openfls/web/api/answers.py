"""How answers are written: FHIR's JSON, an OperationOutcome for each refusal, and faults that say nothing."""

from __future__ import annotations

import logging
import sys
import traceback
from datetime import datetime

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date

from openfls.integration.fhir.document import FHIR_JSON
from openfls.integration.fhir.outcome import Refusal, not_supported, outcome
from openfls.integration.fhir.parts import Json

_log = logging.getLogger("openfls.web")
_TAKEN = ("application/fhir+json", "application/json", "application/*", "*/*", "json")


def written(content: Json, kind: str = FHIR_JSON, status: int = 200) -> HttpResponse:
    """JSON as it leaves."""
    return HttpResponse(orjson.dumps(content), content_type=kind, status=status)


def refused(refusal: Refusal) -> HttpResponse:
    """A refusal as an OperationOutcome."""
    response = written(outcome(refusal), status=refusal.status)
    if refusal.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="openfls"'
    if refusal.retry_after:
        response["Retry-After"] = str(refusal.retry_after)
    return response


def failed(request: HttpRequest) -> HttpResponse:
    """A fault of ours. The log names the address's name, the kind of fault and its place: never a value."""
    kind, _, trace = sys.exc_info()
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[-6:]]
    match = request.resolver_match
    _log.error(
        "%s %s 500 %s at %s",
        request.method,
        match.route if match else "no route",
        kind.__name__ if kind else "?",
        " < ".join(places[::-1]),
    )
    return refused(Refusal(500, "exception", "Something went wrong here. Nothing was changed."))


def check_accepts(request: HttpRequest) -> None:
    """Raise `Refusal` where only something is taken that is not written here."""
    given = request.headers.get("Accept", "") or "*/*"
    asked = request.GET.get("_format") or ""
    kinds = [part.partition(";")[0].strip().lower() for part in given.split(",")]
    # What the query names counts more than the header.
    if asked:
        kinds = [asked.partition(";")[0].replace(" ", "+").strip().lower()]
    if not any(kind in _TAKEN for kind in kinds):
        raise not_supported("Only JSON is written here: application/fhir+json.", 406)


def with_version(request: HttpRequest, resource: Json) -> HttpResponse:
    """A resource with its version; nothing but the version where the client has it already."""
    meta = resource["meta"]
    tag = f'W/"{meta["versionId"]}"'
    known = [part.strip() for part in request.headers.get("If-None-Match", "").split(",")]
    response = HttpResponse(status=304) if tag in known or "*" in known else written(resource)
    response["ETag"] = tag
    response["Last-Modified"] = _http_date(meta["lastUpdated"])
    return response


def _http_date(moment: str) -> str:
    return http_date(datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp())
