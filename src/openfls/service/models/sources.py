"""Where feeds come from: how each is read, the file that waits to be loaded, and the code lists of a service."""

from __future__ import annotations

import uuid

from django.db import models

from openfls.service.models.staff import Service, User


class FeedSource(models.Model):
    """One feed of a service and how its files are read.

    ``files`` is the steady name of its files (`identification.feeds.options.steady_name`): tomorrow's file finds the
    mapping by it. ``columns`` names the file's own column for a field of ours; an empty name says that the file has
    none for it; a field that is not there is recognised by its usual names.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="feed_sources")
    name = models.CharField(max_length=100)
    files = models.CharField(max_length=200, blank=True)
    hospital_system = models.CharField(
        max_length=100, blank=True, help_text="What its numbers are called; empty: as the service calls them."
    )
    columns = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, models.PROTECT, null=True)

    class Meta:
        db_table = "feed_source"
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=["service", "name"], name="a_source_has_a_name"),
            models.UniqueConstraint(
                fields=["service", "files"],
                condition=~models.Q(files=""),
                name="files_of_a_name_have_one_source",
            ),
        )

    def __str__(self) -> str:
        return self.name


class UploadedFile(models.Model):
    """A file between the upload and the loading: one user's, gone when it is loaded, put aside or expired.

    ``source_name``, ``hospital_system`` and ``columns`` are the choices made so far.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT)
    user = models.ForeignKey(User, models.CASCADE)
    name = models.CharField(max_length=300)
    data = models.BinaryField()
    uploaded_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    source_name = models.CharField(max_length=100, blank=True)
    hospital_system = models.CharField(max_length=100, blank=True)
    columns = models.JSONField(default=dict)

    class Meta:
        db_table = "uploaded_file"


class CodeList(models.Model):
    """A version of a service's own code list, laid over ours while it is active. No version is ever changed.

    ``content`` is the list as it was sent; the rows that were refused stay in it and are refused again.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="code_lists")
    number = models.PositiveIntegerField(help_text="1, 2, 3… within the service.")
    title = models.CharField(max_length=200)
    on = models.DateField(help_text="The day of the list, as it names it.")
    source = models.CharField(max_length=300, blank=True)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    entries = models.PositiveIntegerField()
    refused = models.PositiveIntegerField(default=0)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    active = models.BooleanField(default=False)
    activated_at = models.DateTimeField(null=True)
    activated_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "code_list"
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=["service", "number"], name="code_lists_are_numbered"),
            models.UniqueConstraint(
                fields=["service"], condition=models.Q(active=True), name="one_active_code_list"
            ),
        )
