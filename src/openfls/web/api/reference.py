"""The addresses for other systems as a document, made from their OpenAPI description."""

from __future__ import annotations

from typing import Any

from openfls.web.api.routes import api


def page() -> str:
    """Every address with its parameters and answers, as Markdown."""
    description = api.get_openapi_schema()
    lines = [
        "# The API",
        "",
        "Made from the OpenAPI description, which the app itself serves at `/fhir/R4/openapi.json`. To get a token:",
        "[connect another system](../how-to/connect-another-system.md); what is shared and why:",
        "[other systems](../explanation/sharing.md).",
        "",
    ]
    for path, methods in sorted(description["paths"].items()):
        for method, operation in methods.items():
            lines += [f"## `{method.upper()} {path}`", "", operation.get("summary", ""), ""]
            lines += _parameters(operation.get("parameters", []))
            lines += ["| Answer | |", "|---|---|"]
            lines += [f"| {status} | {answer['description']} |" for status, answer in _answers(operation)]
            lines.append("")
    return "\n".join(lines)


def _parameters(parameters: list[dict[str, Any]]) -> list[str]:
    if not parameters:
        return []
    rows = [
        f"| `{each['name']}` | {each['in']} | {str(each.get('description', '')).replace('|', '/')} |"
        for each in parameters
    ]
    return ["| Parameter | In | |", "|---|---|---|", *rows, ""]


def _answers(operation: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    # The library's own entry for an answer has the number as its key; what we describe has it as a text, and counts.
    by_status = {str(status): answer for status, answer in operation["responses"].items()}
    return sorted(by_status.items())
