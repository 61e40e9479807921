"""The national audit's row of each episode: the table that the measures read.

It holds nothing of its own. Whatever happens to an episode rewrites its row in the same transaction
(`actions.action`), and `openfls rebuild` makes them all anew.
"""

from __future__ import annotations

import secrets

from django.db import models

from openfls.record.flsdb import COLUMNS, Column, ColumnKind
from openfls.service.models.care import Episode


def new_stamp() -> int:
    """A number by which a changed row is known: drawn by chance, so that no writer waits for another."""
    return secrets.randbits(40)


class FlsdbRow(models.Model):
    """One row a confirmed episode; its other columns are those of `record.flsdb.COLUMNS`.

    ``stamp`` is another one whenever the row changes: what was counted before is known to be old by it.
    """

    episode = models.OneToOneField(Episode, models.CASCADE, primary_key=True, related_name="flsdb_row")
    stamp = models.BigIntegerField(default=new_stamp, editable=False)

    class Meta:
        db_table = "flsdb_row"
        indexes = (models.Index(fields=["service", "stamp"], name="flsdb_row_stamps"),)


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
