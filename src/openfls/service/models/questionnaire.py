"""The person's own questionnaire: the door to it, and the answers as the person gave them."""

from __future__ import annotations

import uuid

from django.db import models

from openfls.service.models.care import Episode
from openfls.service.models.staff import Service, User
from openfls.service.models.told import ToldValue


class Questionnaire(models.Model):
    """One invitation to answer questions at home, by a link or by a code on a letter.

    Of the link and the code only a keyed hash is kept: nobody can read either from the database.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="questionnaires")
    link_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True, help_text="When somebody first showed who they are.")
    sent_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True, help_text="When every answer had been looked at.")
    seen_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "questionnaire"
        ordering = ("-made_at",)


class PersonAnswer(models.Model):
    """What the person answered to one question. Until the questionnaire is sent the person can change it.

    ``value`` is JSON as in an assessment's answer; None: the person does not know. When the questionnaire is sent, each
    value becomes a `ToldValue` that waits for a nurse; words that fill no field of the record have none.
    """

    service = models.ForeignKey(Service, models.PROTECT)
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="answers")
    field = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    given_at = models.DateTimeField()
    told = models.OneToOneField(ToldValue, models.PROTECT, null=True, related_name="person_answer")

    class Meta:
        db_table = "person_answer"
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["questionnaire", "field"], name="one_answer_of_a_person_per_field"
            ),
        )


class WrongCode(models.Model):
    """A code that nobody has, typed at the door: counted to slow guessing down. It belongs to no service."""

    at = models.DateTimeField(db_index=True)
    origin = models.CharField(
        max_length=64, help_text="Keyed hash of the network address; the address is not kept."
    )

    class Meta:
        db_table = "wrong_code"
