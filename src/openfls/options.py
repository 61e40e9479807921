"""Every setting of an installation: an environment variable, its kind, its default, and what it is for.

`openfls.settings` reads them from here; `docs/reference/settings.md` is made from the same file. This module knows no
Django, so that a command can look a setting up before Django is set up.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

from openfls import addresses
from openfls.record.errors import BadInput

_MOST = 1_000_000
_WRONG: dict[str, Callable[[str], str]] = {
    "database address": addresses.wrong_with_database,
    "mail server": addresses.wrong_with_mail_server,
    "mail address": addresses.wrong_with_mail_address,
    "web address": addresses.wrong_with_web_address,
    "list of names": addresses.wrong_with_name,
    "list of addresses": addresses.wrong_with_machine,
}
"""By kind, what says what is wrong with a value, or with each of a list."""
_YES, _NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")


@dataclass(frozen=True, slots=True)
class Option:
    """One setting. ``default`` is written as it would stand in the environment, ``shown`` is for the page alone."""

    name: str
    group: str
    words: str
    kind: str = "text"
    default: str = ""
    shown: str = ""
    secret: bool = False
    at_least: int = 0
    one_of: tuple[str, ...] = ()

    def read(self, environment: Mapping[str, str] | None = None) -> Any:
        """The value in its kind.

        Raises:
            BadInput: it cannot be read as its kind; the message names the setting, and never a secret's value.
        """
        given = (os.environ if environment is None else environment).get(self.name, self.default).strip()
        match self.kind:
            case "yes or no":
                return self._yes_or_no(given)
            case "whole number":
                return self._whole_number(given or self.default)
            case "list of names" | "list of addresses":
                return [self._fit(part.strip()) for part in given.split(",") if part.strip()]
            case "time of day":
                return self._time_of_day(given or self.default)
        if given and self.kind in _WRONG:
            return self._fit(given)
        if self.one_of and given not in self.one_of:
            raise BadInput(f"{self.name} is “{given}”; write one of: {', '.join(self.one_of)}")
        return given

    def _fit(self, given: str) -> str:
        if wrong := _WRONG[self.kind](given):
            shown = "what it is" if self.secret else f"“{given}”"
            raise BadInput(f"{self.name} cannot be {shown}; {wrong}")
        return given

    def _yes_or_no(self, given: str) -> bool:
        if given.lower() not in _YES + _NO:
            raise BadInput(f"{self.name} is “{given}”; write 1 or 0")
        return given.lower() in _YES

    def _whole_number(self, given: str) -> int:
        if not (given.isascii() and given.isdigit() and self.at_least <= int(given[:9]) <= _MOST):
            raise BadInput(
                f"{self.name} is “{given}”; write a whole number, at least {self.at_least} and at most {_MOST}"
            )
        return int(given)

    def _time_of_day(self, given: str) -> time:
        try:
            return time.fromisoformat(given)
        except ValueError:
            raise BadInput(f"{self.name} is “{given}”; write a time of day such as 02:15") from None


def _option(row: dict[str, Any]) -> Option:
    return Option(**{**row, "one_of": tuple(row.get("one_of", ()))})


OPTIONS: dict[str, Option] = {
    row["name"]: _option(row)
    for row in tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["option"]
}
"""Every setting by its name, in the order of the page."""


def read(name: str) -> Any:
    """The value of a setting in its kind.

    Raises:
        BadInput: as `Option.read`.
    """
    return OPTIONS[name].read()


def reference() -> str:
    """The page of the settings."""
    lines = [
        "# Settings",
        "",
        "Made from `openfls/options.toml`. Each is an environment variable; its default suits one laptop.",
        "`openfls check` looks at all of them and tells each fault in one line. How they are set for a hospital:",
        "[run it in production](../how-to/run-in-production.md).",
        "",
        f"No whole number is above {_MOST:,}; one that names no least number may be 0.",
    ]
    for group in dict.fromkeys(option.group for option in OPTIONS.values()):
        lines += ["", f"## {group}", "", "| Setting | Kind | Default | What it is for |", "|---|---|---|---|"]
        lines += [_row(option) for option in OPTIONS.values() if option.group == group]
    return "\n".join([*lines, ""])


def _row(option: Option) -> str:
    default = option.shown or (f"`{option.default}`" if option.default else "none")
    least = [f"at least {option.at_least}"] if option.kind == "whole number" and option.at_least else []
    kind = ", ".join([option.kind, *least, *(["secret"] if option.secret else [])])
    return f"| `{option.name}` | {kind} | {default} | {option.words} |"
