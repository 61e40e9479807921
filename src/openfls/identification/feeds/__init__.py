"""Feeds in: FHIR R4, HL7 v2 and CSV become one stream of readings. Nothing is dropped without a reason.

`read_feed` reads a file, folder or archive and `read_bytes` one delivered file or message; both recognise the
format.
"""

from __future__ import annotations

from openfls.identification.feeds.door import read_bytes, read_feed
from openfls.identification.feeds.options import FeedOptions

__all__ = ["FeedOptions", "read_bytes", "read_feed"]
