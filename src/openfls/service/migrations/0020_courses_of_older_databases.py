"""Courses that were kept before entries were, as entries; and courses that only the reviews of older databases tell of.

Nothing is guessed but the first day: it is the day of the plan where that named the drug, from which a promise comes too
early; else the day of the review, from which it may come too late, for the drug was taken before. No dose is made of such
a day, and where denosumab has none an alert asks for the last (`DMAB-UNDATED`). The next night works out each promise.
"""

from django.db import migrations
from django.utils import timezone


def tell(apps, schema_editor):
    """Both, in this order."""
    _entries(apps)
    _courses(apps)


def _entries(apps):
    Entry, Treatment = apps.get_model("service", "TreatmentEntry"), apps.get_model("service", "Treatment")
    Review = apps.get_model("service", "Review")
    for row in Treatment.objects.select_related("episode").prefetch_related("doses").order_by("pk"):
        back = {"taken_back_at": row.at, "taken_back_by": row.by} if row.withdrawn else {}
        first = {"service": row.service, "treatment": row, "at": row.at, "by": row.by, **back}
        made = [Entry(**first, kind="start", on=row.started_on, known_from=row.known_from)]
        for dose in row.doses.all():
            if dose.on == row.started_on and not (row.known_from_id or dose.known_from_id):
                continue  # the first day of a counted drug is its first dose, without a word of its own
            told = {**first, "at": dose.at, "by": dose.by, "known_from": dose.known_from}
            made.append(Entry(**told, kind="dose", on=dose.on))
        heard = Review.objects.filter(
            episode__person=row.episode.person_id, outcome="on_treatment", drug=row.drug, withdrawn=False
        ).exclude(pk=row.known_from_id)
        told_by = {review.reviewed_on: review for review in heard if review.reviewed_on >= row.started_on}
        days = {*told_by, *([row.reviewed_on] if row.reviewed_on else [])} if row.reviewed_on else set()
        made += [
            Entry(**first, kind="review", on=day, known_from=told_by.get(day))
            for day in sorted(days)
            if day <= row.reviewed_on
        ]
        if row.stopped_on:
            ended = {"reason": row.stop_reason, "paused": row.paused, "follow_on": row.follow_on}
            made.append(Entry(**first, kind="stop", on=row.stopped_on, known_from=row.stopped_from, **ended))
        Entry.objects.bulk_create(made)


def _courses(apps):
    Entry, Treatment = apps.get_model("service", "TreatmentEntry"), apps.get_model("service", "Treatment")
    Review, Plan = apps.get_model("service", "Review"), apps.get_model("service", "Plan")
    now, made = timezone.now(), {}
    reviews = Review.objects.filter(withdrawn=False).select_related("episode").order_by("reviewed_on", "pk")
    for review in reviews:
        person = review.episode.person_id
        told = {"service": review.service, "at": now, "by": review.by, "known_from": review}
        if review.outcome == "on_treatment" and review.drug:
            known = Treatment.objects.filter(episode__person=person, drug=review.drug, withdrawn=False)
            row = made.get((person, review.drug))
            if row is not None and row.stopped_on is None:
                Entry.objects.create(treatment=row, kind="review", on=review.reviewed_on, **told)
                row.reviewed_on = review.reviewed_on
                row.save()
            elif not any(one.stopped_on is None or one.stopped_on >= review.reviewed_on for one in known):
                plan = Plan.objects.filter(episode=review.episode, withdrawn=False).order_by("-pk").first()
                first = plan.agreed_on if plan and plan.drug == review.drug else review.reviewed_on
                row = Treatment.objects.create(
                    **told, episode=review.episode, drug=review.drug, started_on=first, next_due=first
                )
                Entry.objects.create(treatment=row, kind="start", on=first, **told)
                made[person, review.drug] = row
        elif review.outcome == "stopped":
            for (of, _), row in made.items():
                if of == person and row.stopped_on is None:
                    row.stopped_on, row.stop_reason = review.reviewed_on, "Heard at the review"
                    row.stopped_from = review
                    row.save()
                    Entry.objects.create(
                        treatment=row, kind="stop", on=review.reviewed_on, reason=row.stop_reason, **told
                    )


class Migration(migrations.Migration):
    dependencies = [("service", "0019_what_was_told_of_treatment")]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
