"""What a code list says of one code, and the pack that says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openfls.record.advice import Confidence
from openfls.record.findings import Kind
from openfls.record.sites import Side, Site


class CodeClass(StrEnum):
    """What a code is worth to case finding.

    ``support`` counts only beside a fracture told by another record; ``flag`` is a disease of bone that sends
    the person's fractures to a person's look.
    """

    INCLUDE = "include"
    REVIEW = "review"
    EXCLUDE = "exclude"
    SUPPORT = "support"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Pack:
    """A dated code list: which one, of which day, from where."""

    id: str
    version: str
    on: date
    source: str


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One row of a code list. ``note`` is shown to the person who reviews; ``site`` is None for a
    ``flag``."""

    system: str
    code: str
    title: str
    site: Site | None
    side: Side
    code_class: CodeClass
    kind: Kind
    note: str
    source: str
    confidence: Confidence
    pack: Pack
