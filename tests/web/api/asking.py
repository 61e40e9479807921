"""A client of the read API, as another system is one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.test import Client

FHIR = "/fhir/R4"


class Asking:
    """Asks with one token; answers as JSON."""

    def __init__(self, token: str = "") -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **headers: str):
        """One GET below the FHIR server."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(f"{FHIR}/{path}", headers={**self.headers, **named})

    def post(self, path: str, data: dict[str, Any]):
        """A form sent by POST."""
        form = "application/x-www-form-urlencoded"
        return self.client.post(
            f"{FHIR}/{path}", urlencode(data, doseq=True), content_type=form, headers=self.headers
        )

    def found(self, path: str) -> list[dict[str, Any]]:
        """The resources of a search, and that it worked."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return [entry["resource"] for entry in answer.json().get("entry", [])]
