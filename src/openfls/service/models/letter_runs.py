"""Work on all letters of a batch: how far it has come, what became of each letter, and the file it made."""

from __future__ import annotations

from django.db import models

from openfls.service.models.contact import Letter
from openfls.service.models.posting import LetterBatch, LetterSent
from openfls.service.models.staff import Service, User


class LetterRun(models.Model):
    """One work on a batch; one at a time is under way in a batch.

    ``reached`` is the place of the last letter that is dealt with: whoever takes the run up goes on behind it. The
    ``file`` of a print is kept for a while, and is there as a whole or not at all.
    """

    class Kind(models.TextChoices):
        """What is done."""

        PRINT = "print", "Making the file for the printer"
        REPRINT = "reprint", "Making the file once more, with letters that are sent already"
        SEND = "send", "Recording the letters as sent"
        UNSEND = "unsend", "Taking back that they were sent"

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "waiting", "waits to begin"
        RUNNING = "running", "under way"
        DONE = "done", "done"
        FAILED = "failed", "could not go on"

    service = models.ForeignKey(Service, models.PROTECT)
    batch = models.ForeignKey(LetterBatch, models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    on = models.DateField(null=True, help_text="The day that is recorded as that of sending.")
    way = models.CharField(max_length=10, blank=True, choices=LetterSent.Way.choices)
    total = models.PositiveSmallIntegerField(help_text="Letters of the batch when it was asked for.")
    reached = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it could not go on.")
    ended_at = models.DateTimeField(null=True)
    file = models.BinaryField(null=True)
    file_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "letter_run"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["batch"],
                condition=models.Q(state__in=("waiting", "running")),
                name="one_run_of_a_batch_at_a_time",
            ),
        )

    @property
    def is_under_way(self) -> bool:
        """Whether somebody works on it, or will."""
        return self.state in (self.State.WAITING, self.State.RUNNING)


class LetterInRun(models.Model):
    """What a run did with a letter: dealt with, or passed by with a reason. Written together with what it did."""

    run = models.ForeignKey(LetterRun, models.CASCADE, related_name="letters")
    letter = models.ForeignKey(Letter, models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()
    left_out = models.CharField(
        max_length=300, blank=True, help_text="Why it was passed by; empty: it was not."
    )

    class Meta:
        db_table = "letter_in_run"
        ordering = ("place",)
        constraints = (models.UniqueConstraint(fields=["run", "letter"], name="a_letter_once_in_a_run"),)
