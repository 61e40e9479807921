"""Which of the reports that the reader passed over are kept for a person to read: a steady draw, one in so many."""

from __future__ import annotations

import hashlib

from openfls.identification.episodes import MINIMUM_AGE
from openfls.identification.feeds.evidence import is_named
from openfls.record.feeds import Rejection, SourceKind
from openfls.record.people import age_on
from openfls.service.models import Service


def is_drawn(reading: Rejection, record: str, service: Service) -> bool:
    """Whether this report belongs to the sample of the service.

    The draw is a hash of the record's key: the same report is drawn or not however often and in whatever order it
    comes, and nobody can choose. Only a radiology report of a named person who was not known to be under 50 is one
    that could have become a case.
    """
    report = reading.passed_over
    if report is None or not service.audit_one_in or report.source.kind is not SourceKind.RADIOLOGY:
        return False
    if not report.text or not is_named(report.person):
        return False
    born, on = report.person.birth_date, report.on
    if born and on and 0 <= age_on(born, on) < MINIMUM_AGE:
        return False
    return _lot(f"{service.code} {record}") % service.audit_one_in == 0


def _lot(words: str) -> int:
    return int.from_bytes(hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()[:8])
