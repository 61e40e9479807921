"""How letters look and leave: a service's letterhead and wording, batches for print, and what was sent when and how."""

from __future__ import annotations

from django.db import models

from openfls.service.models.contact import Letter
from openfls.service.models.staff import Service, User


class Letterhead(models.Model):
    """What a service puts around its letters. Never changed: the newest row counts, the others are its history."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="letterheads")
    name = models.CharField(max_length=200)
    above = models.TextField(blank=True, help_text="Lines above the name, such as trust and hospital.")
    address = models.TextField(blank=True)
    telephone = models.CharField(max_length=40)
    email = models.EmailField(blank=True)
    hours = models.CharField(max_length=200, blank=True)
    signature = models.TextField(blank=True, help_text="Lines below the name of who signs.")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "letterhead"
        ordering = ("id",)


class LocalWording(models.Model):
    """A service's own wording of one kind of letter. Never changed: the newest row of a kind counts.

    An empty ``text`` is the way back to the standard wording.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="wordings")
    kind = models.CharField(max_length=30)
    text = models.TextField(blank=True)
    why = models.CharField(max_length=300)
    made_on = models.CharField(
        max_length=40, help_text="The version of the standard wording that it was made on."
    )
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "local_wording"
        ordering = ("id",)
        indexes = (models.Index(fields=["service", "kind"]),)


class LetterBatch(models.Model):
    """Letters that are looked at, signed and printed together."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="letter_batches")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        db_table = "letter_batch"
        ordering = ("-id",)


class LetterInBatch(models.Model):
    """A letter's place in a batch, from 1; it is printed as its mark."""

    batch = models.ForeignKey(LetterBatch, models.CASCADE, related_name="places")
    letter = models.ForeignKey(Letter, models.CASCADE, related_name="batch_places")
    place = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "letter_in_batch"
        ordering = ("place",)
        constraints = (models.UniqueConstraint(fields=["batch", "letter"], name="a_letter_once_in_a_batch"),)


class LetterSent(models.Model):
    """That a letter left, when and how. Taken back it stays in the record, and counts no more.

    ``run`` is the recording of a batch that told of it; none where the letter was recorded by itself, or where
    nobody knows which batch it was (rows of versions before the column). Only what a batch recorded is taken back
    with it.
    """

    class Way(models.TextChoices):
        """How it went."""

        POST = "post", "By post"
        BY_HAND = "by_hand", "Given by hand"
        EMAIL = "email", "By e-mail, from outside openfls"

    service = models.ForeignKey(Service, models.PROTECT)
    letter = models.ForeignKey(Letter, models.PROTECT, related_name="sendings")
    run = models.ForeignKey("LetterRun", models.SET_NULL, null=True, related_name="sendings")
    on = models.DateField()
    way = models.CharField(max_length=10, choices=Way.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "letter_sent"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["letter"], condition=models.Q(taken_back_at=None), name="a_letter_is_sent_once"
            ),
        )
