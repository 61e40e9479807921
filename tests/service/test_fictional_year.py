"""The fictional year is lived through the same doors as real work: every step of it was possible."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from openfls.record.pathway import State
from openfls.service import projection
from openfls.service.audit import verify
from openfls.service.fictional import filling, living
from openfls.service.models import Assessment, Delivery, Enrolment, Episode, FlsdbRow, Letter, Service, Status
from openfls.service.training.team import team
from service import invariants

# Without a mark no test database is made where this file runs alone, and the year is lived in that of the checkout.
pytestmark = pytest.mark.django_db
END = date(2026, 6, 1)
SIZE = 20


@pytest.fixture(scope="module")
def year(django_db_setup: None, django_db_blocker) -> Iterator[tuple[Service, int]]:
    """The service, and how many steps of its courses could not be done as told."""
    from django.db import transaction

    impossible = []
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr("django.contrib.auth.hashers.PBKDF2PasswordHasher.iterations", 1)
        patch.setattr(filling, "live", lambda *given: impossible.append(living.live(*given)))
        service = filling.fill(END, SIZE)
        (count,) = impossible
        yield service, count
        transaction.set_rollback(True)


@pytest.fixture
def service(year: tuple[Service, int]) -> Service:
    """The fictional service."""
    return year[0]


def test_every_step_was_possible(year: tuple[Service, int]) -> None:
    assert year[1] == 0


def test_the_team_has_learned_something(service: Service) -> None:
    found = {row.member.user.username: row for row in team(service).rows}
    certified, learner = found["samuel.adeleke"], found["nina.hartley-moss"]
    assert (certified.courses[0].done, len(certified.valid), certified.signed_off) == (12, 1, 2)
    assert [one.passed for one in certified.courses[0].attempts] == [False, True]
    assert (learner.courses[0].done, len(learner.valid)) == (2, 0)
    assert Enrolment.objects.exclude(service=service).get().user.username == "una.marlow"


def test_every_state_is_passed_through(service: Service) -> None:
    passed = Status.objects.filter(episode__service=service).values_list("state", flat=True)
    assert set(passed) == set(State)


def test_every_episode_has_its_history_and_breaks_no_rule(service: Service) -> None:
    keys = list(Episode.objects.filter(service=service).values_list("pk", flat=True))
    assert len(keys) >= SIZE
    for key in keys:
        invariants.check(key)
        assert Episode.objects.get(pk=key).statuses.first().step == "find"


def test_the_audit_log_holds(service: Service) -> None:
    count, faults = verify(service)
    assert (count > 100, faults) == (True, [])


def test_every_delivery_is_accounted_for(service: Service) -> None:
    deliveries = Delivery.objects.counted().filter(service=service)
    assert deliveries
    for each in deliveries:
        assert each.rows_read == each.rows_new + each.rows_known + each.rows_rejected + each.rows_other


def test_there_is_something_to_see_of_everything(service: Service) -> None:
    assert Assessment.objects.filter(service=service).exclude(assessed_on=None).exists()
    assert Letter.objects.filter(service=service).exclude(approved_at=None).exists()
    assert FlsdbRow.objects.exists()


def test_nothing_happened_after_the_last_day(service: Service) -> None:
    newest = max(episode.statuses.last().at.date() for episode in Episode.objects.filter(service=service))
    assert newest <= END


def test_the_rows_made_anew_are_the_same(service: Service) -> None:
    before = list(FlsdbRow.objects.order_by("pk").values())
    projection.rebuild()
    assert list(FlsdbRow.objects.order_by("pk").values()) == before
