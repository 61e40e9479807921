"""Who gets in: invitations, what a service asks of a sign-in, reviews of roles, and records opened in an emergency."""

from __future__ import annotations

import uuid
from enum import StrEnum

from django.db import models

from openfls.service.models.choices import choices
from openfls.service.models.people import Person
from openfls.service.models.staff import Service, User
from openfls.service.roles import Role


class SecondFactor(StrEnum):
    """Of whom a service asks a second factor at the door."""

    ALL = "all"
    SOME = "some"
    NOBODY = "nobody"

    @property
    def label(self) -> str:
        """The words a page shows."""
        return {
            SecondFactor.ALL: "Everybody",
            SecondFactor.SOME: "Prescribers and managers",
            SecondFactor.NOBODY: "Nobody",
        }[self]


class AccessRules(models.Model):
    """What a service asks of those who sign in; without a row, what the installation says."""

    service = models.OneToOneField(Service, models.CASCADE, related_name="access_rules")
    second_factor = models.CharField(max_length=10, choices=choices(SecondFactor))
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "access_rules"


class Invitation(models.Model):
    """A link that lets one person in once: into a service with a role, or (``user`` is set) to a new password.

    Only the hash of its secret is kept.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="invitations")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    given_name = models.CharField(max_length=150, blank=True)
    family_name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=20, choices=choices(Role))
    last_day = models.DateField(null=True, help_text="The last day of the role, where it is known already.")
    secret_hash = models.CharField(max_length=64, unique=True)
    mailed = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "invitation"
        ordering = ("-made_at", "-id")

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}".strip()


class RoleReview(models.Model):
    """That somebody's role in a service was looked at, and whether it was kept. Never changed; the newest counts."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="role_reviews")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=choices(Role))
    kept = models.BooleanField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        db_table = "role_review"
        ordering = ("at", "id")


class Emergency(StrEnum):
    """Why a record of another service was opened."""

    AT_RISK = "at_risk"
    IN_FRONT = "in_front"
    ASKED = "asked"

    @property
    def label(self) -> str:
        """The words a page shows."""
        return {
            Emergency.AT_RISK: "The person may come to harm if I do not know what stands there",
            Emergency.IN_FRONT: "The person is with me or on the telephone, and needs care now",
            Emergency.ASKED: "Another clinician who treats the person now asks urgently",
        }[self]


class Outcome(StrEnum):
    """What the other service's manager made of it."""

    IN_ORDER = "in_order"
    ASKED = "asked"
    REPORTED = "reported"

    @property
    def label(self) -> str:
        """The words a page shows."""
        return {
            Outcome.IN_ORDER: "In order: there was a need",
            Outcome.ASKED: "Asked about, and explained",
            Outcome.REPORTED: "No need can be seen: reported as a breach",
        }[self]


class EmergencyAccess(models.Model):
    """One record of ``service`` that a user of another service opened in an emergency, for a short time, to read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="emergencies")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    from_service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=choices(Emergency))
    words = models.TextField(max_length=1000)
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=choices(Outcome), blank=True)
    reviewed_words = models.TextField(max_length=1000, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "emergency_access"
        ordering = ("-begun_at",)


class Counted(models.Model):
    """The table of Django's database cache: the tries at the door, which every process of the server must agree on."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "openfls_cache"
