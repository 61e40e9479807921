"""Values that cannot be, and values that are odd enough to ask about: the limits of `investigation.ranges`."""

from __future__ import annotations

from openfls.investigation.ranges import Verdict, check_value, ranges
from openfls.record.questions import NotAnAnswer, Value


def query_of(field: str, value: Value) -> str:
    """A question to ask back about an odd value, empty for a usual one.

    Raises:
        NotAnAnswer: no living person has such a value.
    """
    if field not in ranges() or isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    check = check_value(field, value)
    if check.verdict is Verdict.REFUSE:
        raise NotAnAnswer(check.message)
    return check.message if check.verdict is Verdict.QUERY else ""
