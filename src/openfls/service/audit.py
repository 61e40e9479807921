"""The door to the audit log for everybody who writes to it; `service.auditing` has the rest."""

from openfls.service.auditing.chain import START, Happened, record, record_all, shown
from openfls.service.auditing.verifying import Fault, verify

__all__ = ["START", "Fault", "Happened", "record", "record_all", "shown", "verify"]
