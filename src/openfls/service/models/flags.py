"""What must be known before anybody is contacted or anything is sent: set by a person, ended by a person."""

from __future__ import annotations

from django.db import models

from openfls.service.models.people import Person
from openfls.service.models.staff import Service, User


class PersonFlag(models.Model):
    """One flag of a person. It is never changed: it is ended, and set again."""

    class Kind(models.TextChoices):
        """What it says. The national data opt-out is apart: it concerns what leaves, not the person's care."""

        NO_CONTACT = "no_contact", "Does not want to be contacted"
        SAFEGUARDING = "safeguarding", "Safeguarding note"

    service = models.ForeignKey(Service, models.PROTECT)
    person = models.ForeignKey(Person, models.CASCADE, related_name="flags")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_words = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "person_flag"
        ordering = ("kind", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=models.Q(ended_at=None),
                name="one_standing_flag_of_a_kind",
            ),
        )
