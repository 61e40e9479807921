"""Letters, calls and the tasks that keep a promise from being forgotten."""

from __future__ import annotations

import uuid

from django.db import models

from openfls.record.reasons import TaskKind
from openfls.service.models.care import Episode
from openfls.service.models.people import Person
from openfls.service.models.staff import Service, User


class Letter(models.Model):
    """A letter as a value. Approved, it is locked: what was sent can be printed again, letter for letter.

    What its writer chose and added stands in ``own``, apart from what the record says. A letter that replaces another
    is a letter of its own; the replaced one stays as it was.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="letters")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=30)
    content = models.JSONField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    own = models.JSONField(
        default=dict, help_text="Size of print, a note by hand and who wrote it, what is enclosed."
    )
    fingerprint = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the kept letter when it was locked."
    )
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    reissue_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "letter"
        ordering = ("written_at",)
        indexes = (
            models.Index(
                fields=["service", "written_at"],
                condition=models.Q(approved_at__isnull=True),
                name="letters_to_approve",
            ),
        )


class Task(models.Model):
    """Something to be done by a day. It ends done or cancelled; until then it is on somebody's list."""

    service = models.ForeignKey(Service, models.PROTECT)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=30)
    due = models.DateField()
    done_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "task"
        ordering = ("due", "id")
        indexes = (
            models.Index(
                fields=["service", "due"],
                condition=models.Q(done_at=None, cancelled_at=None),
                name="open_tasks",
            ),
            models.Index(
                fields=["service", "kind", "due"],
                condition=models.Q(done_at=None, cancelled_at=None),
                name="open_tasks_of_a_kind",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["episode", "kind"],
                condition=models.Q(done_at=None, cancelled_at=None),
                name="one_open_task_of_a_kind",
            ),
        )

    @property
    def words(self) -> str:
        """What it asks for, to be read within a sentence: ``call again``."""
        label = TaskKind(self.kind).label
        return label[:1].lower() + label[1:]


class Contact(models.Model):
    """An attempt to reach a person, and what came of it."""

    service = models.ForeignKey(Service, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="contacts")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="contacts")
    on = models.DateField()
    channel = models.CharField(max_length=20)
    outcome = models.CharField(max_length=30)
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT)

    class Meta:
        db_table = "contact"
        ordering = ("on", "id")
