"""Work that waits to be done behind the pages, and the signs of life of those who do it."""

from __future__ import annotations

from django.db import models


class Job(models.Model):
    """One piece of work, by its kind and its key; there is one row for each, which is used again.

    It is open while ``done_at`` is empty. ``claimed_until`` is a lease: a worker that lives renews it, and a job whose
    lease has run out is anybody's. ``key`` holds keys and days, never anything of a person.
    """

    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=80, blank=True)
    request_id = models.CharField(max_length=64, blank=True, help_text="The request that left it.")
    posted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_by = models.CharField(max_length=60, blank=True)
    claimed_until = models.DateTimeField(null=True)
    again = models.BooleanField(default=False, help_text="Posted once more while it was being done.")
    attempts = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=60, blank=True, help_text="Kind of the last fault.")
    done_at = models.DateTimeField(null=True)
    given_up = models.BooleanField(default=False, help_text="Done with, without success.")

    class Meta:
        db_table = "job"
        constraints = (models.UniqueConstraint(fields=["kind", "key"], name="a_job_is_posted_once"),)
        indexes = (
            models.Index(fields=["due_at"], condition=models.Q(done_at__isnull=True), name="jobs_that_wait"),
        )


class SignOfLife(models.Model):
    """When a process behind the pages was last seen."""

    name = models.CharField(max_length=60, unique=True, help_text="Machine and process.")
    role = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "sign_of_life"
