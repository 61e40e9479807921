"""The name of an event in words: what was done, and with what."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

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
_OF_AN_EMERGENCY = (
    *("emergency.open", "emergency.opened", "emergency.asked_again", "emergency.view", "emergency.close"),
    *("emergency.closed", "emergency.tried", "emergency.judge"),
)
"""What happens between two services: nothing of the record is changed by any of them."""


def done(action: str) -> str:
    """What was done: looked, printed, took away, searched; anything else changed something."""
    if action in _OF_AN_EMERGENCY:
        return "In an emergency"
    if action.startswith("api."):
        return "Read by another system"
    if action.startswith("account."):
        return "At the door"
    return _DONE[action.rpartition(".")[2]] if is_look(action) else "Changed"


def what(action: str) -> str:
    """With what, or what was done to it; an event without words of its own is told by its name."""
    name = action.rpartition(".")[0] if is_look(action) and not action.startswith("api.") else action
    words = _words()
    return words.get(action) or words.get(name, name.replace("_", " ").replace(".", ": "))


@cache
def _words() -> Mapping[str, str]:
    text = resources.files("openfls.service").joinpath("data/log_words.toml").read_text(encoding="utf-8")
    return {name: str(words) for name, words in tomllib.loads(text).items()}
