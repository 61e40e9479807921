"""The clinic's days and places, its closed days and leave, what somebody put on a day, and addresses of calendars."""

from __future__ import annotations

from django.db import models

from openfls.service.models.care import Episode
from openfls.service.models.staff import Service, User


class Slot(models.TextChoices):
    """What takes a place on a clinic day."""

    WEEK_16 = "week_16", "16-week review"
    WEEK_52 = "week_52", "52-week review"
    TREATMENT = "treatment", "Treatment"
    ASSESS = "assess", "Assessment"


class ClinicHours(models.Model):
    """How much the staff can do on each weekday. The newest row holds; none is ever changed.

    ``places`` (reviews and treatments) and ``assess_places`` are seven numbers, Monday first, the second empty where no
    assessments are levelled; ``starts`` seven hours (``09:30``, empty for none told). ``closed`` are the days without a
    clinic of the time before `ClinicAbsence`, which has them now.
    """

    service = models.ForeignKey(Service, models.PROTECT)
    places = models.JSONField()
    assess_places = models.JSONField(default=list)
    starts = models.JSONField()
    closed = models.JSONField(default=list)
    minutes = models.PositiveSmallIntegerField(default=30)
    assess_minutes = models.PositiveSmallIntegerField(default=60)
    bank_holidays = models.BooleanField(default=True, help_text="No clinic on the bank holidays of England.")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        db_table = "clinic_hours"
        ordering = ("id",)


class ClinicAbsence(models.Model):
    """Days without a clinic, days on which somebody is away, or a bank holiday on which there is one all the same.

    ``fewer`` and ``fewer_assess`` are the places of each day that fall out while somebody is away.
    """

    class Kind(models.TextChoices):
        """What is different on these days."""

        CLOSED = "closed", "No clinic"
        AWAY = "away", "Somebody is away"
        OPEN = "open", "A clinic although it is a bank holiday"

    service = models.ForeignKey(Service, models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    first_on = models.DateField()
    last_on = models.DateField()
    words = models.CharField(max_length=100)
    fewer = models.PositiveSmallIntegerField(default=0)
    fewer_assess = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "clinic_absence"
        ordering = ("first_on", "id")
        indexes = (models.Index(fields=["service", "last_on"]),)


class ClinicDayChosen(models.Model):
    """Somebody put an appointment on a day. The newest that was not taken back holds, until the day has passed."""

    service = models.ForeignKey(Service, models.PROTECT)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="clinic_days")
    kind = models.CharField(max_length=10, choices=Slot.choices)
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
