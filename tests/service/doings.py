"""Every action that a user can take, as one call on a world that allows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import world
from openfls.record.reasons import Channel, Closing, ContactOutcome, Drug, NotForUs, ReviewOutcome
from openfls.record.sites import Site
from openfls.service import clock, codelists, letters
from openfls.service.actions import (
    assessing,
    auditing,
    closing,
    ending_tasks,
    finding,
    planning,
    reviewing,
    undoing,
    writing,
)
from openfls.service.actor import Actor
from openfls.service.feeds import bringing_back, correcting, deciding, merging, sources, uploads
from openfls.service.feeds.taking_in import take_in
from openfls.service.models import CodeList, Delivery, Episode, Letter, PassedOver, Person, Review, Task
from service import waiting_world as ww

Act = Callable[..., object]
"""Takes ``by`` alone."""

TAKING = reviewing.Heard(ReviewOutcome.ON_TREATMENT, drug=Drug.ALENDRONATE)


@dataclass(frozen=True)
class Doing:
    """How to get ready for an action, and the action; ``events`` is how many audit events it leaves of its name."""

    name: str
    ready: Callable[[Actor], Act]


def seen_of(letter: Letter) -> str:
    """What somebody has read who approves the draft as it is."""
    return letters.fingerprint(letters.value_of(letter))


def _letter(by: Actor, *, kind: str = "gp") -> tuple[Episode, Letter]:
    episode = world.planned(by)
    return episode, writing.write(episode=episode, kind=kind, by=by)


def _approve(by: Actor) -> Act:
    episode, letter = _letter(by)
    return partial(writing.approve, episode=episode, letter=letter, seen=seen_of(letter))


def _take_in(by: Actor) -> Act:
    delivery = Delivery.objects.create(
        service=by.service, name="feed.csv", sha256="0" * 64, received_at=clock.now()
    )
    return partial(take_in, delivery=delivery, readings=[world.report()])


def _refuted(by: Actor) -> Episode:
    return finding.refute(episode=world.found(by.service), reason=NotForUs.HIGH_ENERGY, by=by)


def _this_person(by: Actor) -> Act:
    row = ww.doubtful(by)
    return partial(deciding.this_person, row=row, person=ww.owner_of(row))


DOINGS = (
    Doing("episode.confirm", lambda by: partial(finding.confirm, episode=world.found(by.service))),
    Doing(
        "episode.refute",
        lambda by: partial(finding.refute, episode=world.found(by.service), reason=NotForUs.KNOWN),
    ),
    Doing("episode.bring_back", lambda by: partial(finding.bring_back, episode=_refuted(by))),
    Doing(
        "assessment.answer",
        lambda by: partial(assessing.answer, episode=world.confirmed(by), answers={"care_home": True}),
    ),
    Doing(
        "assessment.finish",
        lambda by: partial(assessing.finish, episode=_answered(by), assessed_on=world.TODAY),
    ),
    Doing(
        "plan.agree",
        lambda by: partial(
            planning.agree, episode=world.assessed(by), agreed=world.AGREED, agreed_on=world.TODAY
        ),
    ),
    Doing(
        "review.record",
        lambda by: partial(
            reviewing.record,
            episode=world.planned(by, on=world.TODAY - timedelta(days=120)),
            kind=Review.Kind.WEEK_16,
            heard=TAKING,
            reviewed_on=world.TODAY,
        ),
    ),
    Doing(
        "contact.record",
        lambda by: partial(
            reviewing.contact,
            episode=world.confirmed(by),
            channel=Channel.TELEPHONE,
            outcome=ContactOutcome.NO_ANSWER,
            on=world.TODAY,
        ),
    ),
    Doing(
        "episode.close",
        lambda by: partial(closing.close, episode=world.confirmed(by), reason=Closing.DECLINED),
    ),
    Doing("episode.undo", lambda by: partial(undoing.undo, episode=world.confirmed(by))),
    Doing(
        "episode.correct", lambda by: partial(undoing.correct, episode=world.confirmed(by), reason="A slip")
    ),
    Doing("letter.write", lambda by: partial(writing.write, episode=world.planned(by), kind="gp")),
    Doing("letter.approve", _approve),
    Doing("person.correct", lambda by: partial(correcting.correct_person, **_wrong_birth(by))),
    Doing("task.end", lambda by: partial(ending_tasks.end, task=_scan(by))),
    Doing("feed.take_in", _take_in),
    Doing(
        "passed_over.judge",
        lambda by: partial(
            auditing.judge, passed=world.passed_over(by.service), there_is=True, site=Site.HIP
        ),
    ),
    Doing("passed_over.take_back", lambda by: partial(auditing.take_back, passed=_judged(by))),
    Doing("identity.this_person", _this_person),
    Doing("identity.somebody_else", lambda by: partial(deciding.somebody_else, row=ww.doubtful(by))),
    Doing(
        "identity.leave_out", lambda by: partial(deciding.leave_out, row=ww.doubtful(by), reason="A test row")
    ),
    Doing("identity.undo", lambda by: partial(deciding.undo, decision=ww.decision(by))),
    Doing("identity.same_person", lambda by: partial(merging.same_person, **_two(by, "keep", "gone"))),
    Doing(
        "identity.not_same", lambda by: partial(merging.not_same, words="Twins", **_two(by, "one", "other"))
    ),
    Doing(
        "feed.put_forward",
        lambda by: partial(bringing_back.put_forward, row=ww.left_out(by), reason="It was the wrist"),
    ),
    Doing("feed.save_source", lambda by: partial(sources.save_source, name="ed", columns=ww.COLUMNS)),
    Doing("feed.forget_source", lambda by: partial(sources.forget_source, source=ww.source(by))),
    Doing("upload.keep", lambda by: partial(uploads.keep, name="ed.csv", data=ww.CSV)),
    Doing(
        "upload.choose",
        lambda by: partial(uploads.choose, upload=ww.upload(by), columns=ww.COLUMNS, source_name="ed"),
    ),
    Doing("upload.discard", lambda by: partial(uploads.discard, upload=ww.upload(by))),
    Doing("codes.add_list", lambda by: partial(codelists.add_list, title="Ours", data=ww.LIST)),
    Doing("codes.activate", lambda by: partial(codelists.activate, code_list=ww.code_list(by))),
    Doing("codes.deactivate", lambda by: partial(codelists.deactivate, code_list=_in_use(by))),
)


def _in_use(by: Actor) -> CodeList:
    return codelists.activate(code_list=ww.code_list(by), by=by)


def _two(by: Actor, first: str, second: str) -> dict[str, Person]:
    kept, gone = ww.two_people(by)
    world.deliver(by.service, world.report(kept), world.report(gone))
    return {first: ww.person_of(by.service, kept), second: ww.person_of(by.service, gone)}


def _wrong_birth(by: Actor) -> dict[str, object]:
    person = world.confirmed(by).person
    right = replace(correcting.corrected_of(person), birth_date=date(1951, 3, 1))
    return {"person": person, "corrected": right, "reason": "Her passport says so"}


def _scan(by: Actor) -> Task:
    return world.planned(by).tasks.get(kind="dxa_result")


def _judged(by: Actor) -> PassedOver:
    passed = world.passed_over(by.service)
    auditing.judge(passed=passed, there_is=False, by=by)
    return passed


def _answered(by: Actor) -> Episode:
    episode = world.confirmed(by)
    assessing.answer(episode=episode, answers={"falls_last_year": 1}, by=by)
    return episode
