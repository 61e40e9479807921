"""What stands in the room of a practice, as the plain facts that a key is held against."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from openfls.record.pathway import UNDER_CARE, State, Step
from openfls.record.reasons import Closing, NotForUs
from openfls.service import clock
from openfls.service.feeds.waiting import rows_waiting
from openfls.service.known import values_of
from openfls.service.models import Alert, Episode, Letter, Person, PersonFlag, Practice, Treatment, Verdict
from openfls.service.remembering import reading
from openfls.service.situation import standing_plan
from openfls.service.training.sandbox.answered import advised_of
from openfls.training.patients.facts import (
    AlertFacts,
    CourseFacts,
    EpisodeFacts,
    Facts,
    LetterFacts,
    PlanFacts,
)


@reading()
def recorded(practice: Practice, *, with_advice: bool = False) -> Facts:
    """Everything on record in the room, as of the simulated day. Ask it while living in the practice.

    What the packs advise takes longest to work out, and only the end of a practice asks for it.
    """
    room, today = practice.room, clock.today()
    first = today.toordinal() - practice.day
    episodes = (
        Episode.objects.filter(service=room).select_related("person", "service").order_by("index_date", "pk")
    )
    return Facts(
        day=practice.day,
        people=Person.objects.filter(service=room).count(),
        waiting=rows_waiting(room).count(),
        episodes=tuple(_episode(row, first, today, with_advice=with_advice) for row in episodes),
        flags=tuple(PersonFlag.objects.filter(service=room, ended_at=None).values_list("kind", flat=True)),
    )


def _episode(row: Episode, first: int, today: date, *, with_advice: bool) -> EpisodeFacts:
    plan = _plan(row)
    alerts = tuple(
        AlertFacts(one.rule, one.severity, one.ended_at is None, one.decision, one.title)
        for one in Alert.objects.filter(episode=row)
    )
    letters = tuple(_letters(row))
    known = values_of(row, today)
    advises = with_advice and State(row.state) in UNDER_CARE
    assessment = getattr(row, "assessment", None)
    confirmed = row.statuses.filter(step=Step.CONFIRM, undone_by=None).last()
    return EpisodeFacts(
        site=row.index_fracture.site,
        state=row.state,
        reason=_reason(row),
        confirmed_day=clock.day_of(confirmed.at).toordinal() - first if confirmed else None,
        assessed_day=assessment.assessed_on.toordinal() - first
        if assessment and assessment.assessed_on
        else None,
        plan=plan,
        known=known,
        alerts=alerts,
        letters=letters,
        courses=tuple(_course(one, first) for one in Treatment.objects.filter(episode=row, withdrawn=False)),
        reviews=tuple(row.reviews.filter(withdrawn=False).values_list("kind", "outcome")),
        contacts=tuple(row.contacts.values_list("outcome", flat=True)),
        advised=advised_of(row, plan, letters, known, today) if advises else (),
    )


def _course(row: Treatment, first: int) -> CourseFacts:
    days = [dose.toordinal() - first for dose in row.doses.values_list("on", flat=True)]
    return CourseFacts(
        row.drug,
        row.started_on.toordinal() - first,
        len(days),
        row.stopped_on is not None,
        row.follow_on,
        max(days, default=None),
    )


def _plan(row: Episode) -> PlanFacts | None:
    plan = standing_plan(row)
    if plan is None:
        return None
    detail = getattr(plan, "detail", None)
    return PlanFacts(
        decision=plan.decision,
        drug=plan.drug,
        reason=plan.decision_reason,
        dxa=plan.dxa,
        calcium_vitamin_d=plan.calcium_vitamin_d,
        falls=plan.falls_referral,
        specialist=detail.specialist if detail else "",
        dental=detail.dental if detail else "",
        come_back=bool(detail and detail.come_back_on),
        what_matters=plan.what_matters,
    )


def _letters(row: Episode) -> Iterator[LetterFacts]:
    for one in Letter.objects.filter(episode=row):
        sent = one.sendings.filter(taken_back_at=None).exists()
        yield LetterFacts(one.kind, "sent" if sent else "approved" if one.approved_at else "written")


def _reason(row: Episode) -> str:
    """The key of the reason for which the episode left the pathway."""
    if row.state == State.NOT_FOR_US:
        verdict = Verdict.objects.filter(episode=row, confirmed=False).order_by("pk").last()
        return verdict.reason if verdict else ""
    if row.state == State.CLOSED:
        words = row.statuses.order_by("pk").last().reason
        return next((one.value for one in (*Closing, *NotForUs) if words.startswith(one.label)), "")
    return ""
