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
from openfls.commands.operation import background, looking, serve
from openfls.commands.safekeeping import backup, restore, whole

__all__ = [
    "app",
    "audit",
    "background",
    "backup",
    "benefits",
    "docs",
    "export",
    "find",
    "listen",
    "load",
    "looking",
    "measure",
    "nightly",
    "outbox",
    "read",
    "rebuild",
    "restore",
    "risk",
    "run",
    "serve",
    "staff",
    "training",
    "whole",
]
