"""Where events may be sent: https into the open, this machine, and names that the installation allows by setting.

Whoever names an address could otherwise make the server ask inside its own network. The name is looked up once, every
number it stands for is judged, and the connection goes to that number: it cannot mean another one a moment later.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST = 500
Lookup = Callable[[str, int], list[str]]
"""From a name and a port to the numbers that it stands for."""


class NotAllowedAddress(ValueError):
    """Events are not sent there; the message says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """An address taken apart, with the number to which to connect."""

    scheme: str
    host: str
    port: int
    path: str
    number: str


def look_up(host: str, port: int) -> list[str]:
    """Every number of a name. Raises OSError where it has none."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def check_address(url: str, allowed: Collection[str] = (), lookup: Lookup = look_up) -> Place:
    """The place of an address, judged now.

    Raises:
        NotAllowedAddress: it is no address, not https, has a user name in it, or lies where nothing is sent.
    """
    scheme, host, port, path = _taken_apart(url)
    try:
        numbers = lookup(host, port)
    except OSError:
        raise NotAllowedAddress("The name of the server cannot be looked up.") from None
    if not numbers:
        raise NotAllowedAddress("The name of the server cannot be looked up.")
    judged = [ipaddress.ip_address(number.partition("%")[0]) for number in numbers]
    here = all(_plain(number).is_loopback for number in judged)
    if scheme == "http" and not here:
        raise NotAllowedAddress("The address must begin with https://.")
    for number in judged:
        if not here and not _may_go(_plain(number), named=host in allowed):
            raise NotAllowedAddress(
                "The server lies in a private network. Whoever runs openfls can allow its name (OPENFLS_WEBHOOK_HOSTS)."
            )
    return Place(scheme, host, port, path, str(judged[0]))


def _taken_apart(url: str) -> tuple[str, str, int, str]:
    if len(url) > LONGEST or any(ord(c) <= 32 or ord(c) >= 127 for c in url) or "\\" in url:
        raise NotAllowedAddress(f"Enter an address without spaces, of at most {LONGEST} characters.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotAllowedAddress("This is no address.") from None
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise NotAllowedAddress("Enter an address that begins with https://.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise NotAllowedAddress("Enter an address without a user name and without #.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, parts.hostname.lower(), port or (443 if parts.scheme == "https" else 80), path


Number = ipaddress.IPv4Address | ipaddress.IPv6Address


def _plain(number: Number) -> Number:
    """An IPv4 number written as IPv6 is judged as what it is."""
    mapped = getattr(number, "ipv4_mapped", None)
    return mapped or number


def _may_go(number: Number, *, named: bool) -> bool:
    """Into the open, or into a private network where the installation has named the server. Never to link-local
    numbers, where machines of a cloud keep their own secrets."""
    if number.is_link_local or number.is_multicast or number.is_unspecified or number.is_reserved:
        return False
    return number.is_global or (named and number.is_private and not number.is_loopback)
