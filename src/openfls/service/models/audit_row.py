"""The national audit's row of each episode: the table that the measures read.

It holds nothing of its own. Whatever happens to an episode rewrites its row in the same transaction
(`actions.action`), and `openfls rebuild` makes anew those that an older version of openfls made.
"""

from __future__ import annotations

import secrets
import time

from django.db import models

from openfls.record.flsdb import COLUMNS, Column, ColumnKind
from openfls.service.models.care import Episode

LOW = 2**32
"""A stamp is its second times this, and a number drawn by chance."""
_BEGIN = 1_577_836_800
"""Seconds are counted from 1 January 2020, so that a stamp has room in 64 bits."""
_LATELY = 900
"""Seconds within which a writer has surely finished, and by which the clocks of two machines may differ."""


def new_stamp() -> int:
    """A number by which a changed row is known: when, and a number drawn by chance, so that no writer waits for
    another."""
    return (int(time.time()) - _BEGIN) * LOW + secrets.randbits(32)


def lately(newest: int) -> int:
    """The stamp from which on to look for changes by somebody who knows the row stamped ``newest``."""
    return max(0, newest - _LATELY * LOW)


class FlsdbRow(models.Model):
    """One row a confirmed episode; its other columns are those of `record.flsdb.COLUMNS`.

    ``stamp`` is another one whenever the row changes: what was counted before is known to be old by it. ``made_by`` is
    the version of the projection that made it; rows of older databases have 0.
    """

    episode = models.OneToOneField(Episode, models.CASCADE, primary_key=True, related_name="flsdb_row")
    stamp = models.BigIntegerField(default=new_stamp, editable=False)
    made_by = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        db_table = "flsdb_row"
        # The keys stand in the index, so that the stamps of a service are read from it alone.
        indexes = (
            models.Index(fields=["service", "stamp", "record_id"], name="flsdb_row_stamped"),
            models.Index(fields=["service", "index_diagnosis_date"], name="flsdb_row_dated"),
            models.Index(fields=["made_by"], name="flsdb_row_made_by"),
        )


def _field(column: Column) -> models.Field:
    match column.kind:
        case ColumnKind.DATE:
            return models.DateField(null=True)
        case ColumnKind.INTEGER:
            return models.IntegerField(null=True)
        case ColumnKind.NUMBER:
            return models.FloatField(null=True)
        case _:
            return models.CharField(
                max_length=300, null=True, db_index=column.name in ("service", "record_id")
            )


for _column in COLUMNS:
    FlsdbRow.add_to_class(_column.name, _field(_column))
