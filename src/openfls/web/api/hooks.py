"""CDS Hooks: which service there is, and its cards. Nothing is said of people whom the service does not know."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router

from openfls.integration.fhir.cards import SERVICE_ID, services, shown_patient
from openfls.integration.fhir.outcome import Refusal, invalid
from openfls.service.sharing.cards import cards_for
from openfls.service.sharing.people import looked
from openfls.service.sharing.scopes import CARDS
from openfls.web.api import described
from openfls.web.api.answers import written
from openfls.web.api.door import ClientRequest, bearer, check_scope

JSON = "application/json"
router = Router(tags=["CDS Hooks"])
_WORDS = described.hook()


@router.get("", summary="Which services there are", operation_id="cds-services")
def discovery(request: HttpRequest) -> HttpResponse:
    """Open to everybody."""
    return written(services(), JSON)


@router.post(
    f"/{SERVICE_ID}",
    auth=bearer,
    operation_id="cds-patient-view",
    summary=_WORDS.pop("summary"),
    tags=_WORDS.pop("tags"),
    openapi_extra=_WORDS,
)
def patient_view(request: ClientRequest) -> HttpResponse:
    """The cards about the person whose record is open elsewhere."""
    check_scope(request.auth, CARDS)
    asked = _asked(request)
    shown = shown_patient(asked.get("prefetch"))
    if shown is None:
        raise Refusal(412, "required", "The prefetch has no Patient under the key “patient”.")
    found = cards_for(
        request.auth.service, shown, lambda key: request.build_absolute_uri(reverse("person", args=[key]))
    )
    people = [found.person] if found.person is not None else []
    looked(request.auth, "api.card", people, subject=SERVICE_ID, cards=len(found.cards))
    return written({"cards": found.cards}, JSON)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """The call, as CDS Hooks wants it."""
    try:
        asked = json.loads(request.body)
    except (ValueError, RecursionError):
        raise invalid("The call is not JSON.") from None
    if not isinstance(asked, dict) or asked.get("hook") != "patient-view":
        raise invalid("The hook is patient-view.")
    try:
        uuid.UUID(str(asked.get("hookInstance")))
    except ValueError:
        raise invalid("hookInstance is a UUID.") from None
    if not isinstance(asked.get("context"), dict):
        raise invalid("context is lacking.")
    return asked
