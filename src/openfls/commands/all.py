"""Every command of the tree, registered by being imported."""

from openfls.commands import (
    audit,
    benefits,
    docs,
    export,
    find,
    listen,
    load,
    measure,
    nightly,
    outbox,
    read,
    rebuild,
    risk,
    run,
    staff,
    training,
)
from openfls.commands.app import app

__all__ = [
    "app",
    "audit",
    "benefits",
    "docs",
    "export",
    "find",
    "listen",
    "load",
    "measure",
    "nightly",
    "outbox",
    "read",
    "rebuild",
    "risk",
    "run",
    "staff",
    "training",
]
