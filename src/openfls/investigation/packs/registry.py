"""Every pack by id and version, and how one is built with a service's own settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from openfls.investigation.guideline import Pack, Setting
from openfls.investigation.packs import bloods, falls, ng259, nogg_2024
from openfls.record.errors import BadInput

_BUILDERS: Mapping[tuple[str, str], tuple[Callable[[Mapping[str, Setting]], Pack], Mapping[str, Setting]]] = {
    ("NG259", ng259.VERSION): (ng259.build, ng259.DEFAULTS),
    ("NOGG", nogg_2024.VERSION): (nogg_2024.build, nogg_2024.DEFAULTS),
    ("NG249", falls.NG249_VERSION): (falls.build_ng249, falls.NO_SETTINGS),
    ("WFG", falls.WFG_VERSION): (falls.build_wfg, falls.WFG_DEFAULTS),
    ("BLOODS", bloods.VERSION): (bloods.build, bloods.DEFAULTS),
}

PACKS: tuple[str, ...] = tuple(f"{name}@{version}" for name, version in _BUILDERS)
"""The keys of all packs, for example ``NG259@2026-07-29``."""


def build(key: str, settings: Mapping[str, Setting] | None = None) -> Pack:
    """The pack ``key`` with ``settings`` laid over its defaults.

    Raises:
        BadInput: no such pack or setting, or a setting of another kind than its default.
    """
    name, _, version = key.partition("@")
    if (name, version) not in _BUILDERS:
        raise BadInput(f"no guideline pack {key}; there are {', '.join(PACKS)}")
    make, defaults = _BUILDERS[name, version]
    chosen: dict[str, Setting] = dict(defaults)
    for setting, value in (settings or {}).items():
        if setting not in defaults:
            raise BadInput(f"no setting {setting}; there are {', '.join(defaults) or 'none'}", where=key)
        if isinstance(defaults[setting], str) is not isinstance(value, str) or isinstance(value, bool):
            raise BadInput(f"{value!r} is not of the kind of {defaults[setting]!r}", where=key, field=setting)
        chosen[setting] = value if isinstance(value, str) else float(value)
    return make(MappingProxyType(chosen))


@cache
def pack(key: str) -> Pack:
    """The pack ``key`` with its own settings; BadInput where there is none."""
    return build(key)


def default_packs() -> tuple[Pack, ...]:
    """Every pack with its own settings, in the order in which a page shows them."""
    return tuple(pack(key) for key in PACKS)
