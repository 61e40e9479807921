"""Which installation a database is of."""

from __future__ import annotations

from uuid import uuid4

from django.db import models


def new_key() -> str:
    """A name that no other installation has."""
    return uuid4().hex


class Installation(models.Model):
    """One row, made with the tables: whatever was backed up here bears its key, and a restore brings it back.

    An import does not bring it: what an export is put into is another installation from then on.
    """

    key = models.CharField(max_length=32, unique=True, default=new_key)

    class Meta:
        db_table = "installation"
