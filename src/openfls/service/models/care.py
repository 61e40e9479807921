"""Fractures, the episode of care that each starts, and what was found and agreed in it."""

from __future__ import annotations

import uuid

from django.db import models

from openfls.record.findings import FractureAge, Kind, Triage
from openfls.record.pathway import PLACES, Place, State
from openfls.record.sites import Side, Site
from openfls.service.models.choices import choices
from openfls.service.models.people import Person
from openfls.service.models.staff import Service, User

STATES = [(state.value, place.list_title) for state, place in PLACES.items()]


class Episode(models.Model):
    """One person's way through the service after one index event.

    ``state`` repeats the newest status row, so that a worklist is one indexed query; only `actions.moves` writes it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="episodes")
    person = models.ForeignKey(Person, models.PROTECT, related_name="episodes")
    index_date = models.DateField(help_text="Diagnosis of the index fracture: every clock starts here.")
    found_on = models.DateField(help_text="The day the service first knew.")
    triage = models.CharField(max_length=10, choices=choices(Triage))
    reason = models.CharField(max_length=500, help_text="Why it was put forward.")
    incidental = models.CharField(
        max_length=200,
        blank=True,
        help_text="Where a spine fracture was seen on an image taken for something else; empty for any other.",
    )
    state = models.CharField(max_length=20, choices=STATES, default=State.FOUND)
    history = models.BooleanField(
        default=False,
        help_text="Older than the day from which the service finds: known as an earlier fracture, not to be confirmed.",
    )

    class Meta:
        db_table = "episode"
        indexes = (
            models.Index(fields=["service", "state", "index_date"]),
            # Few are of history in most services; counting them must not read all the others.
            models.Index(
                fields=["service", "state"], condition=models.Q(history=True), name="episodes_of_history"
            ),
            models.Index(
                fields=["service", "state"], condition=~models.Q(incidental=""), name="episodes_by_chance"
            ),
        )

    @property
    def place(self) -> Place:
        """The state in the words of the pages."""
        return PLACES[State(self.state)]

    @property
    def index_fracture(self) -> Fracture:
        """The fracture that started the episode: the first by date, then as it was found."""
        return self.fractures.all()[0]


class Fracture(models.Model):
    """One broken bone. The first of an episode is the index fracture, others happened in the same event."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="fractures")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="fractures")
    on = models.DateField()
    site = models.CharField(max_length=20, choices=choices(Site))
    side = models.CharField(max_length=5, choices=choices(Side), blank=True)
    levels = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=20, choices=choices(Kind), default=Kind.TRAUMATIC)
    age = models.CharField(max_length=5, choices=choices(FractureAge), default=FractureAge.NEW)
    fragility = models.BooleanField(null=True, help_text="Unknown until a person has judged it.")
    fragility_was = models.BooleanField(
        null=True, help_text="What had been judged before the episode turned out not to be a case."
    )
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "fracture"
        ordering = ("on", "rank")
        constraints = (models.UniqueConstraint(fields=["episode", "rank"], name="fractures_have_an_order"),)

    @property
    def words(self) -> str:
        """For example ``Left wrist`` or ``Spine T12, L1``."""
        site = Site(self.site).label
        if self.side == Side.BOTH:
            return f"{site}, both sides"
        levels = self.levels.replace(";", ", ")
        words = f"{self.side} {site.lower()}".strip() if self.side else site
        return f"{words} {levels}".strip().capitalize() if not levels else f"{words} {levels}"


class Status(models.Model):
    """A row of an episode's history: never changed. The newest says where the episode stands."""

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="statuses")
    state = models.CharField(max_length=20, choices=STATES)
    step = models.CharField(max_length=30)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        db_table = "status"
        ordering = ("id",)


class Assessment(models.Model):
    """The bone-health and falls assessment of an episode, with the advice that was given when it was finished."""

    episode = models.OneToOneField(Episode, models.PROTECT, related_name="assessment")
    service = models.ForeignKey(Service, models.PROTECT)
    started_at = models.DateTimeField()
    assessed_on = models.DateField(null=True)
    finished_by = models.ForeignKey(User, models.PROTECT, null=True)
    advice = models.JSONField(default=dict, help_text="Pack, inputs, advice and trace: enough to replay it.")

    class Meta:
        db_table = "assessment"


class Answer(models.Model):
    """One field of an assessment as it was answered once. The newest row counts; the others are its history."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="answers")
    field = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    source = models.CharField(max_length=200, help_text="Who or what said so: typed, a feed, the person.")
    known_on = models.DateField(help_text="The day to which the value belongs.")
    scan_on = models.DateField(
        null=True,
        help_text="For a figure of a bone density scan, the day of that scan; empty while it is not told.",
    )
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True)

    class Meta:
        db_table = "answer"
        ordering = ("id",)
        indexes = (models.Index(fields=["assessment", "field"]),)


class Plan(models.Model):
    """What was agreed with the person. A plan is never overwritten: a changed one is a new row."""

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="plans")
    service = models.ForeignKey(Service, models.PROTECT)
    agreed_on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT)
    decision = models.CharField(max_length=30)
    drug = models.CharField(max_length=40, blank=True)
    decision_reason = models.CharField(max_length=500, blank=True)
    calcium_vitamin_d = models.CharField(max_length=30)
    falls_referral = models.CharField(max_length=30)
    dxa = models.CharField(max_length=30)
    what_matters = models.TextField(blank=True)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        db_table = "plan"
        ordering = ("id",)


class Review(models.Model):
    """What was heard at 16 or 52 weeks."""

    class Kind(models.TextChoices):
        """Which of the two reviews."""

        WEEK_16 = "week_16", "16-week review"
        WEEK_52 = "week_52", "52-week review"

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="reviews")
    service = models.ForeignKey(Service, models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reviewed_on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT)
    outcome = models.CharField(max_length=30)
    drug = models.CharField(max_length=40, blank=True)
    strength_balance = models.BooleanField(null=True)
    refractures = models.PositiveSmallIntegerField(null=True)
    note = models.TextField(blank=True)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        db_table = "review"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["episode", "kind"],
                condition=models.Q(withdrawn=False),
                name="one_standing_review_of_a_kind",
            ),
        )
