"""Whom a change of guidance would move in a whole service: the count as the server's thread makes it, in a database.

The people are made for it in a temporary database and thrown away: each with a fracture, an assessment and bloods. The
peer in the same run is the same change worked out on ready pictures, so that the ratio says what the database costs.

Run: .venv/bin/python bench/guideline_count.py [people] (20,000 take some minutes; about 1 GB of disk)
"""

from __future__ import annotations

import os
import sys
import tempfile
import uuid
from datetime import date, timedelta
from random import Random
from time import perf_counter, process_time
from typing import Any

FIELDS = {
    "height_cm": lambda r: round(r.gauss(164, 8)),
    "weight_kg": lambda r: round(r.gauss(70, 12)),
    "falls_last_year": lambda r: r.randrange(4),
    "smoking": lambda r: r.choice(("never", "former", "light")),
    "alcohol_units_week": lambda r: r.randrange(15),
    "parent_hip_fracture": lambda r: r.random() < 0.1,
    "rheumatoid_arthritis": lambda r: r.random() < 0.05,
    "glucocorticoids_now": lambda r: r.random() < 0.05,
    "fracture_history_taken": lambda r: True,
    "ethnic_group": lambda r: "white or not recorded",
}
BLOODS = {"creatinine_umol_l": (80, 15), "egfr": (65, 15), "adjusted_calcium_mmol_l": (2.35, 0.08)}


def main(people: int) -> None:
    """Make the people, propose NOGG, count, and print the times."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"OPENFLS_DATA": folder, "DJANGO_SETTINGS_MODULE": "openfls.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        change, by = _proposed(people)
        _count(change, by, people)


def _proposed(people: int) -> tuple[Any, Any]:
    from dataclasses import replace

    from openfls.service import clock
    from openfls.service.actions import guiding
    from openfls.service.actor import actor_of
    from openfls.service.guidance import guidance_of
    from openfls.service.models import Membership, Service, User
    from openfls.service.roles import Role

    service = Service.objects.create(code="bench", name="A large service")
    user = User.objects.create_user("bench", password=uuid.uuid4().hex)
    by = actor_of(Membership.objects.create(user=user, service=service, role=Role.CLINICIAN))
    start = perf_counter()
    for begin in range(0, people, 2_000):
        _make(service, user, range(begin, min(begin + 2_000, people)))
    print(f"{people:,} people made in {perf_counter() - start:.0f} s")
    after = replace(guidance_of(service, clock.today()), guideline="NOGG@2024")
    return guiding.propose(after=after, reason="Bench", wanted_from=clock.today(), by=by), by


def _make(service: Any, user: Any, numbers: range) -> None:
    from django.db import transaction

    from openfls.service import clock
    from openfls.service.models import Answer, Assessment, Episode, Fracture, Person, ToldValue

    now, today, chance = clock.now(), clock.today(), Random(numbers.start)
    rows: dict[type, list] = {each: [] for each in (Person, Episode, Fracture, Assessment, Answer, ToldValue)}
    for number in numbers:
        on = today - timedelta(days=chance.randrange(5, 300))
        person = Person(
            service=service,
            family_name=f"Person {number}",
            birth_date=date(1930 + chance.randrange(45), 1 + number % 12, 1 + number % 28),
            sex=chance.choice(("female", "female", "male")),
        )
        episode = Episode(
            service=service,
            person=person,
            index_date=on,
            found_on=on,
            triage="case",
            reason="bench",
            state="to_plan",
        )
        site = chance.choice(("wrist", "hip", "vertebra", "humerus", "ankle"))
        bone = Fracture(service=service, person=person, episode=episode, on=on, site=site, fragility=True)
        made = Assessment(episode=episode, service=service, started_at=now)
        for table, row in ((Person, person), (Episode, episode), (Fracture, bone), (Assessment, made)):
            rows[table].append(row)
        rows[Answer] += [
            Answer(
                assessment=made,
                field=field,
                value=value(chance),
                source="typed",
                known_on=on,
                at=now,
                by=user,
            )
            for field, value in FIELDS.items()
            if chance.random() < 0.85
        ]
        rows[ToldValue] += [
            ToldValue(
                service=service,
                person=person,
                field=field,
                value=round(chance.gauss(middle, spread), 2),
                taken_on=on,
                origin="feed",
                source="LAB",
                recorded_at=now,
            )
            for field, (middle, spread) in BLOODS.items()
        ]
    with transaction.atomic():
        for table, made_rows in rows.items():
            table.objects.bulk_create(made_rows, batch_size=500)


def _count(change: Any, by: Any, people: int) -> None:
    from itertools import islice

    from openfls.investigation.moving import comparison
    from openfls.service import clock
    from openfls.service.advice import scored_picture
    from openfls.service.guidance import from_json
    from openfls.service.investigation.counting import SLICE
    from openfls.service.models import Episode
    from openfls.service.moving import count_on
    from openfls.service.rows import bring

    start, cpu, slices = perf_counter(), process_time(), 0
    while change.state == "counting":
        change = count_on(change, by, SLICE)
        slices += 1
    took, worked = perf_counter() - start, process_time() - cpu
    moved = change.moves.count()
    print(
        f"counted {change.counted:,}, {moved:,} would move: {took:.0f} s in {slices} slices, {worked:.0f} s CPU"
    )
    print(f"{1000 * worked / people:.2f} ms CPU a person")
    some = list(islice(Episode.objects.select_related("person", "service").order_by("pk"), 1_000))
    pictures = [scored_picture(each, clock.today())[0] for each in bring(some)]
    compared = comparison(from_json(change.before).packs(), from_json(change.after).packs())
    cpu = process_time()
    for picture in pictures:
        compared.of(picture)
    bare = (process_time() - cpu) / len(pictures)
    print(
        f"on ready pictures {1000 * bare:.2f} ms CPU a person: the count costs {worked / people / bare:.1f} times"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
