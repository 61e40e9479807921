"""The given files, loaded as a service would load them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from openfls.identification.feeds import FeedOptions
from openfls.record.pathway import State
from openfls.service.actor import system_actor
from openfls.service.audit import verify
from openfls.service.feeds.loading import Loaded, load_path
from openfls.service.models import Delivery, Episode, FeedRow, Service
from service.snapshot import tables

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SYNTHEA = DATA / "synthea_fhir_r4_dev.tar.xz"
HL7 = DATA / "hl7v2"
REPORTS = DATA / "reports_dev.csv"


def _needs(path: Path) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not path.exists(), reason=f"{path.name} of the shared data is not here")


def _load(path: Path, service: Service, options: FeedOptions | None = None) -> list[Loaded]:
    loaded = list(load_path(path, by=system_actor(service), options=options))
    for each in loaded:
        assert each.read == each.new + each.known + each.left_out + each.other, each
    assert not Delivery.objects.filter(finished_at=None).exists()
    assert not FeedRow.objects.filter(outcome=FeedRow.Outcome.REJECTED, reason="").exists()
    assert verify(service)[1] == []
    return loaded


@_needs(SYNTHEA)
def test_the_synthea_archive_twice(service: Service) -> None:
    without_results = FeedOptions()  # ten thousand, which other tests bring in fewer and better known ones
    (first,) = _load(SYNTHEA, service, without_results)
    episodes = Episode.objects.filter(service=service)
    assert first.episodes == episodes.count() == 13
    dead = episodes.filter(person__deceased=True)
    assert dead.count() == 5
    assert set(dead.values_list("state", flat=True)) == {State.NOT_FOR_US}
    assert set(episodes.exclude(person__deceased=True).values_list("state", flat=True)) == {State.FOUND}
    for episode in episodes.select_related("person"):
        assert episode.person.birth_date is not None
        assert episode.index_date - episode.person.birth_date > timedelta(days=50 * 365.25 - 1)
    before = tables()
    (second,) = _load(SYNTHEA, service, without_results)
    assert tables() == before
    assert (second.new, second.left_out, second.episodes) == (0, 0, 0)
    assert (second.read, second.other) == (first.read, first.other)


@_needs(HL7)
def test_no_hl7_sample_stops_the_loading(service: Service) -> None:
    loaded = _load(HL7, service)
    assert len(loaded) == sum(path.is_file() for path in HL7.rglob("*"))
    assert sum(each.read for each in loaded) >= len(loaded)
    before = tables()
    again = _load(HL7, service)
    assert tables() == before
    assert {each.new for each in again} == {0}


@_needs(REPORTS)
def test_the_reports_without_people(service: Service) -> None:
    (loaded,) = _load(REPORTS, service)
    assert loaded.read >= 300
