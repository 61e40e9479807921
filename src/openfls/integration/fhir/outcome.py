"""OperationOutcome: every refusal in words, with the FHIR code of its kind."""

from __future__ import annotations

from openfls.integration.fhir.parts import Json, without_empty
from openfls.integration.fhir.systems import uk_core


class Refusal(Exception):
    """A request that is refused: the HTTP status, the FHIR issue code, and words that name no person.

    ``parameter`` names the search parameter that is at fault; ``retry_after`` says in how many seconds to ask again.
    """

    def __init__(
        self, status: int, code: str, words: str, parameter: str = "", *, retry_after: int = 0
    ) -> None:
        super().__init__(words)
        self.status = status
        self.code = code
        self.words = words
        self.parameter = parameter
        self.retry_after = retry_after


def outcome(refusal: Refusal) -> Json:
    """The refusal as a resource."""
    issue = {
        "severity": "error" if refusal.status < 500 else "fatal",
        "code": refusal.code,
        "diagnostics": refusal.words,
        "expression": [f"http.{refusal.parameter}"] if refusal.parameter else None,
    }
    return {
        "resourceType": "OperationOutcome",
        "meta": {"profile": [uk_core("OperationOutcome")]},
        "issue": [without_empty(issue)],
    }


def not_found() -> Refusal:
    """There is none, or not for this client: the two look the same."""
    return Refusal(404, "not-found", "There is no such resource for this client.")


def not_supported(words: str, status: int = 400, parameter: str = "") -> Refusal:
    """This server does not do that."""
    return Refusal(status, "not-supported", words, parameter)


def too_many(words: str, parameter: str = "") -> Refusal:
    """It asks for more than one answer holds, and there is no next page."""
    return Refusal(400, "too-costly", words, parameter)


def invalid(words: str, parameter: str = "") -> Refusal:
    """What was sent cannot be read."""
    return Refusal(400, "invalid", words, parameter)
