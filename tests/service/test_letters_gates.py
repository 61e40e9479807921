"""When a letter may be written, and that what is signed is what was read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

import world
from openfls.information.letter import LetterKind
from openfls.record.pathway import NotPossible
from openfls.record.reasons import Channel, Closing, ContactOutcome, NotForUs
from openfls.service import clock, letters
from openfls.service.actions import assessing, closing, finding, reviewing, undoing, writing
from openfls.service.actor import Actor
from openfls.service.models import Episode
from service.doings import seen_of

RESULTS = {"gp", "person"}
AFTER_A_PLAN = RESULTS | {"falls_referral", "dxa_request"}


def _refuted(by: Actor) -> Episode:
    return finding.refute(episode=world.found(by.service), reason=NotForUs.KNOWN, by=by)


def _closed(by: Actor) -> Episode:
    return closing.close(episode=world.planned(by), reason=Closing.DECLINED, by=by)


def _called(by: Actor, outcome: ContactOutcome = ContactOutcome.MESSAGE) -> Episode:
    episode = world.confirmed(by)
    reviewing.contact(episode=episode, channel=Channel.TELEPHONE, outcome=outcome, on=clock.today(), by=by)
    return episode


def _plan_taken_back(by: Actor) -> Episode:
    episode = world.planned(by)
    undoing.undo(episode=episode, by=by)
    return Episode.objects.get(pk=episode.pk)


def _found_and_called(by: Actor) -> Episode:
    episode = world.found(by.service)
    reviewing.contact(
        episode=episode,
        channel=Channel.TELEPHONE,
        outcome=ContactOutcome.NO_ANSWER,
        on=clock.today(),
        by=by,
    )
    return episode


MAY: dict[str, tuple[Callable[[Actor], Episode], set[str]]] = {
    "found": (lambda by: world.found(by.service), set()),
    "found and called": (_found_and_called, set()),
    "not for us": (_refuted, set()),
    "confirmed": (world.confirmed, {"invitation"}),
    "called in vain": (_called, {"invitation", "could_not_reach"}),
    "reached": (lambda by: _called(by, ContactOutcome.REACHED), {"invitation"}),
    "assessed": (world.assessed, {"invitation"}),
    "planned": (world.planned, AFTER_A_PLAN | {"invitation"}),
    "plan taken back": (_plan_taken_back, {"invitation"}),
    "closed": (_closed, AFTER_A_PLAN),
}


@pytest.mark.parametrize("where", MAY)
def test_which_letters_may_be_written(where: str, nurse: Actor) -> None:
    make, allowed = MAY[where]
    episode = Episode.objects.select_related("person", "service").get(pk=make(nurse).pk)
    offered = {kind for kind, _, reason in letters.kinds_for(episode) if not reason}
    assert offered == allowed
    for kind in set(LetterKind) - allowed:
        with pytest.raises(NotPossible, match="cannot be written"):
            writing.write(episode=episode, kind=kind, by=nurse)
    for kind in allowed:
        writing.write(episode=episode, kind=kind, by=nurse)


def test_a_draft_whose_plan_was_taken_back_does_not_go_out(nurse: Actor) -> None:
    episode = world.planned(nurse)
    letter = writing.write(episode=episode, kind="gp", by=nurse)
    undoing.undo(episode=episode, by=nurse)
    with pytest.raises(NotPossible, match="cannot go out: no plan"):
        writing.approve(episode=episode, letter=letter, seen=seen_of(letter), by=nurse)


def test_what_is_signed_is_what_was_read(nurse: Actor) -> None:
    episode = world.planned(nurse)
    read = writing.write(episode=episode, kind="gp", by=nurse)
    assessing.answer(episode=episode, answers={"falls_last_year": 3}, by=nurse)
    with pytest.raises(writing.DraftChanged, match="The record has changed since this draft") as refused:
        writing.approve(episode=episode, letter=read, seen=seen_of(read), by=nurse)
    (draft,) = episode.letters.all()
    assert (draft, draft.approved_at) == (refused.value.letter, None)
    assert seen_of(draft) != seen_of(read)
    writing.approve(episode=episode, letter=draft, seen=seen_of(draft), by=nurse)
    assert seen_of(episode.letters.get()) == seen_of(draft)


@pytest.mark.parametrize("seen", ["", "0" * 64])
def test_nothing_is_signed_that_nobody_read(seen: str, nurse: Actor) -> None:
    episode = world.planned(nurse)
    letter = writing.write(episode=episode, kind="gp", by=nurse)
    with pytest.raises(writing.DraftChanged):
        writing.approve(episode=episode, letter=letter, seen=seen, by=nurse)
    assert episode.letters.get().approved_at is None


def test_another_day_and_another_hand_change_nothing_that_was_read(nurse: Actor) -> None:
    episode = world.planned(nurse)
    letter = writing.write(episode=episode, kind="gp", by=nurse)
    other = world.member(nurse.service, username="colleague")
    with clock.at(clock.now() + timedelta(days=2)):
        approved = writing.approve(episode=episode, letter=letter, seen=seen_of(letter), by=other)
    assert "Colleague Example" in letters.value_of(approved).signature
