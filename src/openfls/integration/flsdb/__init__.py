"""FLS-DB files: reading those of any system, checking rows, writing the audit's export."""

from openfls.integration.flsdb.problems import Check, Problem, checks
from openfls.integration.flsdb.reading import TABLE, FlsdbFile, open_file
from openfls.integration.flsdb.text import csv_bytes
from openfls.integration.flsdb.writing import export_columns, export_row, export_schema, mend_list

__all__ = [
    "TABLE",
    "Check",
    "FlsdbFile",
    "Problem",
    "checks",
    "csv_bytes",
    "export_columns",
    "export_row",
    "export_schema",
    "mend_list",
    "open_file",
]
