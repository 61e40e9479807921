"""What a service keeps to get better: changes tried, evidence for the standards, who closes gaps, files sent."""

from __future__ import annotations

import uuid

from django.db import models

from openfls.service.models.staff import Service, User


class Change(models.Model):
    """A change tried: plan, do, study, act. A chart of its measure is marked on the day it began."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="changes")
    measure_set = models.CharField(max_length=30)
    measure = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    plan = models.TextField(help_text="What is to be better, by how much, by when; what is changed.")
    began_on = models.DateField()
    did = models.TextField(blank=True)
    studied = models.TextField(blank=True)
    acted = models.TextField(blank=True)
    ended_on = models.DateField(null=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    withdrawn = models.BooleanField(default=False, help_text="Taken away: kept by mistake.")

    class Meta:
        db_table = "quality_change"
        ordering = ("-began_on", "-id")


class Evidence(models.Model):
    """Something attested for a clinical standard: a peer review, a survey, a competence record. Never changed; what no
    longer holds is withdrawn."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="evidence")
    standard = models.CharField(max_length=20)
    kind = models.CharField(max_length=30)
    words = models.CharField(max_length=500)
    on = models.DateField()
    holds_until = models.DateField(null=True)
    owner = models.CharField(max_length=120)
    where = models.CharField(max_length=300, blank=True, help_text="Where the paper itself is kept.")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    withdrawn = models.BooleanField(default=False)

    class Meta:
        db_table = "standard_evidence"
        ordering = ("-on", "-id")


class GapAction(models.Model):
    """What is to be done about a gap in a standard, by whom and by when."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="gap_actions")
    standard = models.CharField(max_length=20)
    words = models.CharField(max_length=500)
    owner = models.CharField(max_length=120)
    due = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    done_on = models.DateField(null=True)
    done_words = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "standard_gap_action"
        ordering = ("due", "id")


class Profile(models.Model):
    """A level that the service gives itself in a standard of the international best-practice framework, and why."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="profile")
    standard = models.CharField(max_length=20)
    level = models.CharField(max_length=10)
    words = models.CharField(max_length=500)
    on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "best_practice_level"
        ordering = ("-id",)


class AuditSubmission(models.Model):
    """A file made for the national audit, as it left: nothing of it is ever changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="submissions")
    dataset = models.CharField(max_length=4)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    rows = models.PositiveIntegerField()
    opted_out = models.PositiveIntegerField(help_text="Rows left out because the person has opted out.")
    not_checked = models.PositiveIntegerField(help_text="Rows whose person's opt-out nobody has checked.")
    to_mend = models.PositiveIntegerField(help_text="Lines that the mend list still had.")
    name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(help_text="The file itself, compressed.")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "audit_submission"
        ordering = ("-at",)


class FacilitiesAnswer(models.Model):
    """What a service told about its facilities for a year; the newest counts."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="facilities")
    year = models.PositiveSmallIntegerField()
    answers = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "facilities_answer"
        ordering = ("-year", "-id")


class SharedResult(models.Model):
    """Results that a service lets other services see, kept as they were rounded: no small number is in them."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="shared_results")
    measure_set = models.CharField(max_length=30)
    version = models.CharField(max_length=20)
    since = models.DateField()
    until = models.DateField()
    results = models.JSONField(help_text="By measure: numerator and denominator, null where suppressed.")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn = models.BooleanField(default=False)

    class Meta:
        db_table = "shared_result"
        ordering = ("-id",)


class MeasuredFile(models.Model):
    """The result of a measured file of another system, kept because somebody asked for it. No row of it is kept."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="measured_files")
    name = models.CharField(max_length=200)
    result = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "measured_file"
        ordering = ("-id",)


class OptOut(models.Model):
    """What was found when somebody looked whether a person has set the national data opt-out. The newest counts; a
    person without a row has not been checked, which is not the same as *has not opted out*."""

    person = models.ForeignKey("Person", models.CASCADE, related_name="opt_outs")
    service = models.ForeignKey(Service, models.PROTECT)
    opted_out = models.BooleanField()
    checked_on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "national_data_opt_out"
        ordering = ("-id",)
