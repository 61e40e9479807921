"""A laboratory's own codes: held as they came, taken in once they have a meaning, and taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import world
from openfls.identification.feeds import read_bytes
from openfls.record.errors import BadInput
from openfls.record.feeds import Measured, Rejection
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actor import Actor
from openfls.service.feeds.sources import options_from
from openfls.service.investigation import mapping
from openfls.service.investigation.own_codes import groups, tried, unit_like
from openfls.service.known import values_of
from openfls.service.models import Alert, AuditEvent, Delivery, Episode, FeedRow, HeldResult, SetAside
from openfls.service.roles import Role
from openfls.service.sharing.people import changed_at, changed_since
from service import results_world as rw

TODAY = world.TODAY
KEY = (rw.LAB, "K12", rw.OWN["unit"])
MEANS = {"field": "creatinine_umol_l", "as_unit": "umol/l"}
MESSAGE = (
    "MSH|^~\\&|WINPATH|RXX|FLS|RXX|20260527100000||ORU^R01|{n}|P|2.4\r"
    "PID|1||{number}^^^NHS^NH||Example^Ada||19500301|F\r"
    "OBR|1|L{n}|L{n}|U&E^Urea and electrolytes^L|||20260527090000\r"
    "OBX|1|NM|{code}||{value}|{unit}|||||F\r"
)


@pytest.fixture
def episode(nurse: Actor) -> Episode:
    return world.confirmed(nurse)


@pytest.fixture
def lead(nurse: Actor) -> Actor:
    return world.member(nurse.service, Role.CLINICIAN, "lead")


def rows() -> list[tuple[str, str]]:
    return list(FeedRow.objects.filter(kind="result").order_by("pk").values_list("outcome", "reason"))


def test_what_waits_is_taken_in_and_what_comes_later_too(episode: Episode, lead: Actor) -> None:
    person = episode.person.demographics()
    first = rw.unread(person, "82")
    stranger = rw.unread(world.demographics(), "90")
    impossible = rw.unread(person, "0.9", on=TODAY - timedelta(days=50))
    world.deliver(episode.service, first, stranger, impossible)
    assert values_of(episode) == {}
    assert {outcome for outcome, _ in rows()} == {"rejected"}
    assert all("not mapped yet" in reason for _, reason in rows())
    (group,) = groups(episode.service)
    assert (group.number, group.people, group.lowest, group.highest, group.name) == (3, 2, 0.9, 90.0, "Creat")

    seen = tried(episode.service, KEY, *MEANS.values())
    assert (seen.usable, seen.examples[0]) == (2, ("82 umol/l serum", "82 µmol/L"))
    assert [(number, "not within" in why) for why, number in seen.refused.items()] == [(1, True)]
    assert values_of(episode) == {}, "looking writes nothing"

    mapping.map_code(**rw.OWN, **MEANS, by=lead)
    assert values_of(episode) == {"creatinine_umol_l": 82.0}
    assert groups(episode.service) == []
    assert SetAside.objects.count() == 1, "a stranger's result makes no person"
    assert "cannot be right" in rows()[2][1]
    later = rw.unread(person, "85", on=TODAY)
    world.deliver(episode.service, later, first)  # the first once more: known
    assert values_of(episode) == {"creatinine_umol_l": 85.0}
    assert FeedRow.objects.filter(record=first.source.record).count() == 1
    event = AuditEvent.objects.get(action="labcode.map", person="")
    assert (event.detail["results"], event.detail["taken_in"]) == (3, 1)


def test_a_meaning_is_ended_and_everything_of_it_is_taken_back(episode: Episode, lead: Actor) -> None:
    person = episode.person.demographics()
    world.deliver(episode.service, rw.unread(person, "82"), rw.unread(world.demographics(), "90"))
    wrong = mapping.map_code(**rw.OWN, field="vitamin_d_nmol_l", as_unit="nmol/l", by=lead)
    world.deliver(episode.service, rw.unread(person, "85", on=TODAY))
    assert values_of(episode) == {"vitamin_d_nmol_l": 85.0}
    mapping.end(lab_code=wrong, by=lead)
    assert values_of(episode) == {}
    assert (SetAside.objects.count(), HeldResult.objects.filter(lab_code=None).count()) == (0, 3)
    assert {outcome for outcome, _ in rows()} == {"rejected"}
    with pytest.raises(NotPossible, match="ended already"):
        mapping.end(lab_code=wrong, by=lead)
    mapping.map_code(**rw.OWN, **MEANS, by=lead)
    assert values_of(episode) == {"creatinine_umol_l": 85.0}


def test_whoever_it_concerns_is_looked_at_and_read_again(episode: Episode, lead: Actor) -> None:
    """A meaning changes what alerts rest on, and what others have read, of people whom nobody has touched."""
    other = world.confirmed(world.member(lead.service, username="other"))
    world.deliver(lead.service, rw.unread(episode.person.demographics(), "2.9"))
    Delivery.objects.update(finished_at=clock.now())

    def follows(later: datetime) -> tuple[set[object], set[str]]:
        """Who has changed since, and the alerts on calcium that stand."""
        high = Alert.objects.filter(rule="CA-HIGH", ended_at=None, episode=episode)
        return changed_since(lead.service, later), set(high.values_list("rule", flat=True))

    noon = world.at_noon(TODAY)
    with clock.at(noon + timedelta(days=1)):
        calcium = mapping.map_code(**rw.OWN, field="adjusted_calcium_mmol_l", as_unit="mmol/l", by=lead)
        assert follows(clock.now()) == ({episode.person_id}, {"CA-HIGH"})
    with clock.at(noon + timedelta(days=2)):
        mapping.end(lab_code=calcium, by=lead)
        assert follows(clock.now()) == ({episode.person_id}, set())
        assert changed_at([episode.person, other.person])[episode.person_id] == clock.now()


def test_a_correction_under_the_code_takes_the_place_of_the_first(episode: Episode, lead: Actor) -> None:
    person = episode.person.demographics()
    first = rw.unread(person, "820", version="1", record="result 7")
    second = rw.unread(person, "82", version="2", record="result 7")
    world.deliver(episode.service, first, second)
    mapping.map_code(**rw.OWN, **MEANS, by=lead)
    assert values_of(episode) == {"creatinine_umol_l": 82.0}


@pytest.mark.parametrize(
    ("sent", "field", "unit", "kept"),
    [
        ("µkat/L", "alp_u_l", "ukat/l", {"alp_u_l": 84.0}),
        ("µkat/L", "alp_u_l", "u/l", None),
        ("µkat/L", "creatinine_umol_l", "umol/l", None),
    ],
)
def test_a_unit_that_is_known_is_converted_or_refused(
    episode: Episode, lead: Actor, sent: str, field: str, unit: str, kept: dict[str, float] | None
) -> None:
    told = rw.unread(episode.person.demographics(), "1.4")
    assert told.unread is not None
    world.deliver(episode.service, replace(told, unread=replace(told.unread, unit=sent)))
    own = {**rw.OWN, "unit": sent}
    if kept is None:
        with pytest.raises(BadInput, match="another one than was sent"):
            mapping.map_code(**own, field=field, as_unit=unit, by=lead)
    else:
        mapping.map_code(**own, field=field, as_unit=unit, by=lead)
    assert values_of(episode) == (kept or {})


def test_a_code_of_no_use_is_not_asked_about_again(episode: Episode, lead: Actor) -> None:
    world.deliver(episode.service, rw.unread(episode.person.demographics()))
    mapping.map_code(**rw.OWN, field="", by=lead)
    world.deliver(episode.service, rw.unread(episode.person.demographics(), "83"))
    assert (groups(episode.service), values_of(episode)) == ([], {})
    assert all("of no use here" in reason for _, reason in rows())


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"field": "smoking"}, BadInput),
        ({"field": "creatinine_umol_l", "as_unit": "furlong"}, BadInput),
        ({"field": "creatinine_umol_l", "as_unit": "umol/l", "code": "K99"}, NotPossible),
    ],
)
def test_nothing_is_guessed(
    episode: Episode, lead: Actor, given: dict[str, Any], error: type[Exception]
) -> None:
    world.deliver(episode.service, rw.unread(episode.person.demographics()))
    with pytest.raises(error):
        mapping.map_code(**{**rw.OWN, **given}, by=lead)
    assert unit_like("creatinine_umol_l", "UMOL/L") == "umol/l"
    assert unit_like("creatinine_umol_l", rw.OWN["unit"]) is None


@pytest.mark.parametrize(
    ("code", "value", "unit", "expected"),
    [
        ("K12^Kreatinin^L", "82", "umol/l serum", "K12"),
        ("K12^Kreatinin^L", "haemolysed", "umol/L", ""),  # no number
        ("CREA^Creatinine^L", "82", "furlong", "CREA"),  # a unit that only they know
        ("2951-2^Sodium^LN", "140", "mmol/L", ""),  # a standard code: not the sender's own
        ("CREA^Creatinine^L", "82", "umol/L", "known"),  # its name is known
    ],
)
def test_the_reader_holds_numbers_under_codes_of_the_senders_own_alone(
    episode: Episode, code: str, value: str, unit: str, expected: str
) -> None:
    number = episode.person.identifiers.get().value
    text = MESSAGE.format(n=1, number=number, code=code, value=value, unit=unit)
    readings = list(read_bytes("lab.hl7", text.encode(), options_from(episode.service)))
    held = [each.unread.code for each in readings if isinstance(each, Rejection) and each.unread]
    assert held == ([expected] if expected not in ("", "known") else [])
    assert any(isinstance(each, Measured) for each in readings) is (expected == "known")
