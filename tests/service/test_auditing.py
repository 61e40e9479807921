"""What information governance reads of the log, and what stands out in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import world
from openfls.record.pathway import NotPossible
from openfls.record.reasons import NotForUs
from openfls.service import audit, clock
from openfls.service.actions import finding
from openfls.service.actor import Actor
from openfls.service.auditing import reading
from openfls.service.auditing.odd import Odd, odd_access, reviews_of
from openfls.service.auditing.reviewing import review
from openfls.service.auditing.rules import rules
from openfls.service.auditing.terms import enciphered
from openfls.service.auditing.words import done, what
from openfls.service.feeds.merging import same_person
from openfls.service.models import AuditEvent, Person
from openfls.service.models.audit import Judged
from openfls.service.roles import Role
from service.auditing_world import at_night, look

DAYS = reading.Days.until(world.TODAY)


def _of(person: Person) -> list[tuple[str, str, bool]]:
    rows = reading.entries(reading.of_person(person, DAYS), of=person)
    return [(row.who, row.event.action, row.in_list) for row in rows]


def _odd(by: Actor) -> dict[str, Odd]:
    return {odd.rule: odd for odd in odd_access(by.service, DAYS) if odd.user == by.user}


def test_who_saw_a_person_alone_in_a_list_and_before_two_records_were_put_together(nurse: Actor) -> None:
    one, other, third = (world.found(nurse.service).person for _ in range(3))
    AuditEvent.objects.all().delete()
    viewer = world.member(nurse.service, Role.VIEWER, "viewer")
    look(nurse, one)
    audit.record(viewer, "worklist.view", subject="overdue", **audit.shown([one.pk, third.pk]))
    look(viewer, third)
    look(nurse, other)
    assert _of(one) == [
        ("Viewer Example", "worklist.view", True),
        ("Nurse Example", "person.view", False),
    ]
    with clock.at(clock.now() - timedelta(days=100)):
        look(viewer, one)
    assert len(_of(one)) == 2, "longer ago than the days asked for"
    same_person(keep=one, gone=other, words="The same address", by=nurse)
    assert [action for _, action, _ in _of(one)].count("person.view") == 2


def test_what_a_user_did_with_the_words_of_her_searches(nurse: Actor) -> None:
    audit.record(nurse, "people.search", found=3, terms=enciphered("Example"))
    audit.record(nurse, "letter.print", subject="letter 1")
    first, second = reading.entries(reading.of_user(nurse.service, "nurse", DAYS))
    assert (first.done, first.what, first.words) == ("Printed or took as a document", "a letter", None)
    assert (second.done, second.what, second.words, second.people) == (
        "Searched",
        "for people by name, number or date of birth",
        "Example",
        3,
    )


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("plan.agree", "Changed a plan was agreed"),
        ("scan_list.view", "Looked at the list of bone density scans"),
        ("page.refused", "Was refused page"),
        ("api.read", "Read by another system api: read"),
    ],
)
def test_an_event_in_words(action: str, words: str) -> None:
    assert f"{done(action)} {what(action)}" == words


def test_one_person_at_noon_with_an_open_episode_does_not_stand_out(nurse: Actor) -> None:
    look(nurse, world.found(nurse.service, person=world.demographics(family_name="Strange")).person)
    assert odd_access(nurse.service, DAYS) == []


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("Example", "Ada"), {"surname"}),
        (("EXAMPLE", "Nurse Mary"), {"surname", "own"}),
        (("Exampleton", "Nurse"), set()),
        (("", ""), set()),
    ],
)
def test_the_same_name_as_the_user(names: tuple[str, str], found: set[str], nurse: Actor) -> None:
    person = world.found(nurse.service).person
    person.family_name, person.given_name = names
    person.save()
    nurse.user.last_name = "" if not names[0] else "Example"
    nurse.user.save()
    look(nurse, person)
    assert set(_odd(nurse)) == found


def test_somebody_for_whom_nothing_is_to_be_done(nurse: Actor) -> None:
    person = _stranger(nurse)
    limit = rules()["no-episode"].numbers["days"]
    with clock.at(clock.now() + timedelta(days=limit)):
        look(nurse, person)
    assert _found_later(nurse, limit) == set()
    with clock.at(clock.now() + timedelta(days=limit + 1)):
        look(nurse, person)
    assert _found_later(nurse, limit + 1) == {"no-episode"}


def _found_later(by: Actor, days: int) -> set[str]:
    day = world.TODAY + timedelta(days=days)
    return {odd.rule for odd in odd_access(by.service, reading.Days(day, day))}


def _stranger(nurse: Actor) -> Person:
    episode = world.found(nurse.service, person=world.demographics(family_name="Strange"))
    finding.refute(episode=episode, reason=NotForUs.HIGH_ENERGY, words="", by=nurse)
    return episode.person


def test_at_night_by_the_clock_on_the_wall(nurse: Actor) -> None:
    person = world.found(nurse.service, person=world.demographics(family_name="Strange")).person
    # In June the clocks on the wall are an hour ahead of UTC.
    for hour in (5, 20):
        look(nurse, person, datetime(2026, 5, 30, hour, 59, tzinfo=UTC))
    assert _odd(nurse) == {}
    look(nurse, person, datetime(2026, 5, 30, 21, tzinfo=UTC))
    assert _odd(nurse)["night"].people == (str(person.pk),)


def test_many_people_within_the_time_and_files_with_many(
    nurse: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [
        world.found(nurse.service, person=world.demographics(family_name="Strange")).person for _ in range(3)
    ]
    for name in ("many", "taken"):
        monkeypatch.setitem(rules()[name].numbers, "most", 3)  # type: ignore[arg-type]
    start = clock.now()
    for minutes, person in zip((0, 30, 61), people, strict=True):
        look(nurse, person, start + timedelta(minutes=minutes))
    audit.record(nurse, "worklist.download", **audit.shown(each.pk for each in people[:2]))
    assert _odd(nurse) == {}
    look(nurse, people[0], start + timedelta(minutes=62))
    audit.record(nurse, "worklist.download", **audit.shown(each.pk for each in people))
    found = _odd(nurse)
    assert {rule: odd.count for rule, odd in found.items()} == {"many": 3, "taken": 1}


def test_who_is_refused_again_and_again_stands_out(nurse: Actor) -> None:
    most = rules()["refused"].numbers["most"]
    for _ in range(most - 1):
        audit.record(nurse, "page.refused", subject="person", why="absent")
    assert "refused" not in _odd(nurse)
    audit.record(nurse, "page.refused", subject="access", why="role")
    assert (_odd(nurse)["refused"].count, _odd(nurse)["refused"].people) == (most, ())


def test_a_named_person_reviews_it_and_the_newest_review_counts(nurse: Actor) -> None:
    manager = world.member(nurse.service, Role.MANAGER, "manager")
    odd = at_night(nurse, person=world.demographics(family_name="Strange"))
    assert reviews_of(nurse.service, [odd]) == {}
    with pytest.raises(NotPossible, match="to whom"):
        review(odd=odd, judged=Judged.REPORTED, words=" ", by=manager)
    review(odd=odd, judged=Judged.ASKED, words="By telephone", by=manager)
    review(odd=odd, judged=Judged.IN_ORDER, words="", by=manager)
    with pytest.raises(NotPossible, match="reviewed it since"):
        review(odd=odd, judged=Judged.IN_ORDER, words="", by=manager, seen=0)
    again = at_night(nurse, person=world.demographics(family_name="Strange"))
    newest = reviews_of(nurse.service, [again])[odd.key]
    assert (newest.judged, newest.by) == (Judged.IN_ORDER, manager.user)
    with pytest.raises(NotPossible, match="her own access"):
        review(odd=odd, judged=Judged.IN_ORDER, words="", by=Actor(nurse.service, Role.MANAGER, odd.user))
