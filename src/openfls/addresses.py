"""Addresses and names as a setting may hold them. What is wrong with one is said without what is secret in it."""

from __future__ import annotations

import ipaddress
import re
from email.utils import parseaddr
from urllib.parse import SplitResult, urlsplit

_NAME = re.compile(r"\*|\.?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
_DATABASES = ("postgres", "postgresql", "pgsql", "psql", "sqlite")
_OVER_A_NETWORK = ("smtp", "smtps", "smtp+tls", "smtp+ssl")
_MAIL = (*_OVER_A_NETWORK, "consolemail", "filemail", "memorymail", "dummymail")


def _split(given: str) -> SplitResult | None:
    try:
        parts = urlsplit(given)
        _ = parts.port  # read, and refused, only when it is asked for
    except ValueError:
        return None
    return parts


def wrong_with_database(given: str) -> str:
    """What to write instead of a database's address that cannot be one; empty where it can."""
    parts = _split(given)
    if parts is None:
        return "its port is no number, or a character of its password has to be written as %.."
    if parts.scheme not in _DATABASES or "://" not in given:
        return "write an address such as postgres://user:password@host/name"
    return "" if parts.path.strip("/") else "write the name of the database behind the last /"


def wrong_with_mail_server(given: str) -> str:
    """The same of a mail server's address."""
    parts = _split(given)
    if parts is None:
        return "its port is no number, or a character of its password has to be written as %.."
    known = parts.scheme in _MAIL and "://" in given
    if not known or (parts.scheme in _OVER_A_NETWORK and not parts.hostname):
        return "write an address such as smtp+tls://user:password@host:587"
    return ""


def wrong_with_web_address(given: str) -> str:
    """The same of the address of a page."""
    parts = _split(given)
    good = parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)
    return "" if good else "write an address that begins with https://"


def wrong_with_mail_address(given: str) -> str:
    """The same of whom a message comes from."""
    name, at, server = parseaddr(given)[1].partition("@")
    return "" if name and at and server else "write an address such as openfls@hospital.example"


def wrong_with_name(given: str) -> str:
    """The same of a server's name."""
    return "" if _NAME.fullmatch(given) else "write names alone, without https:// and without a port"


def wrong_with_machine(given: str) -> str:
    """The same of a machine's address in a network."""
    try:
        ipaddress.ip_address(given)
    except ValueError:
        return "write addresses such as 172.30.0.2"
    return ""
