"""The quality pages of a service with twenty thousand episodes, beside one row fetched by its key in the same run.

    python bench/dashboard.py [EPISODES]

Asked of the server: the dashboard within 300 ms, what is missing of a person within 50 ms. For each page the median of
several turns, by the clock and by the processor: as it stands, and right after somebody's work changed a row.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

os.environ["OPENFLS_DATA"] = tempfile.mkdtemp(prefix="openfls-bench-")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
TURNS = 9
PAGES = {
    "dashboard": "/measures/",
    "dashboard, another set": "/measures/?set=standards",
    "where people are lost": "/quality/pathway/",
    "times": "/quality/times/",
    "one measure over time": "/measures/kpi4/over-time/",
    "people of a measure": "/measures/kpi4/?period=all",
    "ten standards": "/quality/standards/",
    "national audit file, all": "/quality/audit-file/?period=all",
}


def filled(episodes: int) -> tuple[object, list[str]]:
    """A service with so many confirmed episodes of made-up rows, a manager of it, and the episodes' keys."""
    from openfls.commands.database import prepare_database

    prepare_database()
    from openfls.service import clock
    from openfls.service.models import Episode, FlsdbRow, Fracture, Membership, Person, Service, User
    from quality.made_rows import AS_OF, made_row

    service = Service.objects.create(code="bench", name="Bench", expected_caseload=4000)
    user = User.objects.create_user("bench")
    member = Membership.objects.create(user=user, service=service, role="co_ordinator")
    later, rng = clock.today() - AS_OF, random.Random(5)
    people, kept, fractures, rows = [], [], [], []
    for number in range(episodes):
        made = made_row(rng, number)
        made = {name: _later(value, later) for name, value in made.items()}
        person = Person(service=service, family_name=f"Family{number}", given_name="Given", sex="female")
        on = made["index_diagnosis_date"] or clock.today() - timedelta(days=500)
        episode = Episode(id=uuid.UUID(int=number + 1), service=service, person=person, index_date=on)
        episode.found_on, episode.triage, episode.reason, episode.state = on, "case", "made up", "to_assess"
        people.append(person)
        kept.append(episode)
        fractures.append(Fracture(service=service, person=person, episode=episode, on=on, site="wrist"))
        made |= {"record_id": str(episode.pk), "service": "bench"}
        rows.append(FlsdbRow(episode=episode, stamp=rng.getrandbits(40), **made))  # long ago
    for model, made in ((Person, people), (Episode, kept), (Fracture, fractures), (FlsdbRow, rows)):
        model.objects.bulk_create(made, batch_size=300)
    return member, [str(episode.pk) for episode in kept]


def _later(value: object, by: timedelta) -> object:
    return value + by if hasattr(value, "year") else value


def took(act: Callable[[], object], before: Callable[[], object] = lambda: None, turns: int = TURNS) -> str:
    """Median milliseconds by the clock and by the processor."""
    walls, works = [], []
    for _ in range(turns):
        before()
        wall, work = time.perf_counter(), time.process_time()
        act()
        walls.append(time.perf_counter() - wall)
        works.append(time.process_time() - work)
    return f"{1000 * statistics.median(walls):8.1f} ms, processor {1000 * statistics.median(works):8.1f} ms"


def main(episodes: int) -> None:
    """Fill, ask, print."""
    member, keys = filled(episodes)
    from django.conf import settings
    from django.test import Client

    from openfls.service import clock
    from openfls.service.models import Episode, FlsdbRow
    from openfls.service.models.audit_row import new_stamp
    from openfls.service.quality.measures import missing_of

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(member.user)
    rng = random.Random(1)

    def change() -> None:
        FlsdbRow.objects.filter(pk=rng.choice(keys)).update(age=rng.randint(60, 90), stamp=new_stamp())

    def page(path: str) -> None:
        while (answer := client.get(path)).status_code == 202:  # it is under way, and the page looks again
            time.sleep(0.2)
        assert answer.status_code == 200, (path, answer.status_code)

    def first_answer(path: str) -> None:
        answer = client.get(path)
        assert answer.status_code in (200, 202), (path, answer.status_code)

    print(f"{episodes:,} episodes; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'one row by its key':34} {took(lambda: Episode.objects.get(pk=rng.choice(keys)))}")
    for words, path in PAGES.items():
        print(f"{words + ', first answer of a day':34} {took(lambda path=path: first_answer(path), turns=1)}")
        print(f"{words + ', until its figures':34} {took(lambda path=path: page(path), turns=1)}")
        print(f"{words:34} {took(lambda path=path: page(path))}")
        print(f"{words + ', after work':34} {took(lambda path=path: page(path), change)}", flush=True)
    today = clock.today()
    print(f"{'missing of a person':34} {took(lambda: missing_of(member.service, [rng.choice(keys)], today))}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
