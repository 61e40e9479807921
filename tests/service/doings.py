"""Every action that a user can take, as one call on a world that allows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import world
from openfls.record.reasons import Channel, Closing, ContactOutcome, Drug, NotForUs, ReviewOutcome
from openfls.service import clock
from openfls.service.actions import assessing, closing, finding, planning, reviewing, undoing, writing
from openfls.service.actor import Actor
from openfls.service.feeds.taking_in import take_in
from openfls.service.models import Delivery, Episode, Review

Act = Callable[..., object]
"""Takes ``by`` alone."""

TAKING = reviewing.Heard(ReviewOutcome.ON_TREATMENT, drug=Drug.ALENDRONATE)


@dataclass(frozen=True)
class Doing:
    """How to get ready for an action, and the action; ``events`` is how many audit events it leaves of its name."""

    name: str
    ready: Callable[[Actor], Act]


def _letter(by: Actor, *, kind: str = "gp") -> tuple[Episode, object]:
    episode = world.planned(by)
    return episode, writing.write(episode=episode, kind=kind, by=by)


def _approve(by: Actor) -> Act:
    episode, letter = _letter(by)
    return partial(writing.approve, episode=episode, letter=letter)


def _take_in(by: Actor) -> Act:
    delivery = Delivery.objects.create(
        service=by.service, name="feed.csv", sha256="0" * 64, received_at=clock.now()
    )
    return partial(take_in, delivery=delivery, readings=[world.report()])


def _refuted(by: Actor) -> Episode:
    return finding.refute(episode=world.found(by.service), reason=NotForUs.HIGH_ENERGY, by=by)


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
            episode=world.planned(by),
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
    Doing("feed.take_in", _take_in),
)


def _answered(by: Actor) -> Episode:
    episode = world.confirmed(by)
    assessing.answer(episode=episode, answers={"falls_last_year": 1}, by=by)
    return episode
