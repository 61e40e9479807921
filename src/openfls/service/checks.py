"""Values that cannot be, and values that are odd enough to ask about."""

from __future__ import annotations

from openfls.record.questions import NotAnAnswer, Value


def query_of(field: str, value: Value) -> str:
    """A question to ask back about an odd value, empty for a usual one.

    Raises:
        NotAnAnswer: no living person has such a value.
    """
    return ""
