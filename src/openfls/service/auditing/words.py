"""The name of an event in words: what was done, and with what."""

from __future__ import annotations

from openfls.service.auditing.lanes import is_look

_DONE = {
    "view": "Looked at",
    "print": "Printed or took as a document",
    "download": "Took away as a file",
    "export": "Took away as a file",
    "take": "Took away as a file",
    "search": "Searched",
    "list": "Looked at the list",
    "check_list": "Checked a list",
    "refused": "Was refused",
}


def done(action: str) -> str:
    """What was done: looked, printed, took away, searched; anything else changed something."""
    if action.startswith("api."):
        return "Read by another system"
    if action.startswith("account."):
        return "At the door"
    return _DONE[action.rpartition(".")[2]] if is_look(action) else "Changed"


def what(action: str) -> str:
    """With what: the rest of the name as words."""
    name = action.rpartition(".")[0] if is_look(action) and not action.startswith("api.") else action
    return name.replace("_", " ").replace(".", ": ")
