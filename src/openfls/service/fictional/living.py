"""Living the fictional year: every delivery and every step on its own day, by the action a user would take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from openfls.fiction import feed_files
from openfls.fiction.values import Course, FeedFile, ReviewOutcome, ReviewStep, Year
from openfls.record import reasons
from openfls.record.pathway import NotPossible
from openfls.service import clock, letters
from openfls.service.actions import (
    assessing,
    closing,
    ending_tasks,
    finding,
    planning,
    posting,
    reviewing,
    writing,
)
from openfls.service.actor import Actor, system_actor
from openfls.service.feeds.loading import load_bytes
from openfls.service.fictional import words
from openfls.service.fictional.treated import doses
from openfls.service.models import Episode, Fracture, Review, Service

Act = Callable[[], object]
_ZONE = ZoneInfo("Europe/London")
_DELIVERED, _DECIDED, _WORKED = time(6, 0), time(9, 0), time(11, 0)
_SAME_EVENT = timedelta(days=14)
_LAST_POST = timedelta(days=10)


def live(year: Year, service: Service, staff: dict[str, Actor], progress: Callable[[int, int], None]) -> int:
    """Do everything that happens in ``year`` in its order. Returns how many steps could not be done as told."""
    events = sorted(
        [*_deliveries(year, service), *_steps(year, service, staff)], key=lambda event: (event[0], event[1])
    )
    impossible = 0
    for number, (moment, _, act) in enumerate(events, start=1):
        with clock.at(moment):
            try:
                act()
            except (NotPossible, _NotFound):
                impossible += 1
        progress(number, len(events))
    return impossible


class _NotFound(Exception):
    """The feeds made no episode of what the course is about: the reader missed it, as in life."""


Event = tuple[datetime, int, Act]


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, tzinfo=_ZONE)


def _deliveries(year: Year, service: Service) -> Iterator[Event]:
    by = system_actor(service)

    def deliver(file: FeedFile) -> Act:
        return lambda: load_bytes(file.name, file.content, by=by)

    for number, file in enumerate(feed_files(year)):
        yield _at(file.delivered_on, _DELIVERED), number, deliver(file)


def _steps(year: Year, service: Service, staff: dict[str, Actor]) -> Iterator[Event]:
    last_post = year.end - _LAST_POST
    for number, course in enumerate(year.courses):
        for step, (day, moment, act) in enumerate(
            _course(course, _Finder(service, course), staff, last_post, year.end)
        ):
            yield _at(day, moment), number * 100 + step, act


class _Finder:
    """Finds the episode of a course among what the feeds made."""

    def __init__(self, service: Service, course: Course) -> None:
        self._service = service
        self._course = course
        self._key: object = None

    def __call__(self) -> Episode:
        """The episode as it is now."""
        if self._key is None:
            on = self._course.fracture_on
            fracture = Fracture.objects.filter(
                service=self._service,
                person__identifiers__value=self._course.hospital_number,
                site__in=self._course.sites,
                on__range=(on - _SAME_EVENT, on + _SAME_EVENT),
            ).first()
            if fracture is None:
                raise _NotFound
            self._key = fracture.episode_id
        return Episode.objects.select_related("person", "service").get(pk=self._key)


def _course(
    course: Course, find: _Finder, staff: dict[str, Actor], last_post: date, end: date
) -> Iterator[tuple[date, time, Act]]:
    if course.decision:
        decision = course.decision
        by = staff[decision.by]
        if decision.refuted:
            reason = words.REFUTED[decision.refuted]
            yield decision.on, _DECIDED, lambda: finding.refute(episode=find(), reason=reason, by=by)
        else:
            yield decision.on, _DECIDED, lambda: finding.confirm(episode=find(), by=by)
    for call in course.contacts:
        yield call.on, _DECIDED, _contact(call, find, staff)
    if course.assessment:
        yield course.assessment.on, _WORKED, _assessment(course, find, staff)
    if course.dxa and course.dxa.on and course.dxa.result:
        yield course.dxa.on, time(14, 0), _scan(course, find, staff)
    if course.plan:
        yield course.plan.on, time(15, 0), _plan(course, find, staff)
    for letter in course.letters:
        yield letter.on, time(16, 0), _letter(letter.to, find, staff[letter.by], posted=letter.on < last_post)
    for step, kind in ((course.review_16, Review.Kind.WEEK_16), (course.review_52, Review.Kind.WEEK_52)):
        if step:
            yield step.on, _WORKED, _review(step, kind, find, staff)
    if course.plan:
        yield from doses(course, end, find, staff[course.plan.by])
    if course.closed and course.closed.reason in words.CLOSINGS and not _closed_by_review(course):
        closed = course.closed
        yield (
            closed.on,
            time(17, 0),
            lambda: closing.close(episode=find(), reason=words.CLOSINGS[closed.reason], by=staff[closed.by]),
        )


def _closed_by_review(course: Course) -> bool:
    """Whether a review told of the death, which closes the episode by itself."""
    return any(step and step.outcome is ReviewOutcome.DIED for step in (course.review_16, course.review_52))


def _contact(call, find: _Finder, staff: dict[str, Actor]) -> Act:  # noqa: ANN001 - fiction.values.ContactStep
    return lambda: reviewing.contact(
        episode=find(),
        channel=reasons.Channel.TELEPHONE,
        outcome=words.CONTACTS[call.outcome],
        on=call.on,
        by=staff[call.by],
    )


def _assessment(course: Course, find: _Finder, staff: dict[str, Actor]) -> Act:
    step = course.assessment
    assert step is not None
    heard = dict(step.answers)
    if not step.falls_assessed:
        heard.pop("falls_last_year", None)

    def act() -> None:
        by = staff[step.by]
        assessing.answer(episode=find(), answers=words.answers_of(heard), known_on=step.on, by=by)
        assessing.finish(episode=find(), assessed_on=step.on, by=by)

    return act


def _scan(course: Course, find: _Finder, staff: dict[str, Actor]) -> Act:
    assert course.dxa is not None
    assert course.assessment is not None
    scan, by = course.dxa, staff[course.assessment.by]
    return lambda: assessing.answer(
        episode=find(),
        answers=words.answers_of({"bone_density": scan.result}),
        source="DXA department",
        known_on=scan.on,
        by=by,
    )


def _plan(course: Course, find: _Finder, staff: dict[str, Actor]) -> Act:
    step = course.plan
    assert step is not None
    done = course.dxa and course.dxa.on and course.dxa.on <= step.on
    agreed = planning.Agreed(
        decision=words.DECISIONS[step.kind],
        drug=reasons.Drug(step.drug) if step.drug else None,
        decision_reason=words.WHY_NO_DRUG.get(step.kind, ""),
        calcium_vitamin_d=(
            reasons.CalciumVitaminD.BOTH if step.calcium_vitamin_d else reasons.CalciumVitaminD.DIET
        ),
        falls_referral=(
            reasons.FallsReferral.REFERRED if step.falls_referral else reasons.FallsReferral.NOT_NEEDED
        ),
        dxa=(
            reasons.DxaDecision.DONE
            if done
            else reasons.DxaDecision.ORDERED
            if course.dxa
            else reasons.DxaDecision.NOT_NEEDED
        ),
        offered=words.offered(step.drug),
        lifestyle=words.LIFESTYLE,
        dental=words.DENTAL.get(step.drug or "", ""),
    )

    def act() -> None:
        episode, by = find(), staff[step.by]
        try:
            planning.agree(episode=episode, agreed=agreed, agreed_on=step.on, by=by)
        except planning.NotAnswered as error:
            planning.agree(episode=episode, agreed=_answered(agreed, error.asked), agreed_on=step.on, by=by)

    return act


def _answered(agreed: planning.Agreed, asked: planning.Asked) -> planning.Agreed:
    """The fictional clinicians say something to every question that a plan raises."""
    return replace(
        agreed,
        answers={one.field: words.WEIGHED for one in asked.contradictions},
        decisions={one.rule.id: words.WEIGHED for one in asked.red},
    )


def _letter(to: str, find: _Finder, writer: Actor, *, posted: bool) -> Act:
    """Written and approved, and posted the same day; what was written in the last days still lies there."""

    def act() -> None:
        letter = writing.write(episode=find(), kind=to, by=writer)
        seen = letters.fingerprint(letters.value_of(letter))
        writing.approve(episode=letter.episode, letter=letter, seen=seen, by=writer)
        if posted:
            posting.send(letter=letter, on=clock.today(), way="post", by=writer)

    return act


def _review(step: ReviewStep, kind: Review.Kind, find: _Finder, staff: dict[str, Actor]) -> Act:
    outcome = words.REVIEWS[step.outcome]
    on_treatment = outcome is reasons.ReviewOutcome.ON_TREATMENT
    heard = reviewing.Heard(
        outcome=outcome,
        drug=reasons.Drug(step.drug) if step.drug and on_treatment else None,
        strength_balance=step.strength_balance,
        refractures=step.refractures,
    )

    def act() -> None:
        episode, by = find(), staff[step.by]
        reviewing.record(episode=episode, kind=kind, heard=heard, reviewed_on=step.on, by=by)
        answered = episode.tasks.filter(kind=reasons.TaskKind.FALLS_ANSWER, done_at=None, cancelled_at=None)
        for task in answered:  # by then the falls team has written
            ending_tasks.end(task=task, by=by)

    return act
