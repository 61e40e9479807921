"""What is really taken: courses of bone drugs and their doses; the fuller part of a plan; and the safety alerts."""

from __future__ import annotations

from django.db import models

from openfls.service.models.care import Episode, Plan, Review
from openfls.service.models.staff import Service, User


class PlanDetail(models.Model):
    """What was talked about when the plan was agreed, and who answers for it. One for each plan that a page made.

    ``shown`` is the options grid as it stood (packs, verdict of each drug), so that the decision can be read again.
    """

    class Signing(models.TextChoices):
        """Who answers for the drug."""

        NOT_NEEDED = "not_needed", "No drug is recommended"
        PRESCRIBER = "prescriber", "A prescriber of the service"
        GP = "gp", "The GP is asked"

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="detail")
    service = models.ForeignKey(Service, models.PROTECT)
    signing = models.CharField(max_length=12, choices=Signing.choices)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    offered = models.JSONField(default=list)
    calcium_reason = models.CharField(max_length=300, blank=True)
    lifestyle = models.JSONField(default=list)
    dental = models.CharField(max_length=20, blank=True)
    specialist = models.CharField(max_length=20, blank=True)
    come_back_on = models.DateField(null=True)
    answers = models.JSONField(default=dict, help_text="What was said to each contradiction, by the field.")
    shown = models.JSONField(default=dict)

    class Meta:
        db_table = "plan_detail"

    @property
    def waits(self) -> bool:
        """Whether a prescriber has still to sign."""
        return self.signing == self.Signing.PRESCRIBER and self.signed_at is None


class Treatment(models.Model):
    """One course of a bone drug. ``known_from`` is the review that told of it, ``stopped_from`` the one of its end."""

    service = models.ForeignKey(Service, models.PROTECT)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="treatments")
    drug = models.CharField(max_length=40)
    started_on = models.DateField()
    stopped_on = models.DateField(null=True)
    stop_reason = models.CharField(max_length=300, blank=True)
    paused = models.BooleanField(default=False)
    follow_on = models.CharField(max_length=40, blank=True)
    reviewed_on = models.DateField(null=True)
    next_due = models.DateField(
        null=True, help_text="Repeats what the schedule says, so that a list is one query."
    )
    known_from = models.ForeignKey(Review, models.PROTECT, null=True, related_name="+")
    stopped_from = models.ForeignKey(Review, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn = models.BooleanField(default=False)

    class Meta:
        db_table = "treatment"
        ordering = ("started_on", "id")
        indexes = (models.Index(fields=["service", "next_due"]),)


class Dose(models.Model):
    """One injection or infusion that was given. ``known_from`` is the review that told of it, where one did."""

    treatment = models.ForeignKey(Treatment, models.PROTECT, related_name="doses")
    on = models.DateField()
    known_from = models.ForeignKey(Review, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "dose"
        ordering = ("on", "id")
        constraints = (models.UniqueConstraint(fields=["treatment", "on"], name="one_dose_a_day"),)


class Alert(models.Model):
    """A safety alert as it was raised once for one cause. It ends by itself when what raised it is no more.

    A decision stays with it for good: the same cause coming back brings the decision with it.
    """

    class Decision(models.TextChoices):
        """What somebody decided."""

        ACTED = "acted", "Done as the alert says"
        OVERRIDDEN = "overridden", "Decided otherwise"

    service = models.ForeignKey(Service, models.PROTECT)
    episode = models.ForeignKey(Episode, models.CASCADE, null=True, related_name="alerts")
    rule = models.CharField(max_length=30)
    severity = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    action = models.CharField(max_length=400)
    source = models.CharField(max_length=300)
    confidence = models.CharField(max_length=30)
    cause = models.CharField(max_length=500)
    cause_key = models.CharField(max_length=64)
    pack = models.CharField(max_length=40)
    inputs = models.JSONField(default=list)
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=12, choices=Decision.choices, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review_words = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "alert"
        ordering = ("raised_at", "id")
        indexes = (models.Index(fields=["service", "severity", "ended_at"]),)
        constraints = (
            models.UniqueConstraint(
                fields=["episode", "rule", "cause_key"],
                condition=models.Q(episode__isnull=False),
                name="an_alert_once_for_a_cause",
            ),
            models.UniqueConstraint(
                fields=["service", "rule", "cause_key"],
                condition=models.Q(episode=None),
                name="an_alert_of_a_service_once_for_a_cause",
            ),
        )

    @property
    def waits(self) -> bool:
        """Whether it stands and nobody has decided."""
        return self.ended_at is None and not self.decision
