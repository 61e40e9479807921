"""What is attested for the standards, what is to be done about gaps, and the levels that a service gives itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import Evidence, GapAction, Profile
from openfls.service.quality.standards import LEVELS, PROFILE, STANDARDS, EvidenceKind
from openfls.service.roles import May


@dataclass(frozen=True, slots=True)
class Attested:
    """Evidence that somebody stands for. ``holds_until`` None: it has no end."""

    standard: str
    kind: EvidenceKind
    words: str
    on: date
    owner: str
    holds_until: date | None = None
    where: str = ""


def check_standard(key: str) -> None:
    """Raise `NotPossible` for a standard that is none of the ten."""
    if key not in STANDARDS:
        raise NotPossible(f"There is no standard {key}.")


@action("evidence.attest", May.IMPROVE)
def attest(*, attested: Attested, by: Actor) -> Evidence:
    """Keep evidence for a standard."""
    check_standard(attested.standard)
    if not attested.words.strip() or not attested.owner.strip():
        raise NotPossible("Say what the evidence is, and who stands for it.")
    if attested.on > clock.today():
        raise NotPossible("Evidence is of today or before.")
    if attested.holds_until and attested.holds_until < attested.on:
        raise NotPossible("It cannot end before it began.")
    made = Evidence.objects.create(
        service=by.service,
        standard=attested.standard,
        kind=attested.kind,
        words=attested.words.strip()[:500],
        on=attested.on,
        holds_until=attested.holds_until,
        owner=attested.owner.strip()[:120],
        where=attested.where.strip()[:300],
        by=by.user,
        at=clock.now(),
    )
    note(by, "evidence.attest", subject=f"evidence {made.pk}", standard=attested.standard)
    return made


@action("evidence.withdraw", May.IMPROVE)
def withdraw(*, evidence: Evidence, by: Actor) -> Evidence:
    """Evidence that does not hold any more. It stays on record and counts no longer."""
    evidence.withdrawn = True
    evidence.save(update_fields=["withdrawn"])
    note(by, "evidence.withdraw", subject=f"evidence {evidence.pk}")
    return evidence


@action("gap.plan", May.IMPROVE)
def plan_action(*, standard: str, words: str, owner: str, due: date, by: Actor) -> GapAction:
    """What is to be done about a gap, by whom and by when."""
    check_standard(standard)
    if not words.strip() or not owner.strip():
        raise NotPossible("Say what is to be done, and who does it.")
    made = GapAction.objects.create(
        service=by.service,
        standard=standard,
        words=words.strip()[:500],
        owner=owner.strip()[:120],
        due=due,
        by=by.user,
        at=clock.now(),
    )
    note(by, "gap.plan", subject=f"gap action {made.pk}", standard=standard)
    return made


@action("gap.done", May.IMPROVE)
def done(*, gap: GapAction, words: str = "", by: Actor) -> GapAction:
    """An action is done."""
    if gap.done_on:
        raise NotPossible("It is done already.")
    gap.done_on, gap.done_words = clock.today(), words.strip()[:500]
    gap.save(update_fields=["done_on", "done_words"])
    note(by, "gap.done", subject=f"gap action {gap.pk}")
    return gap


@action("profile.set", May.IMPROVE)
def set_level(*, standard: str, level: str, words: str, by: Actor) -> Profile:
    """The level that the service gives itself in a standard of the best-practice framework, and why."""
    if standard not in PROFILE or level not in LEVELS:
        raise NotPossible("There is no such standard or level.")
    if not words.strip():
        raise NotPossible("Say what the level rests on.")
    made = Profile.objects.create(
        service=by.service,
        standard=standard,
        level=level,
        words=words.strip()[:500],
        on=clock.today(),
        by=by.user,
        at=clock.now(),
    )
    note(by, "profile.set", subject=f"best practice {standard}", level=level)
    return made
