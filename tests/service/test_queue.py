"""The list to confirm: its order, its parts, what comes next, and the same answer for several."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import world
from openfls.identification.feeds.evidence import Told, from_text
from openfls.record.feeds import Source, SourceKind
from openfls.record.reasons import NotForUs
from openfls.record.sites import Side, Site
from openfls.service.actions import finding, undoing
from openfls.service.actions.together import refute_each
from openfls.service.actor import Actor, NotAllowed
from openfls.service.feeds.loading import load_bytes
from openfls.service.models import AuditEvent, Episode, Fracture, Service, Verdict
from openfls.service.queue import Sort, Stream, Wish, chosen, neighbours, risk_of
from openfls.service.roles import Role
from openfls.service.worklist import episodes_of
from service import invariants
from service.feed_world import load, told

TODAY = world.TODAY


def listed(service: Service, **wish: str) -> list[str]:
    """Family names on the list to confirm, as it is wished for."""
    rows = chosen(episodes_of(service, "to-confirm", TODAY), Wish.of(wish), TODAY)
    return [row.person.family_name for row in rows]


def put(service: Service, name: str, days: int, site: Site) -> Episode:
    """A found fracture of somebody with a name."""
    person = world.demographics(family_name=name)
    return world.found(service, person=person, on=TODAY - timedelta(days=days), site=site)


@pytest.fixture
def people(service: Service) -> dict[str, Episode]:
    """Five people, in no order."""
    return {
        name: put(service, name, days, site)
        for name, days, site in (
            ("Cole", 50, Site.WRIST),
            ("Abel", 20, Site.HIP),
            ("Dunn", 80, Site.VERTEBRA),
            ("Byrd", 5, Site.ANKLE),
            ("Eady", 3, Site.VERTEBRA),
        )
    }


def test_orders(people: dict[str, Episode], service: Service) -> None:
    assert listed(service) == ["Dunn", "Cole", "Abel", "Byrd", "Eady"]
    assert listed(service, sort="risk") == ["Eady", "Abel", "Dunn", "Cole", "Byrd"]
    assert listed(service, sort="name") == ["Abel", "Byrd", "Cole", "Dunn", "Eady"]
    assert listed(service, sort="nonsense", site="nowhere") == listed(service)


def test_the_reason_stands_beside(people: dict[str, Episode]) -> None:
    words = {name: risk_of(episode, TODAY) for name, episode in people.items()}
    assert {name: risk.words if risk else "" for name, risk in words.items()} == {
        "Cole": "",
        "Abel": "hip, 20 days ago",
        "Dunn": "spine, 80 days ago",
        "Byrd": "",
        "Eady": "spine, 3 days ago",
    }


def test_parts(people: dict[str, Episode], service: Service) -> None:
    assert listed(service, site="vertebra") == ["Dunn", "Eady"]
    assert listed(service, site="vertebra", sort="risk") == ["Eady", "Dunn"]
    assert listed(service, triage="review") == []
    assert len(listed(service, triage="case")) == 5
    load(service, [told(world.demographics(family_name="Frey"), "ed 1", day=399, kind=SourceKind.EMERGENCY)])
    assert listed(service, source="emergency") == ["Frey"]
    assert "Frey" not in listed(service, source="radiology")


def test_two_bones_of_one_site_stand_once(service: Service) -> None:
    episode = put(service, "Both", 10, Site.WRIST)
    Fracture.objects.create(
        service=service,
        person=episode.person,
        episode=episode,
        on=episode.index_date,
        site=Site.WRIST,
        rank=9,
    )
    assert listed(service, site="wrist", source="radiology", sort="risk") == ["Both"]


def test_the_opportunistic_stream(service: Service) -> None:
    person = world.demographics(family_name="Chance")
    text = "CT chest\nClinical details: haemoptysis\n\nWedge fracture of T8."
    source = Source("ris", "r 1", SourceKind.RADIOLOGY)
    world.deliver(service, from_text(text, Told(source, person, TODAY - timedelta(days=4)), "CT chest"))
    sought = world.demographics(family_name="Sought")
    world.found(
        service, person=sought, site=Site.VERTEBRA, side=Side.NONE, text="XR lumbar spine. Fracture of L1."
    )
    episode = Episode.objects.get(person__family_name="Chance")
    assert episode.incidental == "seen on CT chest"
    assert listed(service, stream=Stream.INCIDENTAL) == ["Chance"]
    assert listed(service, stream=Stream.EXPECTED) == ["Sought"]
    # The emergency department knew of it too: it was not found by chance.
    world.deliver(
        service,
        told(person, "ed 2", day=397, site=Site.VERTEBRA, kind=SourceKind.EMERGENCY),
    )
    episode.refresh_from_db()
    assert (episode.incidental, Episode.objects.filter(person=episode.person).count()) == ("", 1)


def test_what_comes_next(people: dict[str, Episode], service: Service) -> None:
    rows = chosen(episodes_of(service, "to-confirm", TODAY), Wish(sort=Sort.NAME), TODAY)
    stands = neighbours(rows, people["Byrd"])
    assert (stands.place, stands.total, stands.following) == (2, 5, people["Cole"].pk)
    assert neighbours(rows, people["Eady"]).following is None
    finding.confirm(episode=people["Abel"], by=world.member(service))
    assert neighbours(rows, people["Abel"]).following == people["Byrd"].pk


def test_a_wish_comes_back_from_its_own_address() -> None:
    wish = Wish.of(
        {"site": "hip", "triage": "case", "source": "radiology", "stream": "expected", "sort": "risk"}
    )
    assert Wish.of(wish.query) == wish
    assert Wish().query == {}
    assert not Wish(sort=Sort.NAME).is_part


bones = st.lists(
    st.tuples(
        st.sampled_from([Site.WRIST, Site.HIP, Site.VERTEBRA]),
        st.sampled_from([0, 5, 20, 729, 730, 731, 900]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bones)
def test_the_database_orders_as_the_rule_does(today: None, bones: list[tuple[Site, int]]) -> None:
    from django.db import transaction

    with transaction.atomic():
        service = world.service()
        for number, (site, days) in enumerate(bones):
            put(service, f"P{number}", days, site)
        rows = list(chosen(episodes_of(service, "to-confirm", TODAY), Wish(sort=Sort.RISK), TODAY))

        def order(episode: Episode) -> tuple[object, ...]:
            risk = risk_of(episode, TODAY)
            return (risk is None, risk.days if risk else 0, episode.index_date, episode.pk)

        assert [row.pk for row in rows] == [row.pk for row in sorted(rows, key=order)]
        assert len(rows) == len(bones)
        transaction.set_rollback(True)


def states(service: Service) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Name, state and history of every episode."""
    return [
        (row.person.family_name, row.state, list(row.statuses.values_list("step", "reason")))
        for row in Episode.objects.filter(service=service).order_by("person__family_name")
    ]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.integers(0, 4)), st.sets(st.integers(0, 4)), st.sampled_from(list(NotForUs)))
