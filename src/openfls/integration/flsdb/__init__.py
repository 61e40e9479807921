"""FLS-DB files: reading those of any system, checking rows, writing the audit's export."""

from openfls.integration.flsdb.problems import Problem
from openfls.integration.flsdb.reading import TABLE, FlsdbFile, open_file

__all__ = ["TABLE", "FlsdbFile", "Problem", "open_file"]
