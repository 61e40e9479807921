"""Every command of the tree, registered by being imported."""

from openfls.commands import audit, find, load, measure, risk, run, staff
from openfls.commands.app import app

__all__ = ["app", "audit", "find", "load", "measure", "risk", "run", "staff"]
from openfls.commands import (
    benefits,  # noqa: F401
    read,  # noqa: F401
)