def test_together_is_the_same_as_one_by_one(
    today: None, ticked: set[int], decided: set[int], reason: NotForUs
) -> None:
    from django.db import transaction

    def made(together: bool) -> tuple[object, ...]:
        with transaction.atomic():
            by = world.member(world.service())
            episodes = [put(by.service, f"P{number}", number, Site.WRIST) for number in range(5)]
            for number in sorted(decided):
                finding.confirm(episode=episodes[number], by=by)
            chosen_ones = [episodes[number] for number in sorted(ticked)]
            if together:
                done = refute_each(episodes=chosen_ones, reason=reason, words="so", by=by)
                problems = [each.episode.person.family_name for each in done if each.problem]
            else:
                problems = []
                for episode in chosen_ones:
                    try:
                        finding.refute(episode=episode, reason=reason, words="so", by=by)
                    except Exception:
                        problems.append(episode.person.family_name)
            events = list(AuditEvent.objects.order_by("pk").values_list("action", "user"))
            verdicts = list(Verdict.objects.order_by("pk").values_list("confirmed", "reason", "site"))
            for episode in episodes:
                invariants.check(episode.pk)
            shown = (states(by.service), problems, events, verdicts)
            transaction.set_rollback(True)
        return shown

    assert made(together=True) == made(together=False)


def test_each_of_several_can_be_undone(people: dict[str, Episode], nurse: Actor) -> None:
    done = refute_each(episodes=people.values(), reason=NotForUs.KNOWN, by=nurse)
    assert [each.problem for each in done] == [""] * 5
    undoing.undo(episode=people["Cole"], by=nurse)
    assert listed(nurse.service) == ["Cole"]


def test_who_may_not_may_not_do_it_together_either(people: dict[str, Episode], service: Service) -> None:
    viewer = world.member(service, Role.VIEWER, "viewer")
    with pytest.raises(NotAllowed):
        refute_each(episodes=people.values(), reason=NotForUs.KNOWN, by=viewer)
    assert len(listed(service)) == 5


def test_a_file_is_counted_as_before_with_its_reports_drawn(service: Service, nurse: Actor) -> None:
    service.audit_one_in = 1
    service.save()
    nurse.service.refresh_from_db()
    rows = ["nhs_number,family_name,birth_date,date,report,accession"]
    rows += [
        f"{world.nhs_number()},N{number},1950-03-01,2026-05-20,No bony injury of the wrist.,A{number}"
        for number in range(3)
    ]
    data = "\n".join(rows).encode()
    first = load_bytes("radiology.csv", data, by=nurse)
    again = load_bytes("radiology.csv", data, by=nurse)
    assert (first.read, first.new, first.known, first.left_out, first.other) == (3, 0, 0, 3, 0)
    assert (again.read, again.known, again.left_out) == (3, 3, 0)
    assert service.passed_over.count() == 3
