"""What people set right by hand: details of a person, and what a feed told of a fracture."""

from __future__ import annotations

from typing import Any

from django.db import models

from openfls.record.sites import Side, Site
from openfls.service.models.care import Fracture
from openfls.service.models.choices import choices
from openfls.service.models.people import Person
from openfls.service.models.staff import Service, User


class PersonCorrection(models.Model):
    """One detail of a person that somebody set right. While it stands, no feed changes the detail.

    ``field`` is a column of `Person`; ``was`` and ``value`` are what stood there before and since (dates as ISO text).
    ``told`` is what a record has said since that is neither; None while nothing contradicts. ``kept_over`` are the told
    values that somebody has looked at and turned down: they are not asked about again.
    """

    service = models.ForeignKey(Service, models.PROTECT)
    person = models.ForeignKey(Person, models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=30)
    was = models.JSONField(null=True)
    value = models.JSONField(null=True)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    told = models.JSONField(null=True)
    told_at = models.DateTimeField(null=True)
    kept_over = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "person_correction"
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["person", "field"],
                condition=models.Q(ended_at=None),
                name="one_standing_correction_of_a_detail",
            ),
        )
        indexes = (
            models.Index(
                fields=["service"],
                condition=models.Q(ended_at=None, told__isnull=False),
                name="corrections_contradicted",
            ),
        )

    @property
    def words(self) -> str:
        """The detail as a page names it: ``date of birth``."""
        return {
            "birth_date": "date of birth",
            "deceased": "has died",
            "deceased_on": "date of death",
            "general_practice": "GP practice",
        }.get(self.field, self.field.replace("_", " "))


class FractureCorrection(models.Model):
    """Day, site, side and levels of a fracture as a person put them right, beside what the feeds told.

    ``records`` are the keys of the feed records that told of it then: whatever tells of the same fracture later is put
    right with them (`feeds.putting_right`). A later correction, or taking it back, ends this one. ``fracture`` is None
    where the evidence, put right, turned out to tell of another that was known.
    """

    service = models.ForeignKey(Service, models.PROTECT)
    person = models.ForeignKey(Person, models.CASCADE, related_name="fracture_corrections")
    fracture = models.ForeignKey(Fracture, models.SET_NULL, null=True, related_name="corrections")
    on = models.DateField(null=True, help_text="None where nobody knows the day.")
    site = models.CharField(max_length=20, choices=choices(Site))
    side = models.CharField(max_length=5, choices=choices(Side), blank=True)
    levels = models.CharField(max_length=100, blank=True)
    told_on = models.DateField(null=True, help_text="None where no record said the day.")
    told_site = models.CharField(max_length=20, choices=choices(Site))
    told_side = models.CharField(max_length=5, choices=choices(Side), blank=True)
    told_levels = models.CharField(max_length=100, blank=True)
    stood_on = models.DateField(help_text="The day that stood on the fracture while nobody had put it right.")
    records = models.JSONField(default=list)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "fracture_correction"
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["fracture"],
                condition=models.Q(ended_at=None),
                name="one_standing_correction_of_a_fracture",
            ),
        )

    @property
    def told_words(self) -> str:
        """What the feeds told of the place: ``Left wrist``."""
        told: Any = Fracture(site=self.told_site, side=self.told_side, levels=self.told_levels)
        return str(told.words)
