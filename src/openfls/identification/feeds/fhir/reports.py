"""DiagnosticReport: the text of an imaging report, wherever it stands, and its coded conclusion."""

from __future__ import annotations

import base64
import binascii
import html
import re

from openfls.identification.feeds.evidence import Told, from_codes, from_text
from openfls.identification.feeds.fhir.context import Context, Entry, codings
from openfls.identification.feeds.fhir.shape import Json, codes, obj, objs, text
from openfls.identification.feeds.numbers import iso_date
from openfls.record.feeds import Observation, Reading, Rejection, SourceKind

# HL7 table 0074 (diagnostic service sections) and the LOINC part for imaging; recalled, high.
_IMAGING = frozenset({"RAD", "RX", "CT", "NMR", "NMS", "RUS", "VUS", "OUS", "CUS", "XRC", "IMG", "LP29684-5"})
_IMAGING_WORDS = re.compile(r"radiolog|imaging|x-?ray|\bct\b|\bmri?\b|dxa|tomograph", re.IGNORECASE)
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/tr|/li|/h\d)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def read_diagnostic_report(entry: Entry, context: Context) -> Reading | None:
    """The report as a reading; None where it is no imaging report or holds nothing to read."""
    resource = entry.resource
    if not _is_imaging(resource):
        return None
    period = obj(resource.get("effectivePeriod"))
    told = Told(
        source=context.source(entry, SourceKind.RADIOLOGY),
        person=context.person(resource.get("subject")),
        on=iso_date(resource.get("effectiveDateTime"))
        or iso_date(period.get("start"))
        or iso_date(resource.get("issued")),
    )
    status = text(resource.get("status"))
    if status in ("entered-in-error", "cancelled"):
        return Rejection(told.source, f"its status is {status}", told.person)
    body, unread = report_text(resource)
    shown = text(obj(resource.get("code")).get("text")) or next(
        (each.display for each in codings(resource.get("code")) if each.display), ""
    )
    reading = from_text(body, told, shown) if body else None
    if isinstance(reading, Observation):
        return reading
    for concept in objs(resource.get("conclusionCode")):
        coded = from_codes(codings(concept), told, context.options.lists, text(concept.get("text")))
        if isinstance(coded, Observation):
            return coded
    if reading is None and unread:
        return Rejection(told.source, f"the report is {unread}, which is not read", told.person)
    return reading


def report_text(resource: Json) -> tuple[str, str]:
    """The report's words (attached text, else conclusion, else narrative), and the type of an attachment not
    read."""
    attached: list[str] = []
    unread = ""
    for form in objs(resource.get("presentedForm")):
        kind = text(form.get("contentType")).lower().split(";")[0].strip()
        words = decoded(text(form.get("data")))
        if kind in ("", "text/plain", "text/html", "text/xml", "application/xhtml+xml") and words:
            attached.append(plain(words) if "ml" in kind else words)
        elif kind:
            unread = kind
    if attached:
        return "\n".join(attached), unread
    conclusion = text(resource.get("conclusion"))
    if conclusion:
        return conclusion, unread
    return plain(text(obj(resource.get("text")).get("div"))), unread


def decoded(data: str) -> str:
    """The words in base64; empty where it is not base64 of text."""
    try:
        raw = base64.b64decode(data, validate=False)
    except (binascii.Error, ValueError):
        return ""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def plain(markup: str) -> str:
    """XHTML as plain text with its line breaks."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", markup))).strip()


def _is_imaging(resource: Json) -> bool:
    categories = objs(resource.get("category"))
    if not categories:
        return True
    if set(codes(categories)) & _IMAGING:
        return True
    words = [text(each.get("text")) for each in categories]
    words += [coding.display for each in categories for coding in codings(each)]
    return _IMAGING_WORDS.search(" ".join(words)) is not None
