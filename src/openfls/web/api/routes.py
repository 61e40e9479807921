"""Every address for other systems, in one API with one OpenAPI document."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from openfls import __version__
from openfls.integration.fhir.outcome import Refusal, invalid, not_found
from openfls.web.api import fhir, hooks, tokens
from openfls.web.api.answers import failed, refused
from openfls.web.api.described import SCHEMAS


class _Api(NinjaAPI):
    """With the shapes that the addresses name."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """The OpenAPI document."""
        schema = super().get_openapi_schema(**options)
        schema.setdefault("components", {}).setdefault("schemas", {}).update(SCHEMAS)
        schema["components"].setdefault("securitySchemes", {})["token"] = {
            "type": "oauth2",
            "flows": {"clientCredentials": {"tokenUrl": "/oauth2/token", "scopes": {}}},
        }
        return schema


api = _Api(
    title="openfls for other systems",
    version=__version__,
    description="FHIR R4 on UK Core profiles, read only; tokens; CDS Hooks.",
    urls_namespace="api",
    openapi_url=f"/{fhir.BASE}/openapi.json",
    docs_url=None,
)
api.add_router("/oauth2", tokens.router)
api.add_router("/cds-services", hooks.router)
api.add_router(f"/{fhir.BASE}", fhir.router)


@api.exception_handler(Refusal)
def _refused(_: HttpRequest, refusal: Refusal) -> HttpResponse:
    return refused(refusal)


@api.exception_handler(Http404)
def _not_found(_: HttpRequest, error: Http404) -> HttpResponse:
    return refused(not_found())


@api.exception_handler(RequestDataTooBig)
def _too_big(_: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return refused(Refusal(413, "too-long", "What was sent is too long."))


@api.exception_handler(SuspiciousOperation)
@api.exception_handler(BadRequest)
@api.exception_handler(MultiPartParserError)
@api.exception_handler(UnreadablePostError)
def _not_readable(_: HttpRequest, error: Exception) -> HttpResponse:
    return refused(invalid("What was sent cannot be read."))


@api.exception_handler(ValidationError)
def _not_valid(_: HttpRequest, error: ValidationError) -> HttpResponse:
    return refused(invalid("The address is not understood."))


@api.exception_handler(HttpError)
def _http_error(_: HttpRequest, error: HttpError) -> HttpResponse:
    return refused(Refusal(error.status_code, "invalid", "The request is not understood."))


@api.exception_handler(Exception)
def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    return failed(request)
