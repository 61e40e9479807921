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
    """One course of a bone drug. ``known_from`` is the review that told of it, ``stopped_from`` the one of its end.

    Its columns repeat what its standing entries say (`TreatmentEntry`); `service.treatment.courses.fold` writes them.
    """

    service = models.ForeignKey(Service, models.PROTECT)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="treatments")
    drug = models.CharField(max_length=40)
    started_on = models.DateField()
    stopped_on = models.DateField(null=True)
    stop_reason = models.CharField(max_length=300, blank=True)
    paused = models.BooleanField(default=False)
    follow_on = models.CharField(max_length=40, blank=True)
    follow_on_due = models.DateField(null=True)
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


class TreatmentEntry(models.Model):
    """Something that was told of a course, once. A row is never changed but to be marked as taken back.

    ``known_from`` is the review that told of it, ``replaces`` the wrong entry in whose place it stands.
    """

    class Kind(models.TextChoices):
        """What was told."""

        START = "start", "Begun"
        DOSE = "dose", "A dose was given"
        REVIEW = "review", "Reviewed, and goes on"
        STOP = "stop", "Stopped or paused"
        FOLLOW_ON = "follow_on", "What follows is planned"

    service = models.ForeignKey(Service, models.PROTECT)
    treatment = models.ForeignKey(Treatment, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on = models.DateField(help_text="The day it is about.")
    reason = models.CharField(max_length=300, blank=True)
    paused = models.BooleanField(default=False)
    follow_on = models.CharField(max_length=40, blank=True)
    follow_on_due = models.DateField(null=True)
    known_from = models.ForeignKey(Review, models.PROTECT, null=True, related_name="+")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    taken_back_why = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "treatment_entry"
        ordering = ("id",)

    @property
    def stands(self) -> bool:
        """Whether nobody has taken it back."""
        return self.taken_back_at is None


class Dose(models.Model):
    """One injection or infusion that was given, as the standing entries of the course say."""

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

    A decision stays with it for good: the same cause coming back brings the decision with it. One that has become worse
    by a step of its rule (``levels``) is another alert on the same ``base_key``.
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
    base_key = models.CharField(max_length=64, blank=True)
    levels = models.JSONField(default=list)
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

    @property
    def earlier(self) -> Alert | None:
        """What was decided about the same cause before it got worse; None where nothing was."""
        if not self.base_key:
            return None
        same = Alert.objects.filter(
            service=self.service_id, episode=self.episode_id, rule=self.rule, base_key=self.base_key
        )
        return same.exclude(pk=self.pk).exclude(decision="").select_related("decided_by").last()
