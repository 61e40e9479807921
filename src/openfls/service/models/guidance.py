"""Which guidelines advise a service: changes that somebody proposed, and the people whom each would move."""

from __future__ import annotations

from django.db import models

from openfls.service.models.care import Episode
from openfls.service.models.staff import Service, User


class GuidelineChange(models.Model):
    """A proposed change of what the service is advised by, decided by a second person.

    ``before`` and ``after`` are whole states (`service.guidance.Guidance`), so that the newest approved row says what
    is active without the rows before it. A row is never deleted; one that was taken back is followed by another.
    """

    class State(models.TextChoices):
        """Where a proposal stands."""

        COUNTING = "counting", "Being counted"
        WAITING = "waiting", "Waits for a second person"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn by its proposer"

    service = models.ForeignKey(Service, models.PROTECT, related_name="guideline_changes")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.COUNTING)
    before = models.JSONField()
    after = models.JSONField()
    reason = models.CharField(max_length=500)
    wanted_from = models.DateField(help_text="The day from which the proposer wants it to hold.")
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposer_role = models.CharField(max_length=20)
    # How far the count of the people has come: episodes are gone through by their key.
    to_count = models.PositiveIntegerField(default=0)
    counted = models.PositiveIntegerField(default=0)
    last_counted = models.UUIDField(null=True)
    counted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decision_reason = models.CharField(max_length=500, blank=True)
    effective_on = models.DateField(null=True, help_text="The first day of an approved change.")

    class Meta:
        db_table = "guideline_change"
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=["service", "number"], name="guideline_changes_are_numbered"),
            models.UniqueConstraint(
                fields=["service"],
                condition=models.Q(state__in=("counting", "waiting")),
                name="one_open_guideline_change",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved")
                | (
                    models.Q(decided_by__isnull=False, effective_on__isnull=False)
                    & ~models.Q(decided_by=models.F("proposed_by"))
                ),
                name="nobody_approves_their_own_change",
            ),
        )

    @property
    def is_open(self) -> bool:
        """Whether it still waits for something."""
        return self.state in (self.State.COUNTING, self.State.WAITING)


class GuidelineMove(models.Model):
    """A person under care whose advice a change would alter: the rules that hold, and the actions that differ."""

    change = models.ForeignKey(GuidelineChange, models.CASCADE, related_name="moves")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="+")
    rules_before = models.JSONField(default=list)
    rules_after = models.JSONField(default=list)
    gained = models.JSONField(default=list)
    lost = models.JSONField(default=list)

    class Meta:
        db_table = "guideline_move"
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["change", "episode"], name="moved_once_by_a_change"),)
