"""What a service may set for its feeds, and the steady name of a feed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from openfls.identification.codes import CodeLists, our_lists
from openfls.identification.results.catalogue import Catalogue, our_catalogue


@dataclass(frozen=True)
class FeedOptions:
    """How to read.

    Args:
        feed: a steady name for what is delivered, such as ``RXX radiology``; by default made from the file's
            name without its date or number, so that tomorrow's file is the same feed.
        lists: the code lists in use.
        columns: for CSV, the file's own column names by field of ours (``{"hospital_number": "PAS No"}``);
            wins over what is recognised.
        hospital_system: for CSV, what to call the hospital's numbers, so that they meet those of the
            hospital's messages.
        measured: whether results are read as well: bloods, T-scores, heights. Finding fractures needs none.
        today: the day of reading, which no birth is after; without it two digits of a year of birth are of the last
            century, where no day of a fracture says otherwise.
        results: the field that a code or name of the site's own means (``{"CREA7": "creatinine_umol_l"}``).
        catalogue: the codes and units of results in use.
        holds_unknown: whether a number under a code of the sender's own that nobody has mapped is told of, as a
            rejection that carries it (`record.feeds.Unread`), and not passed over.
    """

    feed: str = ""
    lists: CodeLists = field(default_factory=our_lists)
    columns: Mapping[str, str] = field(default_factory=dict)
    hospital_system: str = "hospital number"
    measured: bool = False
    results: Mapping[str, str] = field(default_factory=dict)
    today: date | None = None
    catalogue: Catalogue = field(default_factory=our_catalogue)
    holds_unknown: bool = False


_NUMBERS = re.compile(r"[\d]+")
_SEPARATORS = re.compile(r"[\s._\-()+]+")


def steady_name(name: str) -> str:
    """The name of a file without folder, ending, dates and numbers: ``ed_2026-01-03.csv`` is ``ed``."""
    stem = name.replace("\\", "/").rstrip("/").rpartition("/")[2].split(".", 1)[0]
    return _SEPARATORS.sub(" ", _NUMBERS.sub(" ", stem)).strip().lower() or "feed"
