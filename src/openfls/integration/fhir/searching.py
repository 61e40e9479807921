"""A search: what was asked, refused where it is not understood, and compared with resources."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from openfls.integration.fhir.outcome import invalid, not_supported, too_many
from openfls.integration.fhir.parameters import EVERYWHERE, PARAMETERS, Parameter, ParameterKind
from openfls.integration.fhir.parts import Json

COUNT, MOST = 20, 100
_PREFIXES = ("eq", "ge", "gt", "le", "lt")
_MOMENT = re.compile(
    r"(eq|ge|gt|le|lt|ne|sa|eb|ap)?(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2}))?"
)
_ID = re.compile(r"[A-Za-z0-9.\-]{1,64}")
_BOTH_WAYS = {"json", "application/json", "application/fhir+json"}


@dataclass(frozen=True, slots=True)
class Between:
    """A stretch of time to compare with: from ``start`` up to, not with, ``end``; ``prefix`` as FHIR writes it."""

    prefix: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """One parameter with the values of which any will do."""

    parameter: Parameter
    values: tuple[str, ...]
    moments: tuple[Between, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """A search as it was asked. ``patients`` None: everybody; ``said`` is what may stand in a link to the next page."""

    kind: str
    wanted: tuple[Wanted, ...] = ()
    ids: frozenset[str] | None = None
    patients: frozenset[str] | None = None
    updated: tuple[Between, ...] = ()
    count: int = COUNT
    include_patient: bool = False
    cursor: str = ""
    said: tuple[tuple[str, str], ...] = ()
    identifiers: tuple[str, ...] | None = field(default=None)


def read_search(kind: str, given: Iterable[tuple[str, str]], *, in_address: bool) -> Search:
    """What was asked of a kind of resource.

    Raises:
        Refusal: a parameter is not known or cannot be read, or names a person in the address.
    """
    search = Search(kind)
    known = {each.name: each for each in PARAMETERS[kind]}
    for name, value in given:
        if "\x00" in value:
            raise invalid("A value holds a character that it cannot hold.", name if name in known else "")
        if name in EVERYWHERE:
            search = _for_every(search, name, value)
        elif name in known:
            search = _own(search, known[name], value, in_address=in_address)
        else:
            base, _, modifier = name.partition(":")
            if base in known or base in EVERYWHERE:
                raise not_supported(
                    f"The modifier “{modifier[:40]}” is not supported for {base}.", parameter=base
                )
            raise not_supported(
                f"{kind} has no search parameter of that name. It has: {', '.join([*known, *EVERYWHERE])}."
            )
        if not (name in known and known[name].private):
            search = replace(search, said=(*search.said, (name, value)))
    # The link to a next page could not say whose number it was: whom a number names, few as they are, stand on one.
    return search if search.identifiers is None else replace(search, count=MOST, cursor="")


def _for_every(search: Search, name: str, value: str) -> Search:
    match name:
        case "_id":
            return replace(search, ids=_both(search.ids, frozenset(value.split(","))))
        case "_lastUpdated":
            return replace(search, updated=(*search.updated, read_moment(value, name)))
        case "_count":
            if not re.fullmatch(r"\d{1,6}", value) or not value.isascii() or int(value) < 1:
                raise invalid(f"_count is a number from 1 to {MOST}.", name)
            return replace(search, count=min(int(value), MOST))
        case "_include":
            if value not in (f"{search.kind}:patient", f"{search.kind}:subject") or search.kind == "Patient":
                raise not_supported(
                    "Only the person can be included, for example Condition:patient.", parameter=name
                )
            return replace(search, include_patient=True)
        case "_format":
            # A plus that nobody has escaped arrives as a space.
            if value.replace(" ", "+") not in _BOTH_WAYS:
                raise not_supported("Only JSON is written here.", 406, name)
            return search
    return replace(search, cursor=value)


def _own(search: Search, parameter: Parameter, value: str, *, in_address: bool) -> Search:
    name = parameter.name
    if parameter.private and in_address:
        raise not_supported(
            f"{name} names a person, and addresses are kept in logs. Send it as a form: POST {search.kind}/_search.",
            parameter=name,
        )
    values = tuple(value.split(","))
    if not all(values):
        raise invalid(f"{name} has an empty value.", name)
    if parameter.kind is ParameterKind.DATE:
        moments = tuple(read_moment(each, name) for each in values)
        return replace(search, wanted=(*search.wanted, Wanted(parameter, values, moments)))
    if name in ("patient", "subject"):
        keys = frozenset(_referred(each, "Patient", name) for each in values)
        return replace(search, patients=_both(search.patients, keys))
    if parameter.kind is ParameterKind.REFERENCE:
        values = tuple(f"CarePlan/{_referred(each, 'CarePlan', name)}" for each in values)
    if parameter.private:
        search = replace(search, identifiers=(*(search.identifiers or ()), *values))
        if len(search.identifiers or ()) > MOST:
            raise too_many(
                f"Of {name} at most {MOST} values are looked up at once: send them in parts.", name
            )
    return replace(search, wanted=(*search.wanted, Wanted(parameter, values)))


def _both(before: frozenset[str] | None, also: frozenset[str]) -> frozenset[str]:
    """Of a parameter that is given twice, both count."""
    return also if before is None else before & also


def _referred(value: str, kind: str, name: str) -> str:
    key = value.removeprefix(f"{kind}/")
    if not _ID.fullmatch(key):
        raise invalid(f"{name} is an id, for example {kind}/id.", name)
    return key


def read_moment(value: str, name: str) -> Between:
    """A day or a moment with its prefix.

    Raises:
        Refusal: it is none, or has a prefix that is not supported.
    """
    found = _MOMENT.fullmatch(value)
    if found is None:
        raise invalid(f"{name} is a day (2026-03-31) or a moment with its zone (2026-03-31T12:00:00Z).", name)
    prefix = found[1] or "eq"
    if prefix not in _PREFIXES:
        raise not_supported(f"Of the prefixes {name} takes {', '.join(_PREFIXES)}.", parameter=name)
    try:
        if found[3]:
            start = datetime.fromisoformat(f"{found[2]}{found[3]}").astimezone(UTC)
            return Between(prefix, start, start + timedelta(seconds=1))
        start = datetime.combine(date.fromisoformat(found[2]), time.min, tzinfo=UTC)
        return Between(prefix, start, start + timedelta(days=1))
    except (ValueError, OverflowError):
        raise invalid(f"{name} is no day that there is.", name) from None


def matches(search: Search, resource: Json) -> bool:
    """Whether a resource is what was asked for; when it last changed is looked at elsewhere."""
    if search.ids is not None and resource["id"] not in search.ids:
        return False
    return all(_has(wanted, resource) for wanted in search.wanted)


def _has(wanted: Wanted, resource: Json) -> bool:
    found = list(wanted.parameter.read(resource))
    if wanted.parameter.kind is ParameterKind.DATE:
        return any(_within(moment, first, last) for moment in wanted.moments for first, last in found)
    if wanted.parameter.kind is ParameterKind.REFERENCE:
        return any(value in found for value in wanted.values)
    return any(_is_token(value, found) for value in wanted.values)


def _is_token(value: str, found: Iterable[tuple[str, str]]) -> bool:
    """``code``, ``system|code``, ``system|`` for any code of it, or ``|code`` for one without a system."""
    system, bar, code = value.rpartition("|")
    if not bar:
        return any(each[1] == code for each in found)
    if not code:
        return any(each[0] == system for each in found)
    return (system, code) in found


def _within(moment: Between, first: str, last: str) -> bool:
    """FHIR's comparison of a period with a period; an open end reaches as far as one likes."""
    start = _edge(first, end=False) if first else datetime.min.replace(tzinfo=UTC)
    end = _edge(last, end=True) if last else datetime.max.replace(tzinfo=UTC)
    match moment.prefix:
        case "ge":
            return end > moment.start
        case "gt":
            return end > moment.end
        case "le":
            return start < moment.end
        case "lt":
            return start < moment.start
    return moment.start <= start and end <= moment.end


def _edge(written: str, *, end: bool) -> datetime:
    if "T" in written:
        moment = datetime.fromisoformat(written.replace("Z", "+00:00"))
        return moment + timedelta(seconds=1) if end else moment
    moment = datetime.combine(date.fromisoformat(written), time.min, tzinfo=UTC)
    return moment + timedelta(days=1) if end else moment


def changed_within(search: Search, changed_at: datetime) -> bool:
    """Whether a record that changed at that moment is among those asked for."""
    written = changed_at.astimezone(UTC).isoformat()
    return all(_within(each, written, written) for each in search.updated)
