"""The FHIR R4 read API: one resource by its id, searches by address and by form, and what this server does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import register_converter, reverse
from django.urls.converters import PathConverter
from ninja import Router

from openfls import __version__
from openfls.integration.fhir.bundle import searchset
from openfls.integration.fhir.capability import capability
from openfls.integration.fhir.document import PDF, binary
from openfls.integration.fhir.outcome import Refusal, invalid, not_found, not_supported
from openfls.integration.fhir.parameters import PARAMETERS, READ_ONLY
from openfls.integration.fhir.parts import Json, finished
from openfls.integration.fhir.searching import read_search
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.models import Letter, Person
from openfls.service.sharing.gathering import approved
from openfls.service.sharing.letters import check_may_leave, document_of, pdf_of
from openfls.service.sharing.people import looked
from openfls.service.sharing.reading import person_behind, resource_of, search_page
from openfls.service.sharing.scopes import SCOPES, scope_for
from openfls.web.api import described
from openfls.web.api.answers import check_accepts, with_version, written
from openfls.web.api.door import ClientRequest, bearer, check_scope

BASE = "fhir/R4"
DATED = "2026-11-22"
_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 100
router = Router(tags=["FHIR"])


def base_of(request: HttpRequest) -> str:
    """The address of the server as this client reaches it."""
    return request.build_absolute_uri(f"/{BASE}")


@router.get("/metadata", summary="What this server does (CapabilityStatement)")
def metadata(request: HttpRequest) -> HttpResponse:
    """Open to everybody: it says nothing of anybody."""
    check_accepts(request)
    token_url = request.build_absolute_uri(reverse("api:token"))
    return written(capability(base=base_of(request), version=__version__, dated=DATED, token_url=token_url))


@router.get("/.well-known/smart-configuration", summary="Where to get a token, and the scopes")
def smart_configuration(request: HttpRequest) -> HttpResponse:
    """Open to everybody."""
    said: Json = {
        "token_endpoint": request.build_absolute_uri(reverse("api:token")),
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "scopes_supported": [scope for scope, _ in SCOPES],
        "capabilities": ["permission-v1"],
    }
    return written(said, "application/json")


def _read(request: ClientRequest, kind: str, key: str) -> HttpResponse:
    check_accepts(request)
    check_scope(request.auth, scope_for(kind))
    if any(name != "_format" for name in request.GET):
        raise not_supported("Reading one resource takes no parameters but _format.")
    resource, person = resource_of(request.auth.service, kind, key)
    looked(request.auth, "api.read", [person], subject=f"{kind}/{key}")
    return with_version(request, resource)


def _search(request: ClientRequest, kind: str, given: QueryDict, *, in_address: bool) -> HttpResponse:
    check_accepts(request)
    check_scope(request.auth, scope_for(kind))
    pairs = [(name, value) for name, values in given.lists() for value in values]
    if len(pairs) > _MOST_FIELDS:
        raise invalid(f"More than {_MOST_FIELDS} parameters.")
    search = read_search(kind, pairs, in_address=in_address)
    if search.include_patient:
        check_scope(request.auth, scope_for("Patient"))
    page = search_page(request.auth.service, search)
    named = sorted({name for name, _ in pairs})
    looked(request.auth, "api.search", page.people, subject=kind, found=len(page.found), parameters=named)
    is_all = not page.following and not search.cursor
    return written(
        searchset(
            search,
            page.found,
            page.included,
            base=base_of(request),
            at=clock.now(),
            following=page.following,
            is_all=is_all,
        )
    )


def _search_by_form(request: ClientRequest, kind: str) -> HttpResponse:
    """The form alone counts: what stands in the address is kept in logs."""
    if (request.content_type or _FORM) != _FORM:
        raise not_supported(f"A search by POST is a form: {_FORM}.", 415)
    if any(name != "_format" for name in request.GET):
        raise not_supported("Of a search by POST everything stands in the form.")
    return _search(request, kind, request.POST, in_address=False)


def _letter(request: ClientRequest, kind: str, key: str) -> tuple[Letter, Person]:
    check_scope(request.auth, scope_for(kind))
    if any(name != "_format" for name in request.GET):
        raise not_supported("Reading one resource takes no parameters but _format.")
    person = person_behind(request.auth.service, "DocumentReference", key)
    letters = Letter.objects.select_related("person__service", "replaced_by", "approved_by")
    letter = letters.filter(service=request.auth.service, pk=UUID(key)).first()
    try:
        if letter is None:
            raise not_found()
        check_may_leave(letter)
    except NotPossible:
        raise not_found() from None
    looked(request.auth, "api.read", [person], subject=f"{kind}/{key}")
    return letter, person


def _binary(request: ClientRequest, key: str) -> HttpResponse:
    """The PDF of a letter: as a file, or as a resource for those who ask for FHIR."""
    wanted = [part.partition(";")[0].strip().lower() for part in request.headers.get("Accept", "").split(",")]
    as_resource = wanted[0] in ("application/fhir+json", "application/json") or bool(
        request.GET.get("_format")
    )
    if as_resource:
        check_accepts(request)
    elif not {"", "*/*", PDF, "application/*"} & set(wanted):
        raise not_supported(f"A letter is written as {PDF} or application/fhir+json.", 406)
    letter, _ = _letter(request, "Binary", key)
    pdf = pdf_of(letter)
    if as_resource:
        return written(finished(binary(approved(letter), pdf), letter.approved_at))
    response = HttpResponse(pdf, content_type=PDF)
    response["Content-Disposition"] = 'attachment; filename="letter.pdf"'
    return response


def _bundle(request: ClientRequest, key: str) -> HttpResponse:
    """The letter as a FHIR document."""
    check_accepts(request)
    letter, _ = _letter(request, "Bundle", key)
    return with_version(request, document_of(letter))


_WRITING = ["POST", "PUT", "PATCH", "DELETE"]


def _never(request: ClientRequest, **_: str) -> HttpResponse:
    raise not_supported("This server is read only.", 405)


def _add(kind: str) -> None:
    """The addresses of one kind of resource."""

    def read_one(request: ClientRequest, key: str) -> HttpResponse:
        return _read(request, kind, key)

    def search(request: ClientRequest) -> HttpResponse:
        return _search(request, kind, request.GET, in_address=True)

    def search_by_form(request: ClientRequest) -> HttpResponse:
        return _search_by_form(request, kind)

    def not_by_get(request: ClientRequest) -> HttpResponse:
        raise not_supported("Send the search as a form, by POST.", 405)

    _route(f"/{kind}/_search", ["POST"], search_by_form, described.search_by_form(kind))
    _route(f"/{kind}/_search", ["GET", "HEAD", "PUT", "PATCH", "DELETE"], not_by_get)
    _route(f"/{kind}", ["GET"], search, described.search(kind))
    _route(f"/{kind}", ["HEAD"], search)
    _route(f"/{kind}", _WRITING, _never)
    _add_reading(kind, read_one, described.read(kind))


def _add_reading(kind: str, view: Callable[..., HttpResponse], words: dict[str, Any]) -> None:
    _route(f"/{kind}/{{key}}", ["GET"], view, words)
    _route(f"/{kind}/{{key}}", ["HEAD"], view)

    def never(request: ClientRequest, key: str) -> HttpResponse:
        return _never(request)

    _route(f"/{kind}/{{key}}", _WRITING, never)


def _route(
    path: str, methods: list[str], view: Callable[..., HttpResponse], words: dict[str, Any] | None = None
) -> None:
    given = dict(words or {})
    name = f"{path.strip('/').replace('/', '-').replace('{key}', 'one')}-{methods[0].lower()}"
    router.api_operation(
        methods,
        path,
        auth=bearer,
        summary=given.pop("summary", None),
        tags=given.pop("tags", None),
        operation_id=name,
        include_in_schema=words is not None,
        openapi_extra=given or None,
    )(view)


def _never_here(request: HttpRequest) -> HttpResponse:
    raise not_supported("This server is read only.", 405)


for _open, _view in (("/metadata", metadata), ("/.well-known/smart-configuration", smart_configuration)):
    router.api_operation(["HEAD"], _open, include_in_schema=False)(_view)
    router.api_operation(_WRITING, _open, include_in_schema=False)(_never_here)
for _kind in PARAMETERS:
    _add(_kind)
_add_reading("Binary", _binary, described.read("Binary", good="The PDF of a letter", media=PDF))
_add_reading("Bundle", _bundle, described.read("Bundle", good="The letter as a FHIR document"))
assert set(READ_ONLY) == {"Binary", "Bundle"}


class _AnyRest(PathConverter):
    """Whatever follows, with line breaks, which `path` leaves to the pages of the app to refuse."""

    regex = "(?s:.+)"


register_converter(_AnyRest, "any_rest")


def _nothing(request: ClientRequest, rest: str) -> HttpResponse:
    """Any other address below this server."""
    raise Refusal(404, "not-supported", "There is no such address here; see /metadata.")


def _nothing_here(request: ClientRequest) -> HttpResponse:
    return _nothing(request, "")


_ANY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
router.api_operation(_ANY, "", auth=bearer, include_in_schema=False)(_nothing_here)
router.api_operation(_ANY, "/", auth=bearer, include_in_schema=False)(_nothing_here)
router.api_operation(_ANY, "/{any_rest:rest}", auth=bearer, include_in_schema=False)(_nothing)
