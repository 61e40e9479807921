"""What is kept of somebody's training: what was read and answered, what was signed off, what was earned."""

from __future__ import annotations

import uuid

from django.db import models

from openfls.service.models.staff import Service, User


class TrainingRules(models.Model):
    """What a service sets for the papers of a course itself; without a row the course's own numbers count."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="training_rules")
    course = models.CharField(max_length=20)
    pass_mark = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    attempts = models.PositiveSmallIntegerField()
    wait_days = models.PositiveSmallIntegerField()
    per_topic = models.PositiveSmallIntegerField(help_text="Questions of each topic in a paper.")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "training_rules"
        constraints = (models.UniqueConstraint(fields=["service", "course"], name="one_rule_a_course"),)


class Enrolment(models.Model):
    """Somebody is on a course. ``cycle`` counts the times that the certificate is worked for: 1, then renewals."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="enrolments")
    user = models.ForeignKey(User, models.PROTECT, related_name="enrolments")
    course = models.CharField(max_length=20)
    at = models.DateTimeField()
    cycle = models.PositiveSmallIntegerField(default=1)
    extra_percent = models.PositiveSmallIntegerField(default=0, help_text="Extra time in a paper.")
    rest_minutes = models.PositiveSmallIntegerField(default=0, help_text="Rest in a paper.")
    extra_attempts = models.PositiveSmallIntegerField(
        default=0, help_text="Attempts allowed beyond the rule in this cycle."
    )
    subject = models.UUIDField(
        default=uuid.uuid4,
        editable=False,
        help_text="What a badge calls its holder: a number without meaning.",
    )

    class Meta:
        db_table = "training_enrolment"
        constraints = (models.UniqueConstraint(fields=["service", "user", "course"], name="enrolled_once"),)


class LessonRead(models.Model):
    """A lesson that somebody says to have read, in one wording."""

    service = models.ForeignKey(Service, models.PROTECT)
    user = models.ForeignKey(User, models.PROTECT, related_name="lessons_read")
    topic = models.CharField(max_length=6)
    version = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        db_table = "training_lesson_read"
        constraints = (
            models.UniqueConstraint(fields=["service", "user", "topic", "version"], name="read_once"),
        )


class CheckAnswer(models.Model):
    """One try at a check question of a topic. ``score`` is None while steps of a case are still to come."""

    service = models.ForeignKey(Service, models.PROTECT)
    user = models.ForeignKey(User, models.PROTECT, related_name="check_answers")
    topic = models.CharField(max_length=6)
    question = models.CharField(max_length=12)
    hash = models.CharField(max_length=64)
    seed = models.CharField(max_length=40)
    answers = models.JSONField(default=list)
    score = models.FloatField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "training_check_answer"
        ordering = ("id",)
        indexes = (models.Index(fields=["service", "user", "topic"], name="checks_of_a_topic"),)


class Reflection(models.Model):
    """An entry of somebody's reflective log; a supervisor sees it only where it is shared."""

    service = models.ForeignKey(Service, models.PROTECT)
    user = models.ForeignKey(User, models.PROTECT, related_name="reflections")
    topic = models.CharField(max_length=6, blank=True)
    happened = models.TextField()
    learned = models.TextField()
    change = models.TextField(blank=True)
    shared = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "training_reflection"
        ordering = ("-id",)


class SignOff(models.Model):
    """A supervisor has seen somebody do in practice what a topic teaches."""

    service = models.ForeignKey(Service, models.PROTECT)
    user = models.ForeignKey(User, models.PROTECT, related_name="signed_off")
    topic = models.CharField(max_length=6)
    words = models.CharField(max_length=500)
    on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn = models.BooleanField(default=False)

    class Meta:
        db_table = "training_sign_off"
        ordering = ("-id",)


class Certificate(models.Model):
    """A certificate as it was issued. Nothing of it changes but that it may be revoked."""

    class Why(models.TextChoices):
        """Why a certificate is revoked, in words that a stranger may read."""

        ERROR = "error", "issued in error"
        CONDUCT = "conduct", "the rules of the paper were broken"
        HOLDER = "holder", "given back by its holder"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="certificates")
    user = models.ForeignKey(User, models.PROTECT, related_name="certificates")
    attempt = models.OneToOneField("Attempt", models.PROTECT, related_name="certificate")
    course = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    name = models.CharField(max_length=301, help_text="The holder's name as it stands on the certificate.")
    code = models.CharField(max_length=14, unique=True)
    status_index = models.PositiveIntegerField(unique=True)
    issued_at = models.DateTimeField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=10, choices=Why.choices, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "training_certificate"
        ordering = ("-issued_at",)


class CpdPoint(models.Model):
    """Points for continuing professional development: of a topic, or what a certificate adds to them."""

    service = models.ForeignKey(Service, models.PROTECT)
    user = models.ForeignKey(User, models.PROTECT, related_name="cpd_points")
    course = models.CharField(max_length=20)
    topic = models.CharField(max_length=6, blank=True, help_text="Empty: the certificate.")
    cycle = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=200)
    points = models.DecimalField(max_digits=5, decimal_places=2)
    on = models.DateField()

    class Meta:
        db_table = "training_cpd_point"
        ordering = ("on", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["service", "user", "course", "topic", "cycle"], name="points_once_a_cycle"
            ),
        )
