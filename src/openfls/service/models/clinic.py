"""The clinic's days and places, reviews that somebody put on a day, and the secret addresses of calendars."""

from __future__ import annotations

from django.db import models

from openfls.service.models.care import Episode, Review
from openfls.service.models.staff import Service, User


class ClinicHours(models.Model):
    """How many reviews the staff can make on each weekday. The newest row holds; none is ever changed.

    ``places`` are seven numbers, Monday first; ``starts`` seven hours (``09:30``, empty for none told); ``closed`` are
    days without a clinic, as ISO dates.
    """

    service = models.ForeignKey(Service, models.PROTECT)
    places = models.JSONField()
    starts = models.JSONField()
    closed = models.JSONField(default=list)
    minutes = models.PositiveSmallIntegerField(default=30)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        db_table = "clinic_hours"
        ordering = ("id",)


class ClinicDayChosen(models.Model):
    """Somebody put a review on a day. The newest that was not taken back holds, until the day has passed."""

    service = models.ForeignKey(Service, models.PROTECT)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="clinic_days")
    kind = models.CharField(max_length=10, choices=Review.Kind.choices)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_back = models.BooleanField(default=False)

    class Meta:
        db_table = "clinic_day_chosen"
        ordering = ("id",)
        indexes = (models.Index(fields=["service", "on"]),)


class CalendarFeed(models.Model):
    """The secret address by which a user's calendar program reads the clinic days; only its hash is kept."""

    service = models.ForeignKey(Service, models.PROTECT)
    user = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    read_on = models.DateField(null=True, help_text="The last day on which it was read.")

    class Meta:
        db_table = "calendar_feed"
        ordering = ("id",)
