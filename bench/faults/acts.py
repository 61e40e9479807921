"""The work that faults come into. Each act can be done again from where a fault left it, and reports what it did."""

from __future__ import annotations

from datetime import date, timedelta

from ground import Report

ROWS = 120
NAMES = ("Archer", "Baker", "Cooper", "Dyer", "Fisher", "Glover", "Harper", "Joiner", "Mason", "Potter")
CODES = ("S52.5", "S72.0", "S42.2", "S32.0", "J18.9", "I10X", "S82.8", "E11.9")


def table(rows: int = ROWS) -> bytes:
    """A file of an emergency department: two rows a person, five of eight codes a fracture."""
    lines = ["Hospital Number,Family Name,Given Name,Date of Birth,Sex,Attendance Date,Diagnosis,Postcode"]
    for number in range(rows):
        person = number // 2
        lines.append(
            f"H{person:07d},{NAMES[person % 10]}{person},Ada,{1 + person % 28:02d}/03/19{30 + person % 40},F,"
            f"{1 + number % 28:02d}/{1 + number % 5:02d}/2026,{CODES[number % 8]},LS1 {person % 10}AA"
        )
    return "\n".join(lines).encode() + b"\n"


def by() -> object:
    """The co-ordinator who works."""
    from openfls.service.actor import actor_of
    from openfls.service.models import Membership

    return actor_of(Membership.objects.select_related("service", "user").get(user__username="nurse"))


def file(report: Report) -> None:
    from openfls.service.actor import system_actor
    from openfls.service.feeds.loading import load_bytes
    from openfls.service.models import FeedRow

    load_bytes("ed.csv", table(), by=system_actor(by().service))
    report(f"kept {FeedRow.objects.count()}")


def people() -> object:
    from openfls.service.models import Episode, FeedRow, Fracture, Person, PersonIdentifier, SourceRecord

    tables = (Person, PersonIdentifier, FeedRow, SourceRecord, Episode, Fracture)
    return {each.__name__: each.objects.count() for each in tables}


def rows_kept(told: list[str]) -> list[str]:
    from openfls.service.models import FeedRow

    count = FeedRow.objects.count()
    return [f"lost: {what}, and {count} are there" for what in told if int(what.split()[1]) > count]


def approve_all(report: Report) -> None:
    """Every letter that waits, approved."""
    from openfls.service import letters
    from openfls.service.actions import writing
    from openfls.service.models import Letter

    actor = by()
    drafts = Letter.objects.filter(approved_at=None).select_related("episode__person", "service")
    for draft in drafts.order_by("pk"):
        letter = draft
        for _ in range(9):
            seen = letters.fingerprint(letters.value_of(letter))
            try:
                writing.approve(episode=letter.episode, letter=letter, seen=seen, by=actor)
            except writing.DraftChanged as error:  # by another day it says other days: read it again
                letter = error.letter
            else:
                report(f"approved {letter.pk}")
                break


def letters(report: Report) -> None:
    """Every letter approved, all in one batch, each sent."""
    from openfls.service.actions import posting
    from openfls.service.models import Letter, LetterBatch, LetterSent

    actor = by()
    approve_all(report)
    if not LetterBatch.objects.exists():
        made = posting.make_batch(keys=list(Letter.objects.values_list("pk", flat=True)), by=actor)
        report(f"batch {made.pk}")
    for letter in Letter.objects.exclude(pk__in=LetterSent.objects.values("letter")).order_by("pk"):
        posting.send(letter=letter, on=today(), way="post", by=actor)
        report(f"sent {letter.pk}")


def today() -> date:
    """By the clock of the work."""
    from openfls.service import clock

    return clock.today()


def letters_kept(told: list[str]) -> list[str]:
    """What was told of and is not there."""
    from openfls.service.models import Letter, LetterBatch, LetterSent

    there = {f"approved {pk}" for pk in Letter.objects.exclude(approved_at=None).values_list("pk", flat=True)}
    there |= {f"sent {pk}" for pk in LetterSent.objects.values_list("letter", flat=True)}
    there |= {f"batch {pk}" for pk in LetterBatch.objects.values_list("pk", flat=True)}
    return [f"lost: {what}" for what in told if what not in there]


def letter_figures() -> dict[str, int]:
    """Letters as they stand, and what the log has of them."""
    from openfls.service.models import AuditEvent, Letter, LetterBatch, LetterInBatch, LetterSent

    events = AuditEvent.objects.filter(action__in=("letter.approve", "letter.send", "letter.batch"))
    tables = (LetterBatch, LetterInBatch, LetterSent)
    counts = {each.__name__: each.objects.count() for each in tables}
    return counts | {"approved": Letter.objects.exclude(approved_at=None).count(), "events": events.count()}


def pathway(report: Report) -> None:
    """Every found fracture confirmed, assessed and planned."""
    import world
    from openfls.record.pathway import State
    from openfls.service.actions import assessing, finding
    from openfls.service.models import Episode

    actor = by()
    for episode in Episode.objects.select_related("person", "service").order_by("pk"):
        if episode.state == State.FOUND:
            finding.confirm(episode=episode, by=actor)
            report(f"confirm {episode.pk}")
            episode.refresh_from_db()
        if episode.state == State.TO_ASSESS:
            assessing.answer(episode=episode, answers={"falls_last_year": 1, "care_home": False}, by=actor)
            assessing.finish(episode=episode, assessed_on=today(), by=actor)
            report(f"finish {episode.pk}")
            episode.refresh_from_db()
        if episode.state == State.TO_PLAN:
            world.agree(episode, world.AGREED, actor)
            report(f"agree {episode.pk}")


def steps_kept(told: list[str]) -> list[str]:
    from openfls.record.pathway import State
    from openfls.service.models import Assessment, Episode, Plan

    confirmed = Episode.objects.exclude(state=State.FOUND).values_list("pk", flat=True)
    assessed = Assessment.objects.exclude(assessed_on=None).values_list("episode", flat=True)
    there = {f"confirm {pk}" for pk in confirmed} | {f"finish {pk}" for pk in assessed}
    there |= {f"agree {pk}" for pk in Plan.objects.values_list("episode", flat=True)}
    return [f"lost: {what}" for what in told if what not in there]


def step_figures() -> object:
    from django.db.models import Count

    from openfls.service.models import Episode, Plan, Status, Task

    states = dict(Episode.objects.values_list("state").annotate(Count("pk")))
    return states | {each.__name__: each.objects.count() for each in (Status, Plan, Task)}


def prepare() -> None:
    """The world before any fault: ten fractures found, eight letters that wait."""
    import world
    from openfls.service import clock
    from openfls.service.actions import writing

    with clock.at(world.at_noon(date.today() - timedelta(days=2))):
        nurse = world.member(world.service())
        for _ in range(8):
            writing.write(episode=world.planned(nurse, on=today() - timedelta(days=9)), kind="gp", by=nurse)
        for _ in range(10):
            world.found(nurse.service, on=today() - timedelta(days=5))
