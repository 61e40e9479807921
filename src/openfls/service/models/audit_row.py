"""The national audit's row of each episode: the table that the measures read.

It holds nothing of its own. Whatever happens to an episode rewrites its row in the same transaction
(`actions.action`), and `openfls rebuild` makes them all anew.
"""

from __future__ import annotations

from django.db import models

from openfls.record.flsdb import COLUMNS, Column, ColumnKind
from openfls.service.models.care import Episode


class FlsdbRow(models.Model):
    """One row a confirmed episode; its other columns are those of `record.flsdb.COLUMNS`."""

    episode = models.OneToOneField(Episode, models.CASCADE, primary_key=True, related_name="flsdb_row")

    class Meta:
        db_table = "flsdb_row"


def _field(column: Column) -> models.Field:
    match column.kind:
        case ColumnKind.DATE:
            return models.DateField(null=True)
        case ColumnKind.INTEGER:
            return models.IntegerField(null=True)
        case ColumnKind.NUMBER:
            return models.FloatField(null=True)
        case _:
            return models.CharField(max_length=300, null=True, db_index=column.name == "service")


for _column in COLUMNS:
    FlsdbRow.add_to_class(_column.name, _field(_column))
