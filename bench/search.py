"""How long a search takes among many people, beside one row fetched by its key in the same run.

    python bench/search.py [PEOPLE]

Prints the median of each kind of search in milliseconds of CPU time, which a busy machine does not change, beside the
clock's, and as a ratio to the peer.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable

os.environ.setdefault("OPENFLS_DATA", tempfile.mkdtemp(prefix="openfls-bench-"))
TURNS = 15


def main(people: int) -> None:
    from openfls.commands.database import prepare_database

    prepare_database(begin=True)
    from openfls.record.people import NHS_NUMBER
    from openfls.service.folding import folded
    from openfls.service.models import Person, PersonIdentifier, Service
    from openfls.service.search import find_people

    service = Service.objects.create(code="bench", name="Bench")
    chance = random.Random(7)
    family = [
        "Archer",
        "Baker",
        "O'Brien",
        "Müller",
        "Smith",
        "Jones",
        "Hartley-Moss",
        "Okafor",
        "Singh",
        "Żak",
    ]
    given = ["Ada", "Ben", "Zoë", "Mary", "John", "Ann-Marie", "Olu", "Priya"]
    rows = []
    for number in range(people):
        one = Person(
            service=service,
            family_name=f"{chance.choice(family)}{chance.choice(['', 'son', 'ton', 'man', 'well'])}",
            given_name=f"{chance.choice(given)} {chance.choice(given)}",
            birth_date=f"{chance.randint(1925, 1975)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
        )
        one.folded_name = folded(f"{one.family_name}\n{one.given_name}")
        rows.append(one)
        del number
    Person.objects.bulk_create(rows, batch_size=2000)
    numbers = [
        PersonIdentifier(service=service, person=one, system=system, value=value)
        for at, one in enumerate(rows)
        for system, value in ((NHS_NUMBER, f"9{at:09d}"), ("RXX", f"H {at:07d}"))
    ]
    PersonIdentifier.objects.bulk_create(numbers, batch_size=2000)
    print(f"{people} people, {len(numbers)} numbers")
    peer = _took(lambda: Person.objects.get(pk=rows[people // 2].pk))
    print(f"{'one row by its key':40} {peer[0]:8.2f} ms CPU {peer[1]:8.2f} ms by the clock")
    some = rows[people // 3]
    words = {
        "NHS number": f"9{people // 3:09d}",
        "hospital number": f"h{people // 3:07d}",
        "family name": some.family_name,
        "both names, any order": f"{some.given_name.split()[0]} {some.family_name}",
        "part of a name": some.family_name[1:5],
        "a name with an accent, typed plainly": "muller zoe",
        "a name that nobody has": "Xylander",
        "name and date of birth": f"{some.family_name} {some.birth_date}",
    }
    for kind, told in words.items():
        took = _took(lambda told=told: find_people(service, told))
        print(
            f"{kind:40} {took[0]:8.2f} ms CPU {took[1]:8.2f} ms by the clock {took[0] / peer[0]:6.1f} times the peer"
        )


def _took(act: Callable[[], object]) -> tuple[float, float]:
    """The median CPU time and the median time by the clock, in milliseconds."""
    times = []
    for _ in range(TURNS):
        began, clock = time.process_time(), time.perf_counter()
        act()
        times.append((time.process_time() - began, time.perf_counter() - clock))
    cpu, clock_time = (1000 * statistics.median(column) for column in zip(*times, strict=True))
    return cpu, clock_time


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
