"""Day, site, side and levels of a fracture put right by a person, and taken back to what the feeds told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openfls.record.clocks import REVIEW_16_AT, REVIEW_52_AT, Clock
from openfls.record.pathway import UNDER_CARE, NotPossible, State
from openfls.record.reasons import TaskKind
from openfls.record.sites import OUTSIDE_FLS, Side, Site
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.moves import locked
from openfls.service.actor import Actor
from openfls.service.feeds.events import SAME_EVENT
from openfls.service.feeds.in_line import bring_in_line
from openfls.service.feeds.turns import take_turn
from openfls.service.models import Assessment, Episode, Fracture, FractureCorrection, SourceRecord
from openfls.service.projection import refresh
from openfls.service.roles import May

_PROMISES = {TaskKind.REVIEW_16: REVIEW_16_AT, TaskKind.REVIEW_52: REVIEW_52_AT}
"""Days from the diagnosis, as the plan set them."""


@dataclass(frozen=True, slots=True)
class Placed:
    """When and where a bone broke; ``on`` is None where nobody knows the day, ``levels`` are of the spine alone."""

    on: date | None
    site: Site
    side: Side = Side.NONE
    levels: tuple[str, ...] = ()


def correction_of(fracture: Fracture) -> FractureCorrection | None:
    """The correction that stands for this fracture, or for evidence that has turned out to tell of it."""
    rows = FractureCorrection.objects.filter(person=fracture.person_id, ended_at=None).select_related("by")
    found = next((row for row in rows if row.fracture_id == fracture.pk), None)
    if found is not None:
        return found
    loose = [row for row in rows if row.fracture_id is None]
    records = set(_records(fracture)) if loose else set()
    return next((row for row in loose if records & set(row.records)), None)


def day_is_known(fracture: Fracture) -> bool:
    """Whether a person or any record says when it broke; else it is counted from the day it was found."""
    correction = correction_of(fracture)
    if correction is not None:
        return correction.on is not None
    return fracture.source_records.filter(superseded=False).exclude(on=None).exists()


def placed_of(fracture: Fracture) -> Placed:
    """What stands now."""
    levels = tuple(filter(None, fracture.levels.split(";")))
    on = fracture.on if day_is_known(fracture) else None
    return Placed(on, Site(fracture.site), Side(fracture.side), levels)


def check_placed(fracture: Fracture, placed: Placed) -> None:
    """Raise `NotPossible` where it cannot have been so."""
    episode, born = fracture.episode, fracture.person.birth_date
    if placed.on and placed.on > clock.today():
        raise NotPossible("A fracture is not in the future.")
    if placed.on and born and placed.on < born:
        raise NotPossible("The fracture is before the birth.")
    if placed.site in OUTSIDE_FLS:
        raise NotPossible(f"{placed.site.label} is not for this service. Say “Not for us” instead.")
    if placed.levels and placed.site is not Site.VERTEBRA:
        raise NotPossible("Levels are named for a fracture of the spine alone.")
    if placed.on is None and day_is_known(fracture):
        raise NotPossible("Enter the day of the fracture.")
    if episode.state in (State.FOUND, State.NOT_FOR_US) or placed.on is None:
        return
    done = _first_done(episode)
    if done and placed.on > done:
        raise NotPossible(f"Something was done about it on {done.day} {done:%B %Y}, before that day.")
    for other in episode.fractures.exclude(pk=fracture.pk):
        if abs(other.on - placed.on) > SAME_EVENT:
            raise NotPossible(
                f"{other.words} of this episode broke {abs((other.on - placed.on).days)} days apart from that. Take the"
                " confirming back first; then they become two episodes."
            )


def _first_done(episode: Episode) -> date | None:
    """The first day on which the service did something about the episode, as it was dated."""
    days = [
        *episode.contacts.values_list("on", flat=True),
        *episode.plans.filter(withdrawn=False).values_list("agreed_on", flat=True),
        *Assessment.objects.filter(episode=episode, assessed_on__isnull=False).values_list(
            "assessed_on", flat=True
        ),
    ]
    return min(days, default=None)


@action("fracture.place", May.WORK_THE_PATHWAY)
def place(*, fracture: Fracture, placed: Placed, reason: str, by: Actor) -> Fracture:
    """Put day and place right. What the feeds told stays beside it, and nothing that they tell later undoes it.

    While the fracture waits to be confirmed, all evidence of the person is sorted anew. Under care the episode's clocks
    follow.

    Raises:
        NotPossible: there is no reason, nothing changes, or it cannot have been so.
    """
    if not reason.strip():
        raise NotPossible("Say why it is put right.")
    fracture, episode = _locked(fracture, by)
    check_placed(fracture, placed)
    stood, earlier = placed_of(fracture), correction_of(fracture)
    if placed == stood:
        raise NotPossible("Nothing is different from what stands there.")
    records = sorted({*_records(fracture), *(earlier.records if earlier else ())})
    _end(earlier, by)
    made = FractureCorrection.objects.create(
        service=by.service,
        person=fracture.person,
        fracture=fracture,
        on=placed.on,
        site=placed.site,
        side=placed.side,
        levels=";".join(placed.levels),
        told_on=earlier.told_on if earlier else stood.on,
        told_site=earlier.told_site if earlier else fracture.site,
        told_side=earlier.told_side if earlier else fracture.side,
        told_levels=earlier.told_levels if earlier else fracture.levels,
        stood_on=earlier.stood_on if earlier else fracture.on,
        records=records,
        reason=reason.strip()[:300],
        at=clock.now(),
        by=by.user,
    )
    _stand(fracture, placed.on or fracture.on, placed.site, placed.side, ";".join(placed.levels))
    _follow(episode, by)
    note(
        by,
        "fracture.place",
        person=fracture.person,
        subject=f"fracture {fracture.pk}",
        correction=made.pk,
        reason=reason.strip()[:300],
    )
    return Fracture.objects.get(pk=fracture.pk)


@action("fracture.as_told", May.WORK_THE_PATHWAY)
def as_told(*, fracture: Fracture, by: Actor) -> Fracture:
    """Take a correction back: what the feeds tell stands again.

    Raises:
        NotPossible: nothing was put right.
    """
    fracture, episode = _locked(fracture, by)
    correction = correction_of(fracture)
    if correction is None:
        raise NotPossible("Nothing of this fracture was put right.")
    told = Placed(correction.told_on or correction.stood_on, Site(correction.told_site))
    check_placed(fracture, told)
    _end(correction, by)
    _stand(
        fracture, told.on or fracture.on, correction.told_site, correction.told_side, correction.told_levels
    )
    _follow(episode, by)
    note(by, "fracture.as_told", person=fracture.person, subject=f"fracture {fracture.pk}")
    return Fracture.objects.get(pk=fracture.pk)


def _locked(fracture: Fracture, by: Actor) -> tuple[Fracture, Episode]:
    take_turn(by.service)
    episode = locked(fracture.episode)
    return Fracture.objects.select_related("person__service", "episode").get(pk=fracture.pk), episode


def _records(fracture: Fracture) -> list[str]:
    rows = SourceRecord.objects.filter(fractures=fracture, superseded=False)
    return list(rows.values_list("row__record", flat=True))


def _end(correction: FractureCorrection | None, by: Actor) -> None:
    if correction is not None:
        correction.ended_at, correction.ended_by = clock.now(), by.user
        correction.save(update_fields=["ended_at", "ended_by"])


def _stand(fracture: Fracture, on: date, site: str, side: str, levels: str) -> None:
    fracture.on, fracture.site, fracture.side, fracture.levels = on, site, side, levels
    fracture.save(update_fields=["on", "site", "side", "levels"])


def _follow(episode: Episode, by: Actor) -> None:
    """The evidence sorted anew; under care the clocks of the episode as its fractures stand now."""
    bring_in_line({episode.person}, by)
    episode.refresh_from_db()
    if episode.state not in UNDER_CARE and episode.state != State.CLOSED:
        return
    first = min(episode.fractures.values_list("on", flat=True))
    if first == episode.index_date:
        return
    episode.index_date = first
    episode.save(update_fields=["index_date"])
    for task in episode.tasks.filter(done_at=None, cancelled_at=None, kind__in=list(_PROMISES)):
        task.due = Clock(first, _PROMISES[TaskKind(task.kind)]).due
        task.save(update_fields=["due"])
    refresh(episode.pk)
