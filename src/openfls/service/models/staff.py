"""Services, the people who work in them, and what each may do."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from openfls.service import clock
from openfls.service.roles import Role


class User(AbstractUser):
    """Somebody who signs in."""

    factor_asked_at = models.DateTimeField(
        null=True, blank=True, help_text="When a second factor was first asked of somebody who had none."
    )

    class Meta:
        db_table = "app_user"

    @property
    def full_name(self) -> str:
        """First and last name, or the user name where there is none."""
        return self.get_full_name() or self.username


class RealServices(models.Manager["Service"]):
    """The services that care for people: none of the rooms in which a trainee practises on fictional ones."""

    def get_queryset(self) -> models.QuerySet[Service]:
        """Every service but those of a practice."""
        return super().get_queryset().filter(practice_of=None)


class Service(models.Model):
    """One Fracture Liaison Service. Several can live in one installation; nothing crosses between them.

    Whatever lists services asks `Service.real`: a service that is the room of a practice is no service to anybody but
    the trainee for whom it was made.
    """

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    address = models.TextField(blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    guideline = models.CharField(max_length=40, default="NG259@2026-07-29")
    hospital_system = models.CharField(
        max_length=100,
        default="hospital number",
        help_text="What the hospital's messages call its numbers, so that those of its tables are known as the same.",
    )
    expected_caseload = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Fragility fractures a year that the service expects; its own figure.",
    )
    population = models.PositiveIntegerField(
        null=True, blank=True, help_text="People of all ages who live in the area that the service serves."
    )
    audit_one_in = models.PositiveSmallIntegerField(
        default=50,
        help_text="Of the reports in which the reader found nothing, one in so many is kept for an audit; 0 for none.",
    )
    is_fictional = models.BooleanField(default=False)
    find_from = models.DateField(
        null=True,
        blank=True,
        help_text="Fractures before this day are kept as history and not put forward; empty: all are.",
    )
    practice_of = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The trainee for whom it was made, where it is the room of a practice on fictional people.",
    )

    objects = models.Manager["Service"]()
    real = RealServices()

    class Meta:
        db_table = "service"

    def __str__(self) -> str:
        return self.name


class StandingRoles(models.Manager["Membership"]):
    """The roles that have not ended."""

    def get_queryset(self) -> models.QuerySet[Membership]:
        """Every role that holds at this moment."""
        return super().get_queryset().filter(Q(ends_at=None) | Q(ends_at__gt=clock.now()))


class Membership(models.Model):
    """A user's role in one service. One that has ended is kept, and found through ``ever`` alone.

    Whatever asks who may do something asks ``objects``, so that nobody can forget that somebody has left.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    service = models.ForeignKey(Service, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in Role])
    given_at = models.DateTimeField(null=True, default=clock.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    handed_to = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = StandingRoles()
    ever = models.Manager["Membership"]()

    class Meta:
        db_table = "membership"
        constraints = (models.UniqueConstraint(fields=["user", "service"], name="one_role_per_service"),)
