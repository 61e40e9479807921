"""Playing a case through the real actions, step by step as its file says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from openfls.record.reasons import (
    CalciumVitaminD,
    Channel,
    Closing,
    ContactOutcome,
    Drug,
    DrugDecision,
    DxaDecision,
    FallsReferral,
    NotForUs,
    ReviewOutcome,
)
from openfls.service import clock, letters
from openfls.service.actions import (
    alerting,
    assessing,
    closing,
    finding,
    planning,
    reviewing,
    treating,
    writing,
)
from openfls.service.actor import Actor
from openfls.service.feeds import deciding, merging
from openfls.service.feeds.waiting import rows_waiting, waiting_of
from openfls.service.models import Alert, Episode, Person, Practice, Review, Service, Treatment
from openfls.service.training.sandbox import clearing, rooms
from openfls.service.training.sandbox.library import case_called, cases
from openfls.service.training.sandbox.simulated import living_in
from openfls.training.patients.facts import ORDER, Facts
from openfls.training.patients.scoring import judge

Step = Mapping[str, Any]


class _Player:
    """Who plays: each step is a method of its name."""

    def __init__(self, practice: Practice) -> None:
        self.practice = practice
        self.by = rooms.actor_in(practice)

    @property
    def episode(self) -> Episode:
        rows = Episode.objects.filter(service=self.practice.room).select_related("person", "service")
        return max(rows.order_by("index_date"), key=lambda row: ORDER.index(row.state))

    def confirm(self) -> None:
        finding.confirm(episode=self.episode, by=self.by)

    def refute(self, reason: str) -> None:
        finding.refute(episode=self.episode, reason=NotForUs(reason), words="Not ours", by=self.by)

    def contact(self, outcome: str) -> None:
        reviewing.contact(
            episode=self.episode,
            channel=Channel.TELEPHONE,
            outcome=ContactOutcome(outcome),
            on=clock.today(),
            by=self.by,
        )

    def answer(self, answers: Mapping[str, Any]) -> None:
        given = {
            name: value.isoformat() if isinstance(value, date) else value for name, value in answers.items()
        }
        assessing.answer(episode=self.episode, answers=given, by=self.by)

    def finish_assessment(self) -> None:
        assessing.finish(episode=self.episode, assessed_on=clock.today(), by=self.by)

    def plan(
        self, decision: str, dxa: str, calcium_vitamin_d: str, falls: str, drug: str = "", **more: Any
    ) -> None:
        if days := more.pop("come_back_in", None):
            more["come_back_on"] = clock.today() + timedelta(days=days)
        said = more.pop("say", "Talked through")
        agreed = planning.Agreed(
            decision=DrugDecision(decision),
            drug=Drug(drug) if drug else None,
            dxa=DxaDecision(dxa),
            calcium_vitamin_d=CalciumVitaminD(calcium_vitamin_d),
            falls_referral=FallsReferral(falls),
            **more,
        )
        agree = partial(planning.agree, episode=self.episode, agreed_on=clock.today(), by=self.by)
        try:
            agree(agreed=agreed)
        except planning.NotAnswered as error:
            answers = {one.field: said for one in error.asked.contradictions}
            decisions = {one.rule.id: said for one in error.asked.red}
            agree(agreed=replace(agreed, answers=answers, decisions=decisions))

    def letter(self, kind: str) -> None:
        letter = writing.write(episode=self.episode, kind=kind, by=self.by)
        seen = letters.fingerprint(letters.value_of(letter))
        writing.approve(episode=letter.episode, letter=letter, seen=seen, by=self.by)

    def alert(self, rule: str, decision: str, reason: str = "Weighed with the lead") -> None:
        row = Alert.objects.get(service=self.practice.room, rule=rule, ended_at=None)
        alerting.decide(alert=row, decision=Alert.Decision(decision), reason=reason, by=self.by)

    def start(self, drug: str, since: date | None = None) -> None:
        treating.start(episode=self.episode, drug=drug, started_on=since or clock.today(), by=self.by)

    def dose(self) -> None:
        treating.dose(episode=self.episode, treatment=self._course, on=clock.today(), by=self.by)

    def stop(self, reason: str) -> None:
        treating.stop(
            episode=self.episode, treatment=self._course, on=clock.today(), reason=reason, by=self.by
        )

    @property
    def _course(self) -> Treatment:
        return Treatment.objects.get(service=self.practice.room, stopped_on=None)

    def review(self, kind: str, outcome: str, drug: str = "") -> None:
        heard = reviewing.Heard(ReviewOutcome(outcome), drug=Drug(drug) if drug else None)
        reviewing.record(
            episode=self.episode, kind=Review.Kind(kind), heard=heard, reviewed_on=clock.today(), by=self.by
        )

    def close(self, reason: str) -> None:
        closing.close(episode=self.episode, reason=Closing(reason), by=self.by)

    def same_person(self) -> None:
        people = Person.objects.filter(service=self.practice.room)
        keep, gone = sorted(people, key=lambda one: one.identifiers.count(), reverse=True)
        merging.same_person(keep=keep, gone=gone, words="One and the same", by=self.by)

    def this_person(self) -> None:
        for row in rows_waiting(self.practice.room):
            deciding.this_person(row=row, person=waiting_of(row).people[0], by=self.by)

    def somebody_else(self) -> None:
        for row in rows_waiting(self.practice.room):
            deciding.somebody_else(row=row, by=self.by)


def play(practice: Practice, steps: tuple[Step, ...], home: Actor) -> Practice:
    """Do every step on its simulated day, then finish."""
    for step in steps:
        given = {name: value for name, value in step.items() if name != "do"}
        if step["do"] == "go_on":
            practice = rooms.go_on(practice=practice, by=home)
            continue
        with living_in(practice):
            getattr(_Player(practice), step["do"])(**given)
    row = rooms.finish(practice=practice, by=home)
    row.refresh_from_db()
    return row


def begun(by: Actor) -> Practice:
    """A practice of the first case under way."""
    return rooms.begin(case=cases()[0], by=by)


def written(by: Actor, key: str = "metastasis", **columns: Any) -> Practice:
    """A practice under way in an empty room, written straight into its table."""
    case = case_called(key)
    assert case is not None
    assert by.user is not None
    room = Service.objects.create(
        code=f"practice-{Service.objects.count()}", name="A room", practice_of=by.user, is_fictional=True
    )
    now = clock.now()
    values = {"case": key, "case_version": case.version, "began_at": now, "day_since": now, **columns}
    return Practice.objects.create(service=by.service, user=by.user, room=room, **values)


def judged(by: Actor) -> Practice:
    """One that was finished with nothing done."""
    case = case_called("metastasis")
    assert case is not None
    found = judge(case, Facts(day=9, people=0, waiting=0))
    return written(by, finished_at=clock.now(), percent=found.percent, result=asdict(found))


BY_TRAINEES: tuple[tuple[str, Callable[[Actor], Callable[..., object]]], ...] = (
    ("practice.begin", lambda by: partial(rooms.begin, case=cases()[0])),
    *(
        (f"practice.{act.__name__}", lambda by, act=act: partial(act, practice=written(by)))
        for act in (rooms.go_on, rooms.finish, rooms.give_up, clearing.clear)
    ),
)
"""Each makes what it needs as a row, so that it leaves one event."""
