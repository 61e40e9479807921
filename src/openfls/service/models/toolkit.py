"""Cases of the benefits calculator. Each is found by its key alone; none holds anything about a person."""

from __future__ import annotations

from django.db import models


class ToolkitCase(models.Model):
    """One case, `toolkit.case.state.Case` as JSON.

    ``key`` is random and is the only way to it: who has the address may read and change it. ``results`` holds what
    has been computed, each stage's JSON by its name, beside the hash of the scenario that it was computed of.
    """

    key = models.CharField(max_length=32, unique=True)
    content = models.JSONField()
    results = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "toolkit_case"
